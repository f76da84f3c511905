//! The signal that a flow posts when a caller asks for a callback, made into a webhook.
//!
//! Invariant: the signal is stored as an event like any other, so the archive and the rebuild
//! see what the live path saw. The same signal twice is one event.

use serde::Deserialize;
use serde_json::{Value, json};
use task_timeline::{EpochMs, EventType};
use thiserror::Error;

/// The header that carries the secret: a flow cannot sign.
pub const SECRET_HEADER: &str = "x-trueline-secret";

/// Where such events say they come from.
const SOURCE: &str = "/trueline/signals";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Signal {
    org_id: String,
    task_id: String,
    #[serde(default)]
    requested_at: Value,
    #[serde(default)]
    queue_id: Option<String>,
}

/// Why a signal cannot be taken.
#[derive(Debug, Error)]
pub enum SignalError {
    /// Not JSON, or fields that are missing or unknown.
    #[error(
        "send {{\"orgId\": …, \"taskId\": …, \"requestedAt\"?: epoch ms, \"queueId\"?: …}}: {0}"
    )]
    Malformed(serde_json::Error),
    /// The time is none.
    #[error("`requestedAt` is {found}, not epoch milliseconds")]
    NoTime {
        /// What it is.
        found: Value,
    },
}

/// The signal as a webhook's body. Without `requestedAt` it was requested when it arrived.
///
/// # Errors
/// When the body is not a signal.
pub fn webhook_body(body: &[u8], arrived_at: EpochMs) -> Result<String, SignalError> {
    let signal: Signal = serde_json::from_slice(body).map_err(SignalError::Malformed)?;
    let requested_at = requested_at(&signal.requested_at)?.unwrap_or(arrived_at.0);
    let webhook = json!({
        "type": EventType::CallbackRequested.name(),
        "source": SOURCE,
        "comciscoorgid": signal.org_id,
        "data": {
            "taskId": signal.task_id,
            "createdTime": requested_at,
            "queueId": signal.queue_id.filter(|queue| !queue.is_empty()),
        },
    });
    Ok(webhook.to_string())
}

/// A flow writes its variables as text, and an unset one as an empty text.
fn requested_at(value: &Value) -> Result<Option<i64>, SignalError> {
    let no_time = || SignalError::NoTime { found: value.clone() };
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => text.trim().parse().map(Some).map_err(|_not_a_number| no_time()),
        Value::Number(number) => number.as_i64().map(Some).ok_or_else(no_time),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(no_time()),
    }
}
