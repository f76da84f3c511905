//! Why a signal cannot be taken.
//!
//! Invariant: the text says what to send instead. It may quote the body, so only the sender gets it.

use serde_json::Value;
use task_timeline::EpochMs;
use thiserror::Error;
use webhook::WebhookError;

/// Why a signal cannot be taken.
#[derive(Debug, Error)]
pub enum SignalError {
    /// An array, another value, or nothing.
    #[error("the body is not a JSON object like {{\"orgId\": …}}")]
    NotAnObject,
    /// Not JSON, or fields that are missing or unknown.
    #[error("send {{\"orgId\": …, \"taskId\": …, {form}}}: {cause}")]
    Malformed {
        /// Its optional fields.
        form: &'static str,
        /// What is wrong.
        cause: serde_json::Error,
    },
    /// What it says makes no event, such as an id that is empty or too long.
    #[error(transparent)]
    Unreadable(#[from] WebhookError),
    /// A field is not what it must be.
    #[error("`{field}` is {found}, not {expected}")]
    WrongKind {
        /// The field.
        field: &'static str,
        /// What it is.
        found: Value,
        /// What it must be.
        expected: &'static str,
    },
    /// The time is not near that of arrival.
    #[error(
        "`{field}` is {found}, {} s {} it arrived, and may be from an hour before to five minutes \
         after: send the time at which it happened, or leave it out",
        .after_arrival_ms.unsigned_abs() / 1_000,
        if *.after_arrival_ms < 0 { "before" } else { "after" }
    )]
    Untimely {
        /// The field.
        field: &'static str,
        /// What it is.
        found: EpochMs,
        /// How long after the arrival that is, in milliseconds.
        after_arrival_ms: i64,
    },
}
