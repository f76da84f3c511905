//! The pulse of an organization: how many events came in, in steps of ten seconds.
//!
//! Invariant: it is only for display and costs a write for each batch, not for each event. A batch
//! that dies between its count and its acknowledgement is counted twice.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use task_timeline::{EpochMs, Id};

use super::item::{Item, number, text, time};
use super::key::pulse_key;
use super::session::{Session, request};
use super::table::TableError;
use crate::store::retention::DAY_MS;

/// How long a step is, in milliseconds.
const STEP_MS: i64 = 10_000;
/// How many steps a reader sees: a minute, and the step that is not over yet.
const STEPS: i32 = 7;
const STEPS_OF_AN_HOUR: i32 = 360;
/// How long a step stays.
const KEPT_MS: i64 = DAY_MS;

/// What a batch brought to an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beat {
    /// Events that came in.
    pub events: u32,
    /// Tasks and agents whose state had been behind.
    pub settled: u32,
    /// The newest `createdTime` among the events, but for those whose clock is ahead.
    pub newest: Option<EpochMs>,
    /// The subscriptions that delivered them.
    pub subscriptions: BTreeSet<String>,
}

/// The last minute of an organization.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pulse {
    /// Events that came in.
    pub events: u32,
    /// Tasks and agents whose state had been behind.
    pub settled: u32,
    /// The newest `createdTime`, also if it came before the last minute.
    pub newest: Option<EpochMs>,
    /// The end of the last step in which something came.
    pub last: Option<EpochMs>,
}

impl Session {
    /// Counts what a batch brought.
    ///
    /// # Errors
    /// When it is not certain that it is counted.
    pub async fn beat(&self, org: &Id, beat: Beat, now: EpochMs) -> Result<(), TableError> {
        let step = now.0 / STEP_MS * STEP_MS;
        let newest = beat.newest.map(|newest| (":newest", number(newest)));
        let subscriptions = Some(beat.subscriptions).filter(|ids| !ids.is_empty());
        let subscriptions = subscriptions
            .map(|ids| (":subscriptions", AttributeValue::Ss(ids.into_iter().collect())));
        let add = if subscriptions.is_some() { ", subscriptions :subscriptions" } else { "" };
        let set = if newest.is_some() { ", newest = :newest" } else { "" };
        let update = self
            .table
            .client
            .update_item()
            .table_name(&self.table.name)
            .key("pk", text(&pulse_key(org)))
            .key("sk", text(&format!("{step:013}")))
            .update_expression(format!(
                "ADD #events :events, settled :settled{add} SET expires = :expires{set}"
            ))
            .expression_attribute_names("#events", "events")
            .expression_attribute_values(":events", number(beat.events))
            .expression_attribute_values(":settled", number(beat.settled))
            .expression_attribute_values(":expires", number((step + KEPT_MS) / 1_000))
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        let update = newest
            .into_iter()
            .chain(subscriptions)
            .fold(update, |update, (name, value)| update.expression_attribute_values(name, value));
        let done = update.send().await.map_err(|error| request("count the events", error))?;
        self.meter.wrote(done.consumed_capacity());
        Ok(())
    }

    /// The last minute of an organization, as it is at `now`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn pulse(&self, org: &Id, now: EpochMs) -> Result<Pulse, TableError> {
        let query = self
            .query()
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(&pulse_key(org)))
            .scan_index_forward(false)
            .limit(STEPS);
        let page = query.send().await.map_err(|error| request("read the pulse", error))?;
        self.meter.read(page.consumed_capacity());
        let mut pulse = Pulse::default();
        for item in page.items() {
            let Some(ended) = ended(item) else { continue };
            pulse.last = pulse.last.max(Some(ended.min(now)));
            pulse.newest = pulse.newest.max(time(item, "newest"));
            if now - ended < 60_000 {
                pulse.events += count(item, "events");
                pulse.settled += count(item, "settled");
            }
        }
        Ok(pulse)
    }

    /// Whether a subscription has delivered something lately: within the last hour of an
    /// organization in which anything came in, and within a day.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn has_delivered(&self, subscription: &str) -> Result<bool, TableError> {
        for org in self.organizations().await? {
            let query = self
                .query()
                .key_condition_expression("pk = :pk")
                .filter_expression("contains(subscriptions, :subscription)")
                .expression_attribute_values(":pk", text(&pulse_key(&org)))
                .expression_attribute_values(":subscription", text(subscription))
                .scan_index_forward(false)
                .limit(STEPS_OF_AN_HOUR);
            let page = query.send().await.map_err(|error| request("read the pulse", error))?;
            self.meter.read(page.consumed_capacity());
            if !page.items().is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn ended(item: &Item) -> Option<EpochMs> {
    let began: i64 = item.get("sk")?.as_s().ok()?.parse().ok()?;
    Some(EpochMs(began + STEP_MS))
}

fn count(item: &Item, name: &str) -> u32 {
    item.get(name).and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default()
}
