//! The secrets in use, read at start, and again when a delivery does not fit them.
//!
//! Invariant: a secret that was added takes effect within [`REREAD_AFTER`] of the first delivery
//! that needs it, so that rotation loses no delivery; a flood of forgeries reads them no more
//! often.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::Client;
use thiserror::Error;
use webhook::Secrets;

use crate::error_chain::Chain;
use crate::secrets_manager::{SecretUnavailable, read_secret};

/// How old secrets must be before they are read again for a delivery that they do not prove.
pub const REREAD_AFTER: Duration = Duration::from_secs(30);

/// What the secret looks like, for errors.
pub const SECRETS_FORM: &str =
    r#"{"subscriptions": {"<id>": ["<secret>"]}, "signals": ["<secret>"]}"#;

/// Where the secrets come from, and the ones read last.
#[derive(Debug)]
pub struct SecretStore {
    origin: Origin,
    current: RwLock<(Arc<Secrets>, Instant)>,
}

#[derive(Debug)]
enum Origin {
    Fixed,
    Manager { client: Client, secret_id: String },
}

/// Why there are no secrets.
#[derive(Debug, Error)]
pub enum SecretError {
    /// Secrets Manager did not give them.
    #[error(transparent)]
    Unavailable(#[from] SecretUnavailable),
    /// The secrets are not the JSON that they should be. The error does not show them.
    #[error("{origin} is not JSON like {SECRETS_FORM}: see line {line}, column {column}")]
    Malformed {
        /// Where they come from.
        origin: String,
        /// The line at fault, from 1.
        line: usize,
        /// The place in it, in bytes.
        column: usize,
    },
}

impl SecretStore {
    /// Secrets that do not change.
    pub fn fixed(secrets: Secrets) -> SecretStore {
        SecretStore::new(Origin::Fixed, secrets)
    }

    /// The secrets in Secrets Manager under `secret_id`.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn open(client: Client, secret_id: String) -> Result<SecretStore, SecretError> {
        let secrets = read(&client, &secret_id).await?;
        Ok(SecretStore::new(Origin::Manager { client, secret_id }, secrets))
    }

    fn new(origin: Origin, secrets: Secrets) -> SecretStore {
        SecretStore { origin, current: RwLock::new((Arc::new(secrets), Instant::now())) }
    }

    /// The secrets read last.
    pub fn current(&self) -> Arc<Secrets> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner).0)
    }

    /// Reads the secrets again, unless that was done a moment ago; `None` if nothing is new.
    pub async fn reread(&self) -> Option<Arc<Secrets>> {
        let Origin::Manager { client, secret_id } = &self.origin else { return None };
        {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            if current.1.elapsed() < REREAD_AFTER {
                return None;
            }
            current.1 = Instant::now();
        }
        match read(client, secret_id).await {
            Ok(secrets) => {
                let secrets = Arc::new(secrets);
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                current.0 = Arc::clone(&secrets);
                Some(secrets)
            }
            Err(error) => {
                tracing::error!(error = %Chain(&error), "old secrets stay");
                None
            }
        }
    }
}

async fn read(client: &Client, secret_id: &str) -> Result<Secrets, SecretError> {
    secrets_in(&read_secret(client, secret_id).await?, &format!("the secret {secret_id}"))
}

/// The secrets in a text like [`SECRETS_FORM`]. `origin` says where it comes from, for the error.
///
/// # Errors
/// When it is not such a text, or a secret is empty.
pub fn secrets_in(text: &str, origin: &str) -> Result<Secrets, SecretError> {
    serde_json::from_str(text).map_err(|error| SecretError::Malformed {
        origin: origin.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}
