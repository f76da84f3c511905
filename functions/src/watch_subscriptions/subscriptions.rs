//! Webex' Subscriptions API, version 2: who is told what, and where.
//!
//! Invariant: a request that changes something is sent again only where a second one does no harm.
//! Creating is not: who does not know whether it happened looks at the list, where subscriptions
//! have names.
//!
//! Source: the public `OpenAPI` description of Webex Contact Center, `/v2/subscriptions` and
//! `/v2/event-types`.

use std::time::Duration;

use reqwest::{Client, Method, Response, StatusCode, header};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use task_timeline::EpochMs;

mod credentials;
mod error;
mod need;

pub use self::credentials::{Credentials, CredentialsError, TOKEN_URL};
pub use self::error::SubscriptionsError;
pub use self::need::{Need, Resource, Standing, needs, standings};

use self::credentials::Tokens;
use self::error::Task;

/// How many subscriptions an organization may have, of both versions of the API together.
pub const MOST_SUBSCRIPTIONS: usize = 20;
/// How often a request is made at most.
const ATTEMPTS: u32 = 4;
/// A request that takes longer gets no answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);

/// The API, for one organization.
#[derive(Debug)]
pub struct Subscriptions {
    http: Client,
    address: String,
    tokens: Tokens,
    patience: Patience,
}

/// How long failures are waited out.
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

/// A subscription as it is. Its secret cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id, the last part of `source` in what it delivers.
    pub id: String,
    /// What its creator called it; cannot be changed.
    pub name: String,
    /// The types that it delivers.
    pub event_types: Vec<String>,
    /// Where it delivers to.
    pub destination_url: String,
    /// Whether it delivers.
    pub status: Status,
    /// `resource:version`.
    #[serde(default)]
    pub resource_version: String,
    /// When it was last changed, by whomever.
    #[serde(default, rename = "lastUpdatedTime")]
    pub last_updated: Option<EpochMs>,
}

/// Whether a subscription delivers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It does.
    Active,
    /// It does not: somebody stopped it, or Webex did after errors.
    Inactive,
}

/// A subscription to be made.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewSubscription {
    /// 4 to 64 characters.
    pub name: String,
    /// For people.
    pub description: String,
    /// 1 to 32 types.
    pub event_types: Vec<String>,
    /// HTTPS on port 443, with a path and without a query.
    pub destination_url: String,
    /// `resource:version`.
    pub resource_version: String,
    /// 32 to 256 characters.
    pub secret: String,
}

/// What to change of a subscription; what is `None` stays.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// `resource:version`; the API insists on it.
    pub resource_version: String,
    /// The new types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_types: Option<Vec<String>>,
    /// The new destination.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_url: Option<String>,
    /// Whether it shall deliver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The new secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// All subscriptions of the organization that version 2 of the API shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// How many there are, those of version 1 included.
    pub count: usize,
}

/// What an organization can subscribe to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventTypes {
    /// Names like `task:ended`.
    pub names: Vec<String>,
    /// `resource:version` of each version of each resource.
    pub versions: Vec<String>,
}

impl Subscriptions {
    /// The API at `address`, like `https://api.wxcc-us1.cisco.com`.
    ///
    /// # Errors
    /// When this machine has no root certificates.
    pub fn new(
        address: &str,
        credentials: Credentials,
        patience: Patience,
    ) -> Result<Subscriptions, SubscriptionsError> {
        let http = Client::builder().timeout(ANSWERED_WITHIN).build();
        let http = http.map_err(SubscriptionsError::NoClient)?;
        let tokens = Tokens::new(credentials);
        let address = address.trim_end_matches('/').to_owned();
        Ok(Subscriptions { http, address, tokens, patience })
    }

    /// The API at `address`, with the credentials that lie in Secrets Manager under `secret_id`.
    ///
    /// # Errors
    /// When there are no credentials, or this machine has no root certificates.
    pub async fn open(
        address: &str,
        secrets: &aws_sdk_secretsmanager::Client,
        secret_id: &str,
    ) -> Result<Subscriptions, SubscriptionsError> {
        let credentials = Credentials::read(secrets, secret_id).await?;
        Subscriptions::new(address, credentials, Patience::default())
    }

