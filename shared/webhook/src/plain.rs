//! A JSON value that a webhook's field may hold, borrowed from wherever it was read.

use crate::slow::json::Json;

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain<'a> {
    Null,
    Bool(bool),
    /// The digits of a whole number, with its sign, as `serde_json` would write them.
    Whole(&'a str),
    Text(&'a str),
    /// Whatever is not plain.
    Other(&'a Json<'a>),
}

impl<'a> Plain<'a> {
    /// The value of a tree.
    pub(crate) fn of(value: &'a Json<'a>) -> Plain<'a> {
        match value {
            Json::Null => Plain::Null,
            Json::Bool(value) => Plain::Bool(*value),
            Json::Text(text) => Plain::Text(text),
            Json::Number(_) | Json::Array(_) | Json::Object(_) => Plain::Other(value),
        }
    }

    /// What kind of value this is, for messages.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Plain::Null => "null",
            Plain::Bool(_) => "a boolean",
            Plain::Whole(_) => "a number",
            Plain::Text(_) => "a string",
            Plain::Other(json) => json.kind(),
        }
    }
}
