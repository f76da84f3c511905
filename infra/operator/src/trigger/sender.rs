//! Posts webhooks and signals as Webex and a flow do.

use anyhow::{Context, Result, ensure};
use aws_account::secret::new_secret;
use functions::config::now;
use functions::ingest_webhook::signals::SECRET_HEADER;
use reqwest::{Client, RequestBuilder};
use serde_json::{Map, Value, json};
use task_timeline::EpochMs;
use webhook::{Secret, Secrets, SignedDelivery};

/// A subscription and a flow in one, which know the newest secrets.
#[derive(Debug)]
pub struct Sender {
    client: Client,
    url: String,
    subscription: String,
    secret: Secret,
    signals: Option<Secret>,
}

impl Sender {
    /// A sender to the stack at `url`, as the first of the subscriptions that have a secret.
    ///
    /// # Errors
    /// When no subscription has one.
    pub fn new(url: &str, secrets: Secrets) -> Result<Sender> {
        let newest = |secrets: &Vec<Secret>| secrets.last().cloned();
        let mut subscriptions = secrets.subscriptions.into_iter();
        let known = subscriptions.find_map(|(id, secrets)| Some((id, newest(&secrets)?)));
        let (subscription, secret) = known.context("no subscription has a secret")?;
        let url = url.trim_end_matches('/').to_owned();
        Ok(Sender {
            client: Client::new(),
            url,
            subscription,
            secret,
            signals: newest(&secrets.signals),
        })
    }

    /// Posts an event of a task that happened at `at`, with `more` members of its data.
    ///
    /// # Errors
    /// When it is not accepted.
    pub async fn deliver(
        &self,
        org: &str,
        task: &str,
        kind: &str,
        at: EpochMs,
        more: &Map<String, Value>,
    ) -> Result<()> {
        let mut data = Map::from_iter([
            ("taskId".to_owned(), task.into()),
            ("createdTime".to_owned(), at.0.into()),
        ]);
        data.extend(more.clone());
        let envelope = Map::from_iter([
            ("id".to_owned(), new_secret()?.into()),
            ("specversion".to_owned(), "1.0".into()),
            ("type".to_owned(), kind.into()),
            ("comciscoorgid".to_owned(), org.into()),
            ("datacontenttype".to_owned(), "application/json".into()),
            ("data".to_owned(), data.into()),
        ]);
        let signed = SignedDelivery::new(envelope, &self.subscription, &self.secret, now());
        let post = self.client.post(format!("{}/webhooks", self.url)).body(signed.body);
        self.send(
            signed.headers.into_iter().fold(post, |post, (name, value)| post.header(name, value)),
        )
        .await
    }

    /// Posts the signal that the caller asked for a callback at `at`.
    ///
    /// # Errors
    /// When there is no secret for signals, or it is not accepted.
    pub async fn signal(&self, org: &str, task: &str, at: EpochMs) -> Result<()> {
        let body = json!({ "orgId": org, "taskId": task, "requestedAt": at.0 });
        self.post_signal("callback-requested", &body).await
    }

    /// Posts the signal that a dial of the customer failed at `at`, for the last time or not.
    ///
    /// # Errors
    /// When there is no secret for signals, or it is not accepted.
    pub async fn dial_failed(
        &self,
        org: &str,
        task: &str,
        at: EpochMs,
        is_final: bool,
    ) -> Result<()> {
        let body = json!({ "orgId": org, "taskId": task, "failedAt": at.0, "final": is_final });
        self.post_signal("callback-failed", &body).await
    }

    async fn post_signal(&self, name: &str, body: &Value) -> Result<()> {
        let secret = self.signals.as_ref().context("there is no secret for signals")?;
        let post = self.client.post(format!("{}/signals/{name}", self.url)).body(body.to_string());
        self.send(post.header(SECRET_HEADER, secret.exposed())).await
    }

    async fn send(&self, post: RequestBuilder) -> Result<()> {
        let answer = post.header("content-type", "application/json").send().await;
        let answer = answer.with_context(|| format!("nobody answers at {}", self.url))?;
        let status = answer.status();
        ensure!(status.is_success(), "{} says {status}: {}", self.url, answer.text().await?);
        Ok(())
    }
}
