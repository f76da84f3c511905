//! What is logged and measured of a delivery.
//!
//! Invariant: it holds no body, no secret and no phone number.

use task_timeline::{EpochMs, EventType};
use webhook::Webhook;

use super::outcome::DeliveryOutcome;
use crate::store::spent::Spent;

/// One delivery, for the log and the metrics.
#[derive(Debug)]
pub struct DeliverySummary {
    /// What became of it.
    pub outcome: DeliveryOutcome,
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
    /// Whether the event is dated after that, by a clock that is wrong.
    pub is_clock_ahead: bool,
    /// What it cost.
    pub spent: Spent,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

impl DeliverySummary {
    /// The summary of a delivery about which nothing is known yet.
    pub(crate) fn new(arrived_at: EpochMs) -> DeliverySummary {
        let (outcome, spent) = (DeliveryOutcome::Unavailable, Spent::default());
        let (event_type, org, task, event_at) = (None, None, None, None);
        DeliverySummary {
            outcome,
            event_type,
            org,
            task,
            event_at,
            arrived_at,
            is_clock_ahead: false,
            spent,
            duration_ms: 0.0,
        }
    }

    /// Whether it is a webhook, and durable: not a signal of a flow, and not refused.
    pub(crate) fn is_webhook_taken(&self) -> bool {
        let signals = [EventType::CallbackRequested, EventType::CallbackFailed];
        let kind = self.event_type.as_deref().map(EventType::from_name);
        self.outcome.status().0.is_success() && !kind.is_some_and(|kind| signals.contains(&kind))
    }

    pub(crate) fn describe(&mut self, webhook: &Webhook<'_>) {
        self.event_type = Some(webhook.type_name.to_string());
        self.org = Some(webhook.org.to_string());
        self.task = webhook.task.as_ref().map(ToString::to_string);
        self.event_at = Some(webhook.event.at);
        self.is_clock_ahead = webhook.is_clock_ahead(self.arrived_at);
    }

    /// Writes the delivery's line in the log.
    pub fn log(&self) {
        tracing::info!(
            outcome = self.outcome.name(),
            status = self.outcome.status().0.as_u16(),
            detail = self.outcome.detail(),
            event.r#type = self.event_type,
            event.at = self.event_at.map(|at| at.0),
            clock_ahead = self.is_clock_ahead,
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
