//! How requests are sent: with a token, and again where that may help.
//!
//! Invariant: a request that changes something is sent again only where a second one does no harm.
//! A creation is sent once: a caller who does not know whether it happened finds the subscription
//! in the list by its name.

use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::credentials::{Credentials, Tokens};
use super::error::{Operation, SubscriptionsError};

/// How often a request is made at most.
const ATTEMPTS: u32 = 4;
/// A request that takes longer gets no answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// How long to wait after failures.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The longest `Retry-After` that is waited for.
    pub longest_wait: Duration,
    /// The pause after the first failure; each further one doubles it.
    pub first_pause: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { longest_wait: Duration::from_secs(30), first_pause: Duration::from_millis(250) }
    }
}

/// Sends requests to the API at one address.
#[derive(Debug)]
pub(super) struct Requests {
    http: Client,
    address: String,
    tokens: Tokens,
    patience: Patience,
}

impl Requests {
    pub(super) fn new(
        address: &str,
        credentials: Credentials,
        patience: Patience,
    ) -> Result<Requests, SubscriptionsError> {
        let http = Client::builder().timeout(ANSWERED_WITHIN).build();
        let http = http.map_err(SubscriptionsError::NoClient)?;
        let tokens = Tokens::new(credentials);
        let address = address.trim_end_matches('/').to_owned();
        Ok(Requests { http, address, tokens, patience })
    }

    /// Sends a request, and reads its answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, SubscriptionsError> {
        let answer = self.send(operation, method, path, body.as_ref()).await?;
        let bytes = answer.bytes().await;
        let bytes =
            bytes.map_err(|source| SubscriptionsError::Unreachable { operation, source })?;
        serde_json::from_slice(&bytes)
            .map_err(|source| SubscriptionsError::Malformed { operation, source })
    }

    /// Sends a request until it is answered with success, cannot be, or patience ends.
    pub(super) async fn send(
        &self,
        operation: Operation,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Response, SubscriptionsError> {
        let url = format!("{}/v2/{path}", self.address);
        let may_repeat = method != Method::POST;
        let mut renewed = false;
        let mut attempt = 1;
        loop {
            let token = self.tokens.current(&self.http).await?;
            let request = self.http.request(method.clone(), &url).bearer_auth(token);
            let request = request.header(header::ACCEPT, "application/json");
            let request = match body {
                Some(body) => {
                    request.header(header::CONTENT_TYPE, "application/json").body(body.to_string())
                }
                None => request,
            };
            let (wait, error) = match request.send().await {
                Ok(answer) if answer.status().is_success() => return Ok(answer),
                Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED => {
                    if renewed || !self.tokens.forget() {
                        return Err(SubscriptionsError::Unauthorized);
                    }
                    renewed = true;
                    continue;
                }
                Ok(answer) if answer.status() == StatusCode::TOO_MANY_REQUESTS => {
                    let wait = retry_after(&answer).unwrap_or(self.pause(attempt));
                    (Some(wait), SubscriptionsError::Throttled { operation, wait })
                }
                Ok(answer) if answer.status().is_server_error() => {
                    let status = answer.status().as_u16();
                    let wait = retry_after(&answer).unwrap_or(self.pause(attempt));
                    let failed =
                        SubscriptionsError::Failed { operation, status, attempts: attempt };
                    (may_repeat.then_some(wait), failed)
                }
                Ok(answer) => return Err(SubscriptionsError::refused(operation, answer).await),
                Err(source) => {
                    let wait = may_repeat.then(|| self.pause(attempt));
                    (wait, SubscriptionsError::Unreachable { operation, source })
                }
            };
            match wait.filter(|&wait| attempt < ATTEMPTS && wait <= self.patience.longest_wait) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
            attempt += 1;
        }
    }

    fn pause(&self, attempt: u32) -> Duration {
        self.patience.first_pause * 2_u32.pow(attempt.saturating_sub(1))
    }
}

/// The header in seconds; its other form, a date, is not used by Webex.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
