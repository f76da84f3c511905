//! What became of a delivery: the answer to its sender, the line in the log, the metrics.
//!
//! Invariant: a 2xx means that the delivery is durable. No body, secret or number is told.

use lambda_http::http::{StatusCode, header};
use lambda_http::{Body, Response};
use serde_json::json;
use task_timeline::{EpochMs, EventType};
use webhook::{Refusal, Webhook};

use crate::store::spent::Spent;
use crate::store::transition::Transition;

/// What became of a delivery.
#[derive(Debug)]
pub enum Outcome {
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
    /// A signal that does not say what it must.
    BadSignal {
        /// What is wrong.
        reason: String,
    },
    /// There is nothing at this path.
    NoSuchPath,
    /// The path takes something else than this method.
    NoSuchMethod,
    /// Neither the table nor S3 took it: not accepted.
    Unavailable,
}

impl Outcome {
    /// The name in logs, metrics and answers.
    pub fn name(&self) -> &'static str {
        match self {
            Outcome::Stored(transition) => transition.name(),
            Outcome::Unsettled => "unsettled",
            Outcome::Spilled => "spilled",
            Outcome::Quarantined => "quarantined",
            Outcome::Refused(_)
            | Outcome::TooLarge
            | Outcome::BadSignal { .. }
            | Outcome::NoSuchPath
            | Outcome::NoSuchMethod => "refused",
            Outcome::Unavailable => "unavailable",
        }
    }

    /// The status, and what the sender should know.
    pub fn status(&self) -> (StatusCode, String) {
        let fixed = |status, text: &str| (status, text.to_owned());
        match self {
            Outcome::Stored(_) | Outcome::Unsettled | Outcome::Spilled => {
                fixed(StatusCode::OK, "stored")
            }
            Outcome::Quarantined => fixed(StatusCode::OK, "stored, though it cannot be read"),
            Outcome::Refused(refusal) => (refused(refusal), public(refusal).to_owned()),
            Outcome::TooLarge => {
                fixed(StatusCode::PAYLOAD_TOO_LARGE, "the body is larger than 256 KiB")
            }
            Outcome::BadSignal { reason } => (StatusCode::BAD_REQUEST, reason.clone()),
            Outcome::NoSuchPath => {
                fixed(StatusCode::NOT_FOUND, "post to /webhooks or /signals/callback-requested")
            }
            Outcome::NoSuchMethod => fixed(StatusCode::METHOD_NOT_ALLOWED, "only POST is taken"),
            Outcome::Unavailable => {
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

    /// What only we should know.
    fn detail(&self) -> Option<String> {
        match self {
            Outcome::Refused(refusal) => Some(refusal.to_string()),
            // Why it is none may quote the body, and goes to the sender alone.
            Outcome::BadSignal { .. } => Some("not a signal".to_owned()),
            Outcome::TooLarge | Outcome::NoSuchPath | Outcome::NoSuchMethod => {
                Some(self.status().1)
            }
            Outcome::Stored(_)
            | Outcome::Unsettled
            | Outcome::Spilled
            | Outcome::Quarantined
            | Outcome::Unavailable => None,
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

/// Who cannot prove to be Webex learns nothing of which secrets there are.
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

/// One delivery, as the log tells it.
#[derive(Debug)]
pub struct Report {
    /// What became of it.
    pub outcome: Outcome,
    /// Its type, if it was read.
    pub event_type: Option<String>,
    /// Its organization.
    pub org: Option<String>,
    /// Its task.
    pub task: Option<String>,
    /// When the event happened.
    pub event_at: Option<EpochMs>,
    /// When we received it.
    pub arrived_at: EpochMs,
    /// What it cost.
    pub spent: Spent,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

impl Report {
    /// The report of a delivery of which nothing is known yet.
    pub(crate) fn new(arrived_at: EpochMs) -> Report {
        let (outcome, spent) = (Outcome::Unavailable, Spent::default());
        let (event_type, org, task, event_at) = (None, None, None, None);
        Report { outcome, event_type, org, task, event_at, arrived_at, spent, duration_ms: 0.0 }
    }

    /// Whether it is a webhook, and durable: not a signal of a flow, and not refused.
    pub(crate) fn is_webhook_taken(&self) -> bool {
        let is_signal = self.event_type.as_deref() == Some(EventType::CallbackRequested.name());
        self.outcome.status().0.is_success() && !is_signal
    }

    pub(crate) fn describe(&mut self, webhook: &Webhook<'_>) {
        self.event_type = Some(webhook.type_name.to_string());
        self.org = Some(webhook.org.to_string());
        self.task = webhook.task.as_ref().map(ToString::to_string);
        self.event_at = Some(webhook.event.at);
    }

    /// Writes the delivery's line in the log.
    pub fn log(&self) {
        tracing::info!(
            outcome = self.outcome.name(),
            status = self.outcome.status().0.as_u16(),
            detail = self.outcome.detail(),
            event.r#type = self.event_type,
            event.at = self.event_at.map(|at| at.0),
            org.id = self.org,
            task.id = self.task,
            capacity.read_units = self.spent.read_units,
            capacity.write_units = self.spent.write_units,
            capacity.index_write_units = self.spent.index_write_units,
            round_trips = self.spent.round_trips,
            conflicts = self.spent.failed_conditions,
            duration_ms = self.duration_ms,
            "delivery"
        );
    }
}
