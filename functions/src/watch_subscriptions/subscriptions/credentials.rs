//! The OAuth credentials of the integration, and the access token that they give.
//!
//! Invariant: neither is ever shown; `Debug` is redacted.
//!
//! Source: Webex' guide to integrations: an access token lives 14 days; a refresh token stays the
//! same and lives 90 days from its last use.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_sdk_secretsmanager::Client as SecretsManager;
use reqwest::Client;
use serde::Deserialize;
use thiserror::Error;

use crate::secrets_manager::{SecretUnavailable, read_secret};

/// Where Webex gives access tokens for refresh tokens.
pub const TOKEN_URL: &str = "https://webexapis.com/v1/access_token";
/// A token that expires within this is not used any more.
const RESERVE: Duration = Duration::from_secs(60);

/// What the secret `WEBEX_ID` holds, as JSON.
#[derive(Clone, Deserialize)]
#[serde(untagged, rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Credentials {
    /// `{"clientId", "clientSecret", "refreshToken"}`, and `tokenUrl` where it is not Webex' own.
    Refresh {
        /// The integration's id.
        client_id: String,
        /// Its secret.
        client_secret: String,
        /// What an administrator's consent gave.
        refresh_token: String,
        /// Where access tokens are.
        #[serde(default = "token_url")]
        token_url: String,
    },
    /// `{"accessToken"}`: good for 14 days at most, for a trial.
    Token {
        /// The token.
        access_token: String,
    },
}

fn token_url() -> String {
    TOKEN_URL.to_owned()
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// Why there is no access token.
#[derive(Debug, Error)]
pub enum CredentialsError {
    /// Secrets Manager did not give the credentials.
    #[error(transparent)]
    Unavailable(#[from] SecretUnavailable),
    /// The secret is not the JSON that it should be. What it is does not appear here.
    #[error(
        "the secret {secret_id} is neither {{\"clientId\": …, \"clientSecret\": …, \
         \"refreshToken\": …}} nor {{\"accessToken\": …}}: put the integration's tokens into it"
    )]
    Malformed {
        /// The secret's name or ARN.
        secret_id: String,
    },
    /// Webex does not give a token for these credentials.
    #[error(
        "Webex gives no access token for these credentials ({status}): the refresh token expires \
         90 days after its last use; authorize the integration again, and put its new tokens into \
         the secret that WEBEX_ID names"
    )]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// Webex did not answer.
    #[error("no answer to the request for an access token")]
    Unreachable(#[source] reqwest::Error),
    /// The answer is not what is documented. What it is does not appear here.
    #[error("the answer to the request for an access token holds none")]
    NoToken,
}

impl Credentials {
    /// The credentials in Secrets Manager under `secret_id`.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn read(
        client: &SecretsManager,
        secret_id: &str,
    ) -> Result<Credentials, CredentialsError> {
        let text = read_secret(client, secret_id).await?;
        let malformed = |_would_tell| {
            let secret_id = secret_id.to_owned();
            CredentialsError::Malformed { secret_id }
        };
        serde_json::from_str(&text).map_err(malformed)
    }
}

/// Gives access tokens, each for as long as it lives.
pub(super) struct Tokens {
    credentials: Credentials,
    current: Mutex<Option<(String, Instant)>>,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(…)")
    }
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: u64,
}

impl Tokens {
    pub(super) fn new(credentials: Credentials) -> Tokens {
        Tokens { credentials, current: Mutex::new(None) }
    }

    /// A token that should be good.
    pub(super) async fn current(&self, http: &Client) -> Result<String, CredentialsError> {
        let (client_id, client_secret, refresh_token, token_url) = match &self.credentials {
            Credentials::Token { access_token } => return Ok(access_token.clone()),
            Credentials::Refresh { client_id, client_secret, refresh_token, token_url } => {
                (client_id, client_secret, refresh_token, token_url)
            }
        };
        if let Some((token, until)) = self.locked().as_ref()
            && Instant::now() < *until
        {
            return Ok(token.clone());
        }
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", client_id),
            ("client_secret", client_secret),
            ("refresh_token", refresh_token),
        ];
        let answer = http.post(token_url).form(&form).send().await;
        let answer = answer.map_err(CredentialsError::Unreachable)?;
        if !answer.status().is_success() {
            return Err(CredentialsError::Refused { status: answer.status().as_u16() });
        }
        let bytes = answer.bytes().await.map_err(CredentialsError::Unreachable)?;
        let granted: Granted =
            serde_json::from_slice(&bytes).map_err(|_would_tell| CredentialsError::NoToken)?;
        let lives = Duration::from_secs(granted.expires_in).saturating_sub(RESERVE);
        *self.locked() = Some((granted.access_token.clone(), Instant::now() + lives));
        Ok(granted.access_token)
    }

    /// Forgets a token that was not accepted. Returns whether there can be another one.
    pub(super) fn forget(&self) -> bool {
        *self.locked() = None;
        matches!(self.credentials, Credentials::Refresh { .. })
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Option<(String, Instant)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
