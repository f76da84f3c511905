//! What can go wrong with the Subscriptions API, and what to do about it.
//!
//! Invariant: no error shows a token, a secret, or a raw answer.

use std::fmt;
use std::time::Duration;

use reqwest::Response;
use serde_json::Value;
use thiserror::Error;

use super::credentials::CredentialsError;
use super::wire::MOST_SUBSCRIPTIONS;

/// What Webex was asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `GET /v2/subscriptions`.
    List,
    /// `GET /v2/event-types`.
    ListTypes,
    /// `POST /v2/subscriptions`.
    Create,
    /// `PATCH /v2/subscriptions/{id}`.
    Change,
    /// `DELETE /v2/subscriptions/{id}`.
    Delete,
}

impl Operation {
    fn scope(self) -> &'static str {
        match self {
            Operation::List | Operation::ListTypes => "cjp:config_read",
            Operation::Create | Operation::Change | Operation::Delete => "cjp:config_write",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operation::List => "list the subscriptions",
            Operation::ListTypes => "list the event types",
            Operation::Create => "create a subscription",
            Operation::Change => "change a subscription",
            Operation::Delete => "delete a subscription",
        })
    }
}

/// Why Webex did not do what it was asked.
#[derive(Debug, Error)]
pub enum SubscriptionsError {
    /// There is no token, or no new one.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// The token is not accepted, nor is a new one.
    #[error(
        "Webex does not accept the access token (401): it has expired or was revoked; authorize \
         the integration again, and put its new tokens into the secret that WEBEX_ID names"
    )]
    Unauthorized,
    /// The token does not allow it.
    #[error(
        "Webex does not allow to {operation} (403): the integration needs the scope {}, and whoever \
         authorized it must administer the contact centre",
        operation.scope()
    )]
    Forbidden {
        /// What was asked.
        operation: Operation,
    },
    /// Too many requests, and the wait is too long, or did not help.
    #[error("Webex asks to wait {} s before it may {operation} (429): try again then", wait.as_secs())]
    Throttled {
        /// What was asked.
        operation: Operation,
        /// How long to wait.
        wait: Duration,
    },
    /// The organization has as many subscriptions as it may have.
    #[error(
        "the organization has {count} subscriptions and may have {MOST_SUBSCRIPTIONS}: delete \
         some that nobody needs; `trueline subscribe --list` shows those of version 2 of the API"
    )]
    LimitReached {
        /// How many there are.
        count: usize,
    },
    /// Webex found the request wrong.
    #[error("Webex refused to {operation} ({status}): {message}")]
    Refused {
        /// What was asked.
        operation: Operation,
        /// The HTTP status.
        status: u16,
        /// What Webex says of it.
        message: String,
    },
    /// Webex failed.
    #[error("Webex failed to {operation} ({status}) after {attempts} attempt(s): try again later")]
    Failed {
        /// What was asked.
        operation: Operation,
        /// The HTTP status.
        status: u16,
        /// How often it was asked.
        attempts: u32,
    },
    /// There was no answer, or not all of it.
    #[error("no answer to the request to {operation}: look at the address and the network")]
    Unreachable {
        /// What was asked.
        operation: Operation,
        /// Why not.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is not what is documented.
    #[error("Webex answered the request to {operation} in a form that is not documented")]
    Malformed {
        /// What was asked.
        operation: Operation,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
    /// No HTTPS on this machine.
    #[error("there can be no HTTPS: this machine seems to lack root certificates")]
    NoClient(#[source] reqwest::Error),
    /// A request that cannot be put into JSON: a bug.
    #[error("a request cannot be put into JSON")]
    Unsendable(#[source] serde_json::Error),
}

impl SubscriptionsError {
    pub(super) fn unsendable(error: serde_json::Error) -> SubscriptionsError {
        SubscriptionsError::Unsendable(error)
    }

    pub(super) async fn refused(operation: Operation, answer: Response) -> SubscriptionsError {
        let status = answer.status().as_u16();
        if status == 403 {
            return SubscriptionsError::Forbidden { operation };
        }
        let body = answer.bytes().await.unwrap_or_default();
        SubscriptionsError::Refused { operation, status, message: message(&body) }
    }

    /// What the refusal of one subscription too many looks like is not documented; that it is
    /// refused is.
    pub(super) fn or_limit_reached(self) -> SubscriptionsError {
        let words = ["limit", "maximum", "exceed"];
        if let SubscriptionsError::Refused { message, .. } = &self
            && words.iter().any(|word| message.to_lowercase().contains(word))
        {
            return SubscriptionsError::LimitReached { count: MOST_SUBSCRIPTIONS };
        }
        self
    }
}

/// What an answer says of the error: the first text under a key that is known to hold it.
fn message(body: &[u8]) -> String {
    fn first(value: &Value) -> Option<&str> {
        match value {
            Value::Object(fields) => ["message", "reason", "description", "error", "errors"]
                .iter()
                .find_map(|key| fields.get(*key).and_then(first)),
            Value::Array(values) => values.iter().find_map(first),
            Value::String(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let message = first(&body).unwrap_or("it does not say why");
    message.chars().filter(|c| !c.is_control()).take(200).collect()
}
