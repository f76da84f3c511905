//! The SDK's configuration for the fakes.

use aws_account::clients::http_client;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_secretsmanager::config::{Credentials, SharedCredentialsProvider};
use wiremock::MockServer;

/// For a service at `server`; nothing is taken from the environment.
pub(crate) fn sdk(server: &MockServer) -> SdkConfig {
    let credentials = Credentials::new("local", "local-secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .endpoint_url(server.uri())
        .http_client(http_client())
        .region(Region::from_static("us-east-1"))
        .build()
}
