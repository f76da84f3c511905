//! What became of a delivery, and the answer to its sender.
//!
//! Invariant: a 2xx means that the delivery is durable.

use lambda_http::http::{StatusCode, header};
use lambda_http::{Body, Response};
use serde_json::json;
use webhook::Refusal;

use super::signals::SignalError;
use crate::store::transition::Transition;

/// What became of a delivery.
#[derive(Debug)]
pub enum DeliveryOutcome {
    /// Stored in the table, and the state moved.
    Stored(Transition),
    /// Stored in the table; the stream will move the state.
    Unsettled,
    /// Stored in S3, as the table failed.
    Spilled,
    /// Genuine, but cannot be read: kept for people to look at.
    Quarantined,
    /// Not proven.
    Refused(Refusal),
    /// Larger than any webhook.
    TooLarge,
    /// A signal without what it must hold.
    BadSignal(SignalError),
    /// There is nothing at this path.
    NoSuchPath,
    /// The path does not take this method.
    NoSuchMethod,
    /// Neither the table nor S3 took it: not accepted.
    Unavailable,
}

impl DeliveryOutcome {
    /// The name in logs, metrics and answers.
    pub fn name(&self) -> &'static str {
        match self {
            DeliveryOutcome::Stored(transition) => transition.name(),
            DeliveryOutcome::Unsettled => "unsettled",
            DeliveryOutcome::Spilled => "spilled",
            DeliveryOutcome::Quarantined => "quarantined",
            DeliveryOutcome::Refused(_)
            | DeliveryOutcome::TooLarge
            | DeliveryOutcome::BadSignal(_)
            | DeliveryOutcome::NoSuchPath
            | DeliveryOutcome::NoSuchMethod => "refused",
            DeliveryOutcome::Unavailable => "unavailable",
        }
    }

    /// The status, and a sentence for the sender.
    pub fn status(&self) -> (StatusCode, String) {
        let fixed = |status, text: &str| (status, text.to_owned());
        match self {
            DeliveryOutcome::Stored(_) | DeliveryOutcome::Unsettled | DeliveryOutcome::Spilled => {
                fixed(StatusCode::OK, "stored")
            }
            DeliveryOutcome::Quarantined => {
                fixed(StatusCode::OK, "stored, though it cannot be read")
            }
            DeliveryOutcome::Refused(refusal) => (refused(refusal), public(refusal).to_owned()),
            DeliveryOutcome::TooLarge => {
                fixed(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 256 KiB")
            }
            DeliveryOutcome::BadSignal(error) => (StatusCode::BAD_REQUEST, error.to_string()),
            DeliveryOutcome::NoSuchPath => {
                let paths = "/webhooks, /signals/callback-requested or /signals/callback-failed";
                (StatusCode::NOT_FOUND, format!("post to {paths}"))
            }
            DeliveryOutcome::NoSuchMethod => {
                fixed(StatusCode::METHOD_NOT_ALLOWED, "only POST is taken")
            }
            DeliveryOutcome::Unavailable => {
                fixed(StatusCode::SERVICE_UNAVAILABLE, "not stored; send it again")
            }
        }
    }

    /// The answer to the sender: the outcome and a sentence, as JSON.
    pub fn response(&self) -> Response<Body> {
        let (status, message) = self.status();
        let body = json!({ "outcome": self.name(), "message": message }).to_string();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let json = header::HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    }

    /// What only the log says.
    pub(super) fn detail(&self) -> Option<String> {
        match self {
            DeliveryOutcome::Refused(refusal) => Some(refusal.to_string()),
            // The reason may quote the body, so only the sender gets it.
            DeliveryOutcome::BadSignal(_) => Some("not a signal".to_owned()),
            DeliveryOutcome::TooLarge
            | DeliveryOutcome::NoSuchPath
            | DeliveryOutcome::NoSuchMethod => Some(self.status().1),
            DeliveryOutcome::Stored(_)
            | DeliveryOutcome::Unsettled
            | DeliveryOutcome::Spilled
            | DeliveryOutcome::Quarantined
            | DeliveryOutcome::Unavailable => None,
        }
    }
}

fn refused(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::Unsigned
        | Refusal::Forged
        | Refusal::UnknownSubscription { .. }
        | Refusal::TimestampsDiffer => StatusCode::UNAUTHORIZED,
        Refusal::TooOld { .. } | Refusal::FromTheFuture { .. } => StatusCode::FORBIDDEN,
    }
}

/// A sender who cannot prove to be Webex learns nothing about which secrets there are.
fn public(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Unsigned => "the signature or the secret is missing",
        Refusal::Forged | Refusal::UnknownSubscription { .. } => {
            "the signature or the secret is not valid"
        }
        Refusal::TimestampsDiffer => "the timestamp header is not that of the body",
        Refusal::TooOld { .. } => "sent more than five minutes ago",
        Refusal::FromTheFuture { .. } => "sent more than five minutes ahead of our time",
    }
}
