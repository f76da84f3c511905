//! The secrets that `ingest-webhook` believes, in Secrets Manager.
//!
//! Invariant: secrets are never shown, and are removed only by [`SecretFile::keep_newest`],
//! [`SecretFile::keep_newest_of_signals`] and [`SecretFile::forget`].

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result, anyhow};
use aws_sdk_secretsmanager::Client;
use functions::ingest_webhook::secret_store::SECRETS_FORM;
use serde::{Deserialize, Serialize};

/// What the secret holds. The newest of several comes last.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretForm {
    #[serde(default)]
    subscriptions: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    signals: Vec<String>,
}

/// The secrets, as they were read and changed since.
#[derive(Clone)]
pub struct SecretFile {
    client: Client,
    secret_id: String,
    content: SecretForm,
}

impl fmt::Debug for SecretFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretFile").field("secret_id", &self.secret_id).finish_non_exhaustive()
    }
}

impl SecretFile {
    /// Reads the secret. One without a value yet is empty.
    ///
    /// # Errors
    /// When it cannot be read, or is not of the form that `ingest-webhook` reads.
    pub async fn read(client: Client, secret_id: &str) -> Result<SecretFile> {
        let secret_id = secret_id.to_owned();
        let content = match client.get_secret_value().secret_id(&secret_id).send().await {
            Ok(answer) => {
                let text = answer.secret_string.unwrap_or_default();
                serde_json::from_str(&text).map_err(|_would_tell| {
                    anyhow!(
                        "the secret {secret_id} is not JSON like {SECRETS_FORM}: fix it in Secrets \
                         Manager"
                    )
                })?
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) =>
            {
                SecretForm::default()
            }
            Err(error) => {
                let error = aws_sdk_secretsmanager::Error::from(error);
                return Err(error).with_context(|| format!("cannot read the secret {secret_id}"));
            }
        };
        Ok(SecretFile { client, secret_id, content })
    }

    /// Writes the secrets as they are now.
    ///
    /// # Errors
    /// When it is not certain that they are written.
    pub async fn write(&self) -> Result<()> {
        let text = serde_json::to_string(&self.content)?;
        let put = self.client.put_secret_value().secret_id(&self.secret_id).secret_string(text);
        let written = put.send().await.map_err(aws_sdk_secretsmanager::Error::from);
        written.map(drop).with_context(|| {
            format!("cannot write the secret {}: is the stack deployed?", self.secret_id)
        })
    }

    /// The newest secret of a subscription.
    pub fn newest(&self, subscription: &str) -> Option<&str> {
        self.content.subscriptions.get(subscription)?.last().map(String::as_str)
    }

    /// How many secrets of a subscription are believed.
    pub fn count(&self, subscription: &str) -> usize {
        self.content.subscriptions.get(subscription).map_or(0, Vec::len)
    }

    /// How many secrets of signals are believed.
    pub fn count_of_signals(&self) -> usize {
        self.content.signals.len()
    }

    /// Believes one more secret of a subscription.
    pub fn add(&mut self, subscription: &str, secret: String) {
        self.content.subscriptions.entry(subscription.to_owned()).or_default().push(secret);
    }

    /// Believes one more secret of signals.
    pub fn add_for_signals(&mut self, secret: String) {
        self.content.signals.push(secret);
    }

    /// Believes only the newest secret of a subscription from now on.
    pub fn keep_newest(&mut self, subscription: &str) {
        if let Some(secrets) = self.content.subscriptions.get_mut(subscription) {
            secrets.drain(..secrets.len().saturating_sub(1));
        }
    }

    /// Believes only the newest secret of signals from now on.
    pub fn keep_newest_of_signals(&mut self) {
        let older = self.content.signals.len().saturating_sub(1);
        self.content.signals.drain(..older);
    }

    /// Removes the secrets of a subscription that was deleted.
    pub fn forget(&mut self, subscription: &str) -> bool {
        self.content.subscriptions.remove(subscription).is_some()
    }
}
