//! Clients of AWS services, set up alike everywhere.

use aws_sdk_s3::Client;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// HTTPS by rustls and ring.
pub fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// A client of S3. With a custom endpoint the bucket stands in the path: services other than AWS
/// rarely have a host name for each bucket.
pub fn s3(sdk: &SdkConfig) -> Client {
    let endpoint_of_s3 = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build();
    let endpoint_of_s3 = sdk.service_config().zip(endpoint_of_s3.ok());
    let is_custom = sdk.endpoint_url().is_some()
        || endpoint_of_s3.is_some_and(|(config, key)| config.load_config(key).is_some());
    let config = aws_sdk_s3::config::Builder::from(sdk).force_path_style(is_custom);
    Client::from_conf(config.build())
}
