//! A stand-in for Webex: signs bodies as v2 subscriptions do, and posts them.

use anyhow::{Context, Result, ensure};
use functions::config::now;
use functions::ingest_webhook::signals::SECRET_HEADER;
use lambda_http::{Body, Request, http};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use task_timeline::{EpochMs, Id};
use webhook::{Secret, Secrets, SignedDelivery};

/// The subscription that the demo of a local stack posts as.
pub(crate) const SUBSCRIPTION: &str = "local-stack";

/// Sends webhooks to a local stack.
#[derive(Clone, Debug)]
pub struct Webex {
    client: Client,
    url: String,
    secret: String,
    signal_secret: String,
}

impl Webex {
    /// A sender to the functions below `url` that signs with `secret`, and sends it with signals.
    #[must_use]
    pub fn new(url: &str, secret: &str) -> Self {
        let (secret, signal_secret) = (secret.to_owned(), secret.to_owned());
        Self { client: Client::new(), url: url.to_owned(), secret, signal_secret }
    }

    /// A sender to the functions below `url` with the first secret of the subscription
    /// `local-stack`, and the first of signals.
    ///
    /// # Errors
    ///
    /// When one of both is missing.
    pub fn with_secrets(url: &str, secrets: &Secrets) -> Result<Self> {
        let of_subscription = secrets.subscriptions.get(SUBSCRIPTION).and_then(|of| of.first());
        let lacks = || format!("there is no secret for the subscription {SUBSCRIPTION}");
        let secret = of_subscription.with_context(lacks)?.exposed();
        let signal_secret = secrets.signals.first().context("there is no secret for signals")?;
        let signal_secret = signal_secret.exposed().to_owned();
        Ok(Self { signal_secret, ..Self::new(url, secret) })
    }

    /// The secrets with which a stack accepts this sender: as a subscription, and as a flow.
    ///
    /// # Errors
    ///
    /// When the secret is empty.
    pub fn secrets(secret: &str) -> Result<Secrets> {
        serde_json::from_value(secrets_json(secret)).context("no secret")
    }

    /// The event in `body` as a v2 subscription would post it now: with this subscription as its
    /// source, dispatched and signed at this moment. The event stays the same.
    ///
    /// # Errors
    ///
    /// When the body is no JSON object, or the secret is empty.
    pub fn request(&self, body: &str) -> Result<Request> {
        let envelope = serde_json::from_str(body)?;
        let secret = Secret::try_from(self.secret.clone())?;
        let signed = SignedDelivery::new(envelope, SUBSCRIPTION, &secret, now());
        let request = http::Request::post(format!("{}/webhooks", self.url))
            .header("content-type", "application/json");
        let request = signed
            .headers
            .into_iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        Ok(request.body(Body::Text(signed.body))?)
    }

    /// Posts [`Webex::request`].
    ///
    /// # Errors
    ///
    /// When the body is no JSON object, or nobody answers.
    pub async fn deliver(&self, body: &str) -> Result<Response> {
        let (parts, body) = self.request(body)?.into_parts();
        let request = self.client.request(parts.method, parts.uri.to_string());
        Ok(request.headers(parts.headers).body(body.to_vec()).send().await?)
    }

    /// Posts a signal that the caller of `task` asked for a callback, as a flow does.
    ///
    /// # Errors
    ///
    /// When nobody answers.
    pub async fn signal_callback(&self, org: &Id, task: &str, at: EpochMs) -> Result<Response> {
        let signal = json!({ "orgId": org.to_string(), "taskId": task, "requestedAt": at.0 });
        let request = self
            .client
            .post(format!("{}/signals/callback-requested", self.url))
            .header(SECRET_HEADER, &self.signal_secret)
            .header("content-type", "application/json");
        Ok(request.body(signal.to_string()).send().await?)
    }
}

/// The secrets of a stack, in the form in which Secrets Manager has them.
pub(crate) fn secrets_json(secret: &str) -> Value {
    json!({ "subscriptions": { SUBSCRIPTION: [secret] }, "signals": [secret] })
}

/// That an answer accepts what was delivered.
///
/// # Errors
///
/// When it does not.
pub async fn accepted(answer: Response) -> Result<()> {
    ensure!(answer.status().is_success(), "not accepted: {}", answer.text().await?);
    Ok(())
}
