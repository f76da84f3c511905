//! The values of a signal's fields.
//!
//! Invariant: a flow writes its variables as text, and an unset one as an empty text or NULL; so a
//! text that says a value is that value, and one that says nothing is none.

use serde_json::Value;
use task_timeline::EpochMs;
use webhook::{TOLERANCE_MS, says_null};

use super::error::SignalError;

/// A signal of longer ago comes too late: a flow posts it when it happens, and retries for seconds.
const MOST_AGE_MS: i64 = 60 * 60 * 1_000;

/// When it happened, if that is given: near `arrived_at`.
pub(super) fn given_moment(
    field: &'static str,
    value: &Value,
    arrived_at: EpochMs,
) -> Result<Option<EpochMs>, SignalError> {
    let Some(value) = present(value) else { return Ok(None) };
    let expected = "epoch milliseconds of this century";
    let wrong = || SignalError::WrongKind { field, found: value.clone(), expected };
    let found = number(value).and_then(EpochMs::plausible).ok_or_else(wrong)?;
    let after_arrival_ms = found - arrived_at;
    match (-MOST_AGE_MS..=TOLERANCE_MS).contains(&after_arrival_ms) {
        true => Ok(Some(found)),
        false => Err(SignalError::Untimely { field, found, after_arrival_ms }),
    }
}

/// A count.
pub(super) fn whole_number(field: &'static str, value: &Value) -> Result<Option<u32>, SignalError> {
    let Some(value) = present(value) else { return Ok(None) };
    let wrong =
        || SignalError::WrongKind { field, found: value.clone(), expected: "a whole number" };
    let number = number(value).and_then(|number| u32::try_from(number).ok());
    number.map(Some).ok_or_else(wrong)
}

/// Yes or no.
pub(super) fn truth(field: &'static str, value: &Value) -> Result<Option<bool>, SignalError> {
    let Some(value) = present(value) else { return Ok(None) };
    let truth = match value {
        Value::Bool(truth) => Some(*truth),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let wrong =
        || SignalError::WrongKind { field, found: value.clone(), expected: "true or false" };
    truth.map(Some).ok_or_else(wrong)
}

/// A text that says something.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !says_nothing(text))
}

fn present(value: &Value) -> Option<&Value> {
    let is_absent = match value {
        Value::Null => true,
        Value::String(text) => says_nothing(text),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    };
    (!is_absent).then_some(value)
}

fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || says_null(text)
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Number(number) => number.as_i64(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
