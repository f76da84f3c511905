//! A JSON value of a webhook's field, borrowed from where it was read, and its meaning as a text,
//! an identifier or a time.
//!
//! Invariant: null means no value; it is never an error. A text that says null is null, and digits in
//! a text are a number where a number is due, whichever reader they come from.

use std::fmt::Display;

use task_timeline::{EpochMs, Id};

use crate::envelope::WebhookError;
use crate::slow::json::Json;

/// A JSON value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Plain<'a> {
    #[default]
    Null,
    Bool(bool),
    /// The digits of a whole number, with the sign, as `serde_json` would write them.
    Whole(&'a str),
    Text(&'a str),
    /// Any other value.
    Other(&'a Json<'a>),
}

impl<'a> Plain<'a> {
    /// The value of a parsed tree.
    pub(crate) fn from_json(value: &'a Json<'a>) -> Plain<'a> {
        match value {
            Json::Null => Plain::Null,
            Json::Bool(value) => Plain::Bool(*value),
            Json::Text(text) => Plain::from_text(text),
            Json::Number(_) | Json::Array(_) | Json::Object(_) => Plain::Other(value),
        }
    }

    /// A text, or null if it says so.
    #[inline(always)]
    pub(crate) fn from_text(text: &'a str) -> Plain<'a> {
        if says_null(text) { Plain::Null } else { Plain::Text(text) }
    }

    /// The kind of value, for error messages.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Plain::Null => "null",
            Plain::Bool(_) => "a boolean",
            Plain::Whole(_) => "a number",
            Plain::Text(_) => "a string",
            Plain::Other(json) => json.kind(),
        }
    }

    /// A text; `None` if it is null or empty.
    #[inline(always)]
    pub(crate) fn text(self, field: &'static str) -> Result<Option<&'a str>, WebhookError> {
        match self {
            Plain::Null => Ok(None),
            Plain::Text(text) => Ok(Some(text).filter(|text| !text.is_empty())),
            Plain::Bool(_) | Plain::Whole(_) | Plain::Other(_) => {
                Err(WebhookError::WrongKind { field, expected: "a string", found: self.kind() })
            }
        }
    }

    /// An identifier; `None` if it is null or empty.
    #[inline(always)]
    pub(crate) fn id(self, field: &'static str) -> Result<Option<Id>, WebhookError> {
        match self.text(field)? {
            None => Ok(None),
            Some(text) => Id::new(text).map(Some).ok_or(WebhookError::TooLong { field }),
        }
    }

    /// A plausible time in epoch milliseconds, as a number or as a text of digits; `None` if it is
    /// null or empty.
    pub(crate) fn instant(self, field: &'static str) -> Result<Option<EpochMs>, WebhookError> {
        let (number, text): (_, &dyn Display) = match &self {
            Plain::Null => return Ok(None),
            Plain::Whole(digits) => (Some(whole_number(digits)), digits),
            Plain::Text(text) if text.trim_ascii().is_empty() => return Ok(None),
            Plain::Text(text) if is_digits(text) => (text.trim_ascii().parse().ok(), text),
            Plain::Other(Json::Number(number)) => (number.as_i64(), number),
            Plain::Bool(_) | Plain::Text(_) | Plain::Other(_) => {
                let expected = "a whole number of milliseconds";
                return Err(WebhookError::WrongKind { field, expected, found: self.kind() });
            }
        };
        let instant = number.and_then(EpochMs::plausible);
        instant.map(Some).ok_or_else(|| WebhookError::Absurd { field, value: text.to_string() })
    }

    /// The error for a value that should be an object.
    pub(crate) fn not_an_object(self, field: &'static str) -> WebhookError {
        match self {
            Plain::Null => WebhookError::Missing { field },
            Plain::Bool(_) | Plain::Whole(_) | Plain::Text(_) | Plain::Other(_) => {
                WebhookError::WrongKind { field, expected: "an object", found: self.kind() }
            }
        }
    }
}

/// I6: whether a text says that there is no value. So do exports of databases.
#[inline(always)]
pub fn says_null(text: &str) -> bool {
    const NULLS: [&str; 5] = ["null", "(null)", "[null]", "<null>", "\\N"];
    matches!(text.len(), 2 | 4 | 6) && NULLS.iter().any(|null| text.eq_ignore_ascii_case(null))
}

fn is_digits(text: &str) -> bool {
    text.trim_ascii().bytes().all(|byte| byte.is_ascii_digit())
}

/// The number that the digits of a [`Plain::Whole`] stand for.
fn whole_number(text: &str) -> i64 {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = digits.bytes().fold(0, |number, digit| number * 10 + i64::from(digit & 15));
    if digits.len() < text.len() { -number } else { number }
}
