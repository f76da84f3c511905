//! A webhook as it was received: bytes in, envelope and [`Event`] out.
//!
//! Invariant: whatever the bytes, the answer is a webhook or an error that names the field at
//! fault; never a panic. Fields and types that are not known here are no error: they take part
//! in the identity, and the raw body is the archive's to keep.
//!
//! Source: Cisco's webhook guide and its published payloads, v1 and v2 subscriptions.

use std::borrow::Cow;

use task_timeline::{EpochMs, Event, Id};
use thiserror::Error;

/// One delivery: the envelope, whom it is about, and the event inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook<'a> {
    /// The id of the delivery. Not a key: one id is shared by several events.
    pub id: Option<Cow<'a, str>>,
    /// The type as sent, also where it is not a known one.
    pub type_name: Cow<'a, str>,
    /// `/com/cisco/wxcc/{subscriptionId}`.
    pub source: Option<Cow<'a, str>>,
    /// When Webex sent the delivery; v2 subscriptions only. Differs between repeats.
    pub dispatched_at: Option<EpochMs>,
    /// The organization.
    pub org: Id,
    /// The task (interaction); absent on agent events outside a task.
    pub task: Option<Id>,
    /// What happened.
    pub event: Event,
}

/// Why bytes are not a webhook that can be used.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// The bytes are not JSON.
    #[error("the body is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// The bytes are JSON, but not an object.
    #[error("the body is {found}, not an object")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A field that is needed is not there, or null, or empty.
    #[error("`{field}` is missing")]
    Missing {
        /// The path of the field.
        field: &'static str,
    },
    /// A field holds another kind of value than Webex documents.
    #[error("`{field}` is {found}, not {expected}")]
    WrongKind {
        /// The path of the field.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// An instant that cannot be: before September 2001 or after 2099.
    #[error("`{field}` is {value}, which is no time in epoch milliseconds between 2001 and 2100")]
    Absurd {
        /// The path of the field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// An identifier that is longer than any that Webex makes.
    #[error("`{field}` is longer than {} bytes", Id::MAX_TEXT)]
    TooLong {
        /// The path of the field.
        field: &'static str,
    },
}
