//! A webhook as received: its envelope and its [`Event`], or the field at fault.
//!
//! Invariant: unknown fields and types are not errors. They count for the identity of the event,
//! and the archive keeps the raw body.
//!
//! Source: Cisco's webhook guide and its published payloads, v1 and v2 subscriptions.

use std::borrow::Cow;

use task_timeline::{EpochMs, Event, Id};
use thiserror::Error;

/// One delivery: the envelope, the task it is about, and the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook<'a> {
    /// The id of the delivery. Not a key: several events share one id.
    pub id: Option<Cow<'a, str>>,
    /// The type as sent, whether it is known or not.
    pub type_name: Cow<'a, str>,
    /// `/com/cisco/wxcc/{subscriptionId}`.
    pub source: Option<Cow<'a, str>>,
    /// When Webex sent the delivery; v2 subscriptions only. Repeats have different times. It is for
    /// information only here: `None` too if it cannot be read.
    pub dispatched_at: Option<EpochMs>,
    /// The organization.
    pub org: Id,
    /// The task (interaction); agent events outside a task have none.
    pub task: Option<Id>,
    /// Why the agent whom it names is idle.
    pub idle_code: Option<Id>,
    /// What happened.
    pub event: Event,
}

/// How far an event may be dated after its dispatch or its arrival; in milliseconds.
pub const CLOCK_TOLERANCE_MS: i64 = 5 * 60 * 1_000;

impl Webhook<'_> {
    /// I9: whether the clock that dated the event is ahead: by more than [`CLOCK_TOLERANCE_MS`] of the
    /// dispatch, or of `arrived_by`, when the delivery was there at the latest.
    pub fn is_clock_ahead(&self, arrived_by: EpochMs) -> bool {
        let latest = self.dispatched_at.map_or(arrived_by, |sent| sent.min(arrived_by));
        self.event.at - latest > CLOCK_TOLERANCE_MS
    }
}

/// Why a body cannot be used as a webhook.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// There are more bytes than any webhook has.
    #[error(
        "the body is longer than {limit} bytes, which no webhook is: if it holds several, write each on \
         a line of its own"
    )]
    BodyTooLong {
        /// The maximum.
        limit: usize,
    },
    /// The bytes are not JSON.
    #[error("the body is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// The bytes are JSON, but not an object.
    #[error("the body is {found}, not an object")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A required field is absent, null or empty.
    #[error("`{field}` is missing")]
    Missing {
        /// The path of the field.
        field: &'static str,
    },
    /// A field is there more than once.
    #[error("`{field}` is there twice")]
    Repeated {
        /// The path of the field.
        field: &'static str,
    },
    /// A field holds a kind of value that Webex does not document for it.
    #[error("`{field}` is {found}, not {expected}")]
    WrongKind {
        /// The path of the field.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// An implausible time: before September 2001 or after 2099.
    #[error(
        "`{field}` is {value}, which is not a time in epoch milliseconds between 2001 and 2100"
    )]
    Absurd {
        /// The path of the field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// An identifier is longer than any that Webex makes.
    #[error("`{field}` is longer than {} bytes", Id::MAX_TEXT)]
    TooLong {
        /// The path of the field.
        field: &'static str,
    },
}

impl Webhook<'_> {
    /// The subscription that delivered it: the last part of `source`.
    pub fn subscription(&self) -> Option<&str> {
        subscription_in(self.source.as_ref()?)
    }
}

/// The subscription that a `source` names: its last part.
pub(crate) fn subscription_in(source: &str) -> Option<&str> {
    source.rsplit('/').next().filter(|id| !id.is_empty())
}
