//! SDK clients for the embedded services: the real ones, with an endpoint and fixed credentials.

use std::sync::LazyLock;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};

/// The access key that [`ObjectStore`](crate::ObjectStore) accepts.
pub const ACCESS_KEY: &str = "local";

/// The secret key that [`ObjectStore`](crate::ObjectStore) accepts. It protects nothing: only
/// this machine can reach the services.
pub const SECRET_KEY: &str = "local-secret";

/// The region that requests are signed for.
pub const REGION: &str = "us-east-1";

/// Without TLS, so that no client reads the machine's root certificates.
static HTTP: LazyLock<SharedHttpClient> =
    LazyLock::new(|| aws_smithy_http_client::Builder::new().build_http());

/// The configuration for a service at `endpoint`; nothing is taken from the environment.
#[must_use]
pub fn config(endpoint: &str) -> SdkConfig {
    let credentials = Credentials::new(ACCESS_KEY, SECRET_KEY, None, None, "local-stack");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(endpoint)
        .http_client(HTTP.clone())
        .region(Region::from_static(REGION))
        .build()
}

/// A client for DynamoDB at `endpoint`.
#[must_use]
pub fn dynamodb(endpoint: &str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(&config(endpoint))
}

/// A client for DynamoDB's streams at `endpoint`.
#[must_use]
pub fn dynamodb_streams(endpoint: &str) -> aws_sdk_dynamodbstreams::Client {
    aws_sdk_dynamodbstreams::Client::new(&config(endpoint))
}

/// A client for S3 at `endpoint`, which names buckets in the path.
#[must_use]
pub fn s3(endpoint: &str) -> aws_sdk_s3::Client {
    s3_from(&config(endpoint))
}

pub(crate) fn s3_from(config: &SdkConfig) -> aws_sdk_s3::Client {
    let config = aws_sdk_s3::config::Builder::from(config).force_path_style(true);
    aws_sdk_s3::Client::from_conf(config.build())
}
