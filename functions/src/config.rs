//! Every environment variable, read once, and the clients made from them.
//!
//! Invariant: a missing variable is named and nothing starts; there is no fallback. The SDK's own
//! variables (region, credentials, `AWS_ENDPOINT_URL` and its like for a single service) are the
//! SDK's to read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_account::clients::http_client;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use task_timeline::EpochMs;
use thiserror::Error;

use crate::ingest_webhook::secret_store::{SecretError, SecretStore};
use crate::serve_wallboard::UncertainAfter;
use crate::store::bucket::Bucket;
use crate::store::task_table::TaskTable;

/// What every function needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `TABLE_NAME`: the DynamoDB table.
    pub table: String,
    /// `BUCKET_NAME`: the S3 bucket.
    pub bucket: String,
}

/// A variable that is missing, empty or not of the form that it must have.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("the environment variable {name} is not set as it must be")]
pub struct MissingVariable {
    name: &'static str,
}

impl Config {
    /// The configuration from the environment.
    ///
    /// # Errors
    /// When a variable is missing.
    pub fn from_env() -> Result<Config, MissingVariable> {
        Ok(Config { table: variable("TABLE_NAME")?, bucket: variable("BUCKET_NAME")? })
    }

    /// The table.
    pub fn task_table(&self, sdk: &SdkConfig) -> TaskTable {
        TaskTable::new(aws_sdk_dynamodb::Client::new(sdk), self.table.clone())
    }

    /// The bucket.
    pub fn bucket(&self, sdk: &SdkConfig) -> Bucket {
        Bucket::new(aws_account::clients::s3(sdk), self.bucket.clone())
    }
}

/// The secrets that `SECRETS_ID` names in Secrets Manager.
///
/// # Errors
/// When the variable is missing, or the secrets cannot be read.
pub async fn secrets(sdk: &SdkConfig) -> Result<SecretStore, SecretsUnavailable> {
    let secret_id = variable("SECRETS_ID")?;
    Ok(SecretStore::open(aws_sdk_secretsmanager::Client::new(sdk), secret_id).await?)
}

/// After how many seconds in a phase a call is uncertain: `UNCERTAIN_AFTER_S` in a queue,
/// `UNCERTAIN_RINGING_S`, `UNCERTAIN_DIALING_S`, `UNCERTAIN_WITH_AGENT_S` and `UNCERTAIN_IN_FLOW_S`.
///
/// # Errors
/// When a variable is missing, or no number.
pub fn uncertain_after() -> Result<UncertainAfter, MissingVariable> {
    Ok(UncertainAfter {
        queued_ms: seconds_in_ms("UNCERTAIN_AFTER_S")?,
        ringing_ms: seconds_in_ms("UNCERTAIN_RINGING_S")?,
        dialing_ms: seconds_in_ms("UNCERTAIN_DIALING_S")?,
        with_agent_ms: seconds_in_ms("UNCERTAIN_WITH_AGENT_S")?,
        in_flow_ms: seconds_in_ms("UNCERTAIN_IN_FLOW_S")?,
    })
}

fn seconds_in_ms(name: &'static str) -> Result<i64, MissingVariable> {
    let seconds: u32 = variable(name)?.parse().map_err(|_no_number| MissingVariable { name })?;
    Ok(i64::from(seconds) * 1_000)
}

/// The subscriptions that Webex should have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchConfig {
    /// `WEBEX_ID`: the secret with the OAuth credentials.
    pub webex: String,
    /// `SUBSCRIPTIONS_URL`: the API, like `https://api.wxcc-us1.cisco.com`.
    pub api: String,
    /// `WEBHOOK_URL`: where the subscriptions must deliver to.
    pub destination: String,
}

impl WatchConfig {
    /// The configuration from the environment.
    ///
    /// # Errors
    /// When a variable is missing.
    pub fn from_env() -> Result<WatchConfig, MissingVariable> {
        Ok(WatchConfig {
            webex: variable("WEBEX_ID")?,
            api: variable("SUBSCRIPTIONS_URL")?,
            destination: variable("WEBHOOK_URL")?,
        })
    }
}

/// Why there are no secrets.
#[derive(Debug, Error)]
pub enum SecretsUnavailable {
    /// The variable that names them is missing.
    #[error(transparent)]
    Missing(#[from] MissingVariable),
    /// They cannot be read.
    #[error(transparent)]
    Unreadable(#[from] SecretError),
}

/// The SDK's usual configuration with short time-outs: a request that takes a second will not be
/// answered, and Webex waits for five.
pub async fn sdk() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client())
        .timeout_config(impatient())
        .retry_config(persistent())
        .load()
        .await
}

/// Time-outs for requests that a sender or a reader waits for.
pub fn impatient() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_millis(500))
        .operation_attempt_timeout(Duration::from_millis(1_000))
        .build()
}

/// Retries that begin after a few milliseconds: throttling is short, and a deadline ends them.
pub fn persistent() -> RetryConfig {
    RetryConfig::standard()
        .with_max_attempts(6)
        .with_initial_backoff(Duration::from_millis(25))
        .with_max_backoff(Duration::from_millis(500))
}

/// The time of day; the only clock of the functions.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub fn now() -> EpochMs {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    EpochMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
fn variable(name: &'static str) -> Result<String, MissingVariable> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).ok_or(MissingVariable { name })
}
