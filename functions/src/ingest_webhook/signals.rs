//! The signals that a flow posts, made into webhooks: a caller asks for a callback, or a dial of the
//! customer failed.
//!
//! Invariants:
//! - A signal is stored as an event like any other, so the archive and the rebuild see what the
//!   live path saw. The same signal of the same time twice is one event; one that gives no time says
//!   so (`undated`), and gets that of the first before it is stored.
//! - Its time is that of a live call: no signal reaches back to calls that are over, or ahead.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use task_timeline::{EpochMs, EventType};

use self::values::{given, given_moment, truth, whole_number};
use crate::store::undated::UNDATED;

mod error;
mod values;

pub use self::error::SignalError;

/// The header that carries the secret: a flow cannot sign.
pub const SECRET_HEADER: &str = "x-trueline-secret";

/// The `source` of such events.
const SOURCE: &str = "/trueline/signals";

/// What a flow may signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The caller asked for a callback.
    CallbackRequested,
    /// A dial of the customer failed.
    CallbackFailed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CallbackRequested {
    org_id: String,
    task_id: String,
    #[serde(default)]
    requested_at: Value,
    #[serde(default)]
    queue_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CallbackFailed {
    org_id: String,
    task_id: String,
    #[serde(default)]
    failed_at: Value,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    attempt: Value,
    #[serde(default, rename = "final")]
    is_final: Value,
}

impl Signal {
    /// The signal in `body` as a webhook's body. Without a time it happened when it arrived (I11).
    ///
    /// # Errors
    /// When the body is not such a signal, or one of another time.
    pub fn webhook_body(self, body: &[u8], arrived_at: EpochMs) -> Result<String, SignalError> {
        let webhook = match self {
            Signal::CallbackRequested => callback_requested(self.read(body)?, arrived_at)?,
            Signal::CallbackFailed => callback_failed(self.read(body)?, arrived_at)?,
        };
        Ok(webhook.to_string())
    }

    fn read<T: DeserializeOwned>(self, body: &[u8]) -> Result<T, SignalError> {
        // For serde a list of the fields, in their order, is a structure too.
        if body.trim_ascii_start().first() != Some(&b'{') {
            return Err(SignalError::NotAnObject);
        }
        let form = match self {
            Signal::CallbackRequested => "\"requestedAt\"?: epoch ms, \"queueId\"?: …",
            Signal::CallbackFailed => {
                "\"failedAt\"?: epoch ms, \"reason\"?: …, \"attempt\"?: 1, \"final\"?: true"
            }
        };
        serde_json::from_slice(body).map_err(|cause| SignalError::Malformed { form, cause })
    }
}

fn callback_requested(signal: CallbackRequested, now: EpochMs) -> Result<Value, SignalError> {
    let at = given_moment("requestedAt", &signal.requested_at, now)?;
    Ok(json!({
        "type": EventType::CallbackRequested.name(),
        "source": SOURCE,
        "comciscoorgid": signal.org_id,
        "data": {
            "taskId": signal.task_id,
            "createdTime": at.unwrap_or(now).0,
            UNDATED: at.is_none().then_some(true),
            "queueId": given(signal.queue_id),
        },
    }))
}

fn callback_failed(signal: CallbackFailed, now: EpochMs) -> Result<Value, SignalError> {
    let at = given_moment("failedAt", &signal.failed_at, now)?;
    Ok(json!({
        "type": EventType::CallbackFailed.name(),
        "source": SOURCE,
        "comciscoorgid": signal.org_id,
        "data": {
            "taskId": signal.task_id,
            "createdTime": at.unwrap_or(now).0,
            UNDATED: at.is_none().then_some(true),
            "reason": given(signal.reason),
            "attempt": whole_number("attempt", &signal.attempt)?,
            "final": truth("final", &signal.is_final)?,
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARRIVED: EpochMs = EpochMs(1_790_000_000_000);

    /// The data of the event that a signal with `more` fields becomes, or the error.
    fn data(signal: Signal, more: &str) -> Result<Value, String> {
        let body = format!(r#"{{"orgId": "o", "taskId": "t"{more}}}"#);
        let body = signal.webhook_body(body.as_bytes(), ARRIVED);
        let body: Value = serde_json::from_str(&body.map_err(|error| error.to_string())?).unwrap();
        Ok(body["data"].clone())
    }

    fn created_time(requested_at: &str) -> Result<i64, String> {
        Ok(data(Signal::CallbackRequested, requested_at)?["createdTime"].as_i64().unwrap())
    }

    #[test]
    fn the_time_is_a_number_or_a_text_or_that_of_arrival() {
        let at = 1_790_000_000_123;
        assert_eq!(created_time(r#", "requestedAt": 1790000000123"#), Ok(at));
        assert_eq!(created_time(r#", "requestedAt": " 1790000000123 ""#), Ok(at));
        let nothing = r#", "requestedAt": """#;
        for absent in ["", r#", "requestedAt": null"#, nothing, r#", "requestedAt": "NULL""#] {
            assert_eq!(created_time(absent), Ok(ARRIVED.0));
            assert_eq!(data(Signal::CallbackRequested, absent).unwrap()[UNDATED], true);
        }
        let dated = data(Signal::CallbackRequested, r#", "requestedAt": 1790000000123"#);
        assert_eq!(dated.unwrap()[UNDATED], Value::Null);
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
             before to five minutes after: send the time at which it happened, or leave it out"
        );
        let future = after_arrival(2 * 300_000).unwrap_err();
        assert!(future.starts_with("`requestedAt` is 1790000600000, 600 s after it"), "{future}");
        let failed = data(Signal::CallbackFailed, r#", "failedAt": 1780000000000"#).unwrap_err();
        assert!(failed.starts_with("`failedAt` is 1780000000000, 10000000 s before"), "{failed}");
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

    #[test]
    fn only_an_object_is_a_signal() {
        for body in [r#"["o", "t", null, null]"#, r#"[{"orgId": "o", "taskId": "t"}]"#, "7", ""] {
            for signal in [Signal::CallbackRequested, Signal::CallbackFailed] {
                let error = signal.webhook_body(body.as_bytes(), ARRIVED).unwrap_err();
                assert_eq!(error.to_string(), "the body is not a JSON object like {\"orgId\": …}");
            }
        }
        let spaced = " \n{\"orgId\": \"o\", \"taskId\": \"t\"}";
        assert!(Signal::CallbackRequested.webhook_body(spaced.as_bytes(), ARRIVED).is_ok());
    }

    #[test]
    fn a_failed_dial_is_told_in_texts_or_values_or_not_at_all() {
        let expected = json!({
            "taskId": "t", "createdTime": ARRIVED.0, UNDATED: true,
            "reason": "busy", "attempt": 2, "final": true,
        });
        for told in [
            r#", "reason": "busy", "attempt": 2, "final": true"#,
            r#", "reason": "busy", "attempt": " 2 ", "final": "TRUE""#,
        ] {
            assert_eq!(data(Signal::CallbackFailed, told).as_ref(), Ok(&expected));
        }
        for absent in ["", r#", "reason": "", "attempt": "", "final": "", "failedAt": """#] {
            let data = data(Signal::CallbackFailed, absent).unwrap();
            assert_eq!(data["createdTime"], ARRIVED.0);
            assert!(["reason", "attempt", "final"].iter().all(|field| data[*field].is_null()));
        }
    }

    #[test]
    fn what_is_wrong_with_a_failed_dial_is_said() {
        for (wrong, told) in [
            (r#", "attempt": "second""#, "`attempt` is \"second\", not a whole number"),
            (r#", "attempt": -1"#, "`attempt` is -1, not a whole number"),
            (r#", "final": 1"#, "`final` is 1, not true or false"),
            (r#", "queueId": "q""#, "unknown field `queueId`"),
        ] {
            let error = data(Signal::CallbackFailed, wrong).unwrap_err();
            assert!(error.contains(told), "{error}");
        }
    }
}
