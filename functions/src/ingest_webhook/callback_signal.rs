//! The signal that a flow posts when a caller asks for a callback, made into a webhook.
//!
//! Invariants:
//! - The signal is stored as an event like any other, so the archive and the rebuild see what the
//!   live path saw. The same signal twice is one event.
//! - Its time is that of a live call: no signal reaches back to calls that are over, or ahead.

use serde::Deserialize;
use serde_json::{Value, json};
use task_timeline::{EpochMs, EventType};
use thiserror::Error;
use webhook::TOLERANCE_MS;

/// The header that carries the secret: a flow cannot sign.
pub const SECRET_HEADER: &str = "x-trueline-secret";

/// A signal of longer ago comes too late: a flow posts it when it happens, and retries for seconds.
const MOST_AGE_MS: i64 = 60 * 60 * 1_000;

/// The `source` of such events.
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
    /// The time is not a time, or not a plausible one.
    #[error("`requestedAt` is {found}, not epoch milliseconds of this century")]
    NoTime {
        /// What it is.
        found: Value,
    },
    /// The time is not near that of arrival.
    #[error(
        "`requestedAt` is {found}, {} s {} it arrived, and may be from an hour before to five \
         minutes after: send the time of the request, or leave it out",
        .after_arrival_ms.unsigned_abs() / 1_000,
        if *.after_arrival_ms < 0 { "before" } else { "after" }
    )]
    Untimely {
        /// What it is.
        found: EpochMs,
        /// How long after the arrival that is, in milliseconds.
        after_arrival_ms: i64,
    },
}

/// The signal as a webhook's body. Without `requestedAt` it was requested when it arrived.
///
/// # Errors
/// When the body is not a signal, or one of another time.
pub fn webhook_body(body: &[u8], arrived_at: EpochMs) -> Result<String, SignalError> {
    let signal: Signal = serde_json::from_slice(body).map_err(SignalError::Malformed)?;
    let requested_at = requested_at(&signal.requested_at)?.unwrap_or(arrived_at);
    check_timely(requested_at, arrived_at)?;
    let webhook = json!({
        "type": EventType::CallbackRequested.name(),
        "source": SOURCE,
        "comciscoorgid": signal.org_id,
        "data": {
            "taskId": signal.task_id,
            "createdTime": requested_at.0,
            "queueId": signal.queue_id.filter(|queue| !queue.is_empty()),
        },
    });
    Ok(webhook.to_string())
}

/// A flow writes its variables as text, and an unset one as an empty text.
fn requested_at(value: &Value) -> Result<Option<EpochMs>, SignalError> {
    let number = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let instant = number.and_then(EpochMs::plausible);
    instant.map(Some).ok_or_else(|| SignalError::NoTime { found: value.clone() })
}

fn check_timely(found: EpochMs, arrived_at: EpochMs) -> Result<(), SignalError> {
    let after_arrival_ms = found - arrived_at;
    match (-MOST_AGE_MS..=TOLERANCE_MS).contains(&after_arrival_ms) {
        true => Ok(()),
        false => Err(SignalError::Untimely { found, after_arrival_ms }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVED: EpochMs = EpochMs(1_790_000_000_000);

    fn created_time(requested_at: &str) -> Result<i64, String> {
        let signal = format!(r#"{{"orgId": "o", "taskId": "t"{requested_at}}}"#);
        let body = webhook_body(signal.as_bytes(), ARRIVED).map_err(|error| error.to_string())?;
        let body: Value = serde_json::from_str(&body).unwrap();
        Ok(body["data"]["createdTime"].as_i64().unwrap())
    }

    #[test]
    fn the_time_is_a_number_or_a_text_or_that_of_arrival() {
        let at = 1_790_000_000_123;
        assert_eq!(created_time(r#", "requestedAt": 1790000000123"#), Ok(at));
        assert_eq!(created_time(r#", "requestedAt": " 1790000000123 ""#), Ok(at));
        for absent in ["", r#", "requestedAt": null"#, r#", "requestedAt": """#] {
            assert_eq!(created_time(absent), Ok(ARRIVED.0));
        }
    }

    #[test]
    fn the_time_is_from_an_hour_before_the_arrival_to_five_minutes_after() {
        let after_arrival =
            |ms: i64| created_time(&format!(r#", "requestedAt": {}"#, ARRIVED.0 + ms));
        for near in [-3_600_000, -1, 0, 300_000] {
            assert_eq!(after_arrival(near), Ok(ARRIVED.0 + near));
        }
        let early = after_arrival(-3_600_001).unwrap_err();
        assert_eq!(
            early,
            "`requestedAt` is 1789996399999, 3600 s before it arrived, and may be from an hour \
             before to five minutes after: send the time of the request, or leave it out"
        );
        let future = after_arrival(2 * 300_000).unwrap_err();
        assert!(future.starts_with("`requestedAt` is 1790000600000, 600 s after it"), "{future}");
    }

    #[test]
    fn what_is_no_time_is_said_by_its_name() {
        for absurd in ["1790000000", "\"yesterday\"", "true", "17.5"] {
            let error = created_time(&format!(r#", "requestedAt": {absurd}"#)).unwrap_err();
            assert!(error.starts_with(&format!("`requestedAt` is {absurd}, not epoch")), "{error}");
        }
        let error = created_time(r#", "taskid": "t""#).unwrap_err();
        assert!(error.contains("unknown field `taskid`"), "{error}");
    }
}
