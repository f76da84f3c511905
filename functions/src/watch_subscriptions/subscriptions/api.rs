//! What the API can be asked for: one method for each request.

use reqwest::Method;
use serde::Deserialize;

use super::credentials::Credentials;
use super::error::{Operation, SubscriptionsError};
use super::requests::{Patience, Requests};
use super::wire::{Change, EventTypes, Listed, ListedType, NewSubscription, Subscription};

/// The API, for one organization.
#[derive(Debug)]
pub struct Subscriptions {
    requests: Requests,
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
        Ok(Subscriptions { requests: Requests::new(address, credentials, patience)? })
    }

    /// The API at `address`, with the credentials in Secrets Manager under `secret_id`.
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
            self.requests.ask(Operation::List, Method::GET, "subscriptions", None).await?;
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
            data: Vec<ListedType>,
            meta: Meta,
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
        let answer: Answer =
            self.requests.ask(Operation::ListTypes, Method::GET, "event-types", None).await?;
        let versions = answer.meta.resource_version_list.into_iter();
        let versions = versions.map(|Version { resource, version }| {
            // Whether the version repeats the resource is not documented.
            if version.contains(':') { version } else { format!("{resource}:{version}") }
        });
        Ok(EventTypes { types: answer.data, versions: versions.collect() })
    }

    /// Makes a subscription, which is active at once.
    ///
    /// # Errors
    /// When it is not certain that it exists.
    pub async fn create(&self, new: &NewSubscription) -> Result<Subscription, SubscriptionsError> {
        let body = serde_json::to_value(new).map_err(SubscriptionsError::unsendable)?;
        let answer: Data<_> = self
            .requests
            .ask(Operation::Create, Method::POST, "subscriptions", Some(body))
            .await
            .map_err(SubscriptionsError::or_limit_reached)?;
        Ok(answer.data)
    }

    /// Changes a subscription.
    ///
    /// # Errors
    /// When it is not certain that it is changed.
    pub async fn change(&self, id: &str, change: &Change) -> Result<(), SubscriptionsError> {
        let body = serde_json::to_value(change).map_err(SubscriptionsError::unsendable)?;
        let path = format!("subscriptions/{id}");
        self.requests.send(Operation::Change, Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    /// Deletes a subscription. One that is not there is as good as deleted.
    ///
    /// # Errors
    /// When it is not certain that it is gone.
    pub async fn delete(&self, id: &str) -> Result<(), SubscriptionsError> {
        let path = format!("subscriptions/{id}");
        match self.requests.send(Operation::Delete, Method::DELETE, &path, None).await {
            Ok(_) => Ok(()),
            Err(SubscriptionsError::Refused { status: 404, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

#[derive(Deserialize)]
struct Data<T> {
    data: T,
}
