//! What is sent to the Subscriptions API, and what it answers.
//!
//! Invariant: names and units are those of the API's description.

use serde::{Deserialize, Serialize};
use task_timeline::EpochMs;

/// How many subscriptions an organization may have, of both versions of the API together.
pub const MOST_SUBSCRIPTIONS: usize = 20;
/// How many types a subscription may have.
pub const MOST_TYPES: usize = 32;

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
    /// When it was last changed.
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
    /// The types, of all resources.
    pub types: Vec<ListedType>,
    /// `resource:version` of each version of each resource.
    pub versions: Vec<String>,
}

/// A type of event that can be subscribed to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "NamedType")]
pub struct ListedType {
    /// A name like `task:ended`.
    pub name: String,
    /// The resource that it belongs to, like `task`.
    pub resource: String,
}

/// A type on the wire. Where its resource is missing, it is what the name begins with.
#[derive(Deserialize)]
struct NamedType {
    name: String,
    #[serde(default)]
    resource: Option<String>,
}

impl From<NamedType> for ListedType {
    fn from(NamedType { name, resource }: NamedType) -> ListedType {
        let resource = resource.as_deref().unwrap_or(&name);
        let resource = resource.split(':').next().unwrap_or_default().to_owned();
        ListedType { name, resource }
    }
}
