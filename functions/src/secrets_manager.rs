//! Secrets as Secrets Manager has them.
//!
//! Invariant: what a secret holds appears in no error.

use aws_sdk_secretsmanager::Client;
use thiserror::Error;

/// Why a secret could not be read.
#[derive(Debug, Error)]
#[error("Secrets Manager did not give {secret_id}")]
pub struct SecretUnavailable {
    /// The secret's name or ARN.
    secret_id: String,
    /// Why not.
    #[source]
    source: Box<aws_sdk_secretsmanager::Error>,
}

/// The text of the secret with that name or ARN.
///
/// # Errors
/// When it cannot be read.
pub(crate) async fn read_secret(
    client: &Client,
    secret_id: &str,
) -> Result<String, SecretUnavailable> {
    match client.get_secret_value().secret_id(secret_id).send().await {
        Ok(answer) => Ok(answer.secret_string.unwrap_or_default()),
        Err(error) => Err(SecretUnavailable {
            secret_id: secret_id.to_owned(),
            source: Box::new(error.into()),
        }),
    }
}