    /// All subscriptions.
    ///
    /// # Errors
    /// When Webex does not list them.
    pub async fn list(&self) -> Result<Listed, SubscriptionsError> {
        #[derive(Deserialize)]
        struct Answer {
            data: Vec<Subscription>,
            #[serde(default)]
            meta: Meta,
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Meta {
            subscription_count: Option<usize>,
        }
        let Answer { data, meta } =
            self.ask(Task::List, Method::GET, "subscriptions", None).await?;
        let count = meta.subscription_count.unwrap_or_default().max(data.len());
        Ok(Listed { subscriptions: data, count })
    }

    /// What can be subscribed to.
    ///
    /// # Errors
    /// When Webex does not list it.
    pub async fn event_types(&self) -> Result<EventTypes, SubscriptionsError> {
        #[derive(Deserialize)]
        struct Answer {
            data: Vec<Name>,
            meta: Meta,
        }
        #[derive(Deserialize)]
        struct Name {
            name: String,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Meta {
            resource_version_list: Vec<Version>,
        }
        #[derive(Deserialize)]
        struct Version {
            resource: String,
            version: String,
        }
        let answer: Answer = self.ask(Task::ListTypes, Method::GET, "event-types", None).await?;
        let versions = answer.meta.resource_version_list.into_iter();
        let versions = versions.map(|Version { resource, version }| {
            // Whether the version repeats the resource is not documented.
            if version.contains(':') { version } else { format!("{resource}:{version}") }
        });
        let names = answer.data.into_iter().map(|Name { name }| name).collect();
        Ok(EventTypes { names, versions: versions.collect() })
    }

    /// Makes a subscription, which is active at once.
    ///
    /// # Errors
    /// When it is not certain that it exists.
    pub async fn create(&self, new: &NewSubscription) -> Result<Subscription, SubscriptionsError> {
        let body = serde_json::to_value(new).map_err(SubscriptionsError::unsendable)?;
        let answer: Data<_> = self
            .ask(Task::Create, Method::POST, "subscriptions", Some(body))
            .await
            .map_err(SubscriptionsError::of_limit)?;
        Ok(answer.data)
    }

    /// Changes a subscription.
    ///
    /// # Errors
    /// When it is not certain that it is changed.
    pub async fn change(&self, id: &str, change: &Change) -> Result<(), SubscriptionsError> {
        let body = serde_json::to_value(change).map_err(SubscriptionsError::unsendable)?;
        let path = format!("subscriptions/{id}");
        self.send(Task::Change, Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    /// Deletes a subscription. One that is not there is as good as deleted.
    ///
    /// # Errors
    /// When it is not certain that it is gone.
    pub async fn delete(&self, id: &str) -> Result<(), SubscriptionsError> {
        let path = format!("subscriptions/{id}");
        match self.send(Task::Delete, Method::DELETE, &path, None).await {
            Ok(_) => Ok(()),
            Err(SubscriptionsError::Refused { status: 404, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        task: Task,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<T, SubscriptionsError> {
        let answer = self.send(task, method, path, body.as_ref()).await?;
        let bytes = answer.bytes().await;
        let bytes = bytes.map_err(|source| SubscriptionsError::Unreachable { task, source })?;
        serde_json::from_slice(&bytes)
            .map_err(|source| SubscriptionsError::Malformed { task, source })
    }

    /// Sends a request until it is answered with success, cannot be, or patience ends.
    async fn send(
        &self,
        task: Task,
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
                    (Some(wait), SubscriptionsError::Throttled { task, wait })
                }
                Ok(answer) if answer.status().is_server_error() => {
                    let status = answer.status().as_u16();
                    let wait = retry_after(&answer).unwrap_or(self.pause(attempt));
                    let failed = SubscriptionsError::Failed { task, status, attempts: attempt };
                    (may_repeat.then_some(wait), failed)
                }
                Ok(answer) => return Err(SubscriptionsError::refused(task, answer).await),
                Err(source) => {
                    let wait = may_repeat.then(|| self.pause(attempt));
                    (wait, SubscriptionsError::Unreachable { task, source })
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

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}

/// The header in seconds; its other form, a date, is not used by Webex.
fn retry_after(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}
