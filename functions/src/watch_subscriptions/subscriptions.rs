//! Webex' Subscriptions API, version 2: which events are delivered, and where.
//!
//! Source: the public `OpenAPI` description of Webex Contact Center, `/v2/subscriptions` and
//! `/v2/event-types`.

mod api;
mod credentials;
mod error;
mod need;
mod requests;
mod wire;

pub use self::api::Subscriptions;
pub use self::credentials::{Credentials, CredentialsError, TOKEN_URL};
pub use self::error::SubscriptionsError;
pub use self::need::{Need, Resource, Standing, needs, standings};
pub use self::requests::Patience;
pub use self::wire::{
    Change, EventTypes, Listed, ListedType, MOST_SUBSCRIPTIONS, MOST_TYPES, NewSubscription,
    Status, Subscription,
};
