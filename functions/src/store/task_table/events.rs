//! Events: stored once, read in their order, and their repeats counted.
//!
//! Invariants:
//! - An event item is never written over. A repeat adds its time of arrival, and nothing else.
//! - A time of arrival counts once, also where the answer to its write was lost.
//! - A flood of repeats costs no more than the puts that fail: [`MOST_REPEATS`] of an event are
//!   counted.

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use event_archive::ArchivedEvent;
use task_timeline::{Delivery, EpochMs, Identity};
use webhook::Webhook;

use super::item::{Item, expires, item, number, text, time};
use super::key::{Partition, event_key};
use super::session::{Session, Write, request};
use super::table::TableError;
use crate::store::retention::EVENT_DAYS;

/// How many repeats of an event are counted.
pub const MOST_REPEATS: usize = 20;
/// The attribute with the times at which repeats arrived.
pub(crate) const REPEATS: &str = "repeats";

/// When the deliveries of a stored event arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// The one that was stored.
    pub first: EpochMs,
    /// The repeats that were counted before.
    pub repeats: Vec<EpochMs>,
}

impl Session {
    /// Stores an event unless it is there already.
    ///
    /// # Errors
    /// When it is not certain that it is stored.
    pub async fn put_event(&self, received: &ArchivedEvent<'_>) -> Result<Arrivals, TableError> {
        let put = self.put(event_item(received)).condition_expression("attribute_not_exists(pk)");
        match self.write(put, "store the event").await? {
            Write::Done => Ok(Arrivals { first: received.arrived_at, repeats: Vec::new() }),
            Write::Conflict(there) => Ok(Arrivals {
                first: time(&there, "arrived").unwrap_or(received.arrived_at),
                repeats: repeats(&there),
            }),
        }
    }

    /// Counts a delivery of an event that was there, with the arrivals that are `known`, unless it
    /// is counted already, or enough are. The stream takes it to the archive from there.
    ///
    /// # Errors
    /// When it is not certain that it is counted.
    pub async fn count_repeat(
        &self,
        received: &ArchivedEvent<'_>,
        known: &Arrivals,
    ) -> Result<(), TableError> {
        let arrived_at = received.arrived_at;
        let is_counted = arrived_at <= known.first || known.repeats.contains(&arrived_at);
        if is_counted || known.repeats.len() >= MOST_REPEATS {
            return Ok(());
        }
        self.round_trip();
        let webhook = &received.webhook;
        let update = self
            .table
            .client
            .update_item()
            .table_name(&self.table.name)
            .key("pk", text(Partition::from_webhook(webhook).key()))
            .key("sk", text(&event_key(webhook.event.position())))
            .update_expression("ADD #repeats :arrived")
            // It may have expired since.
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#repeats", REPEATS)
            .expression_attribute_values(
                ":arrived",
                AttributeValue::Ns(vec![arrived_at.to_string()]),
            )
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        match update.send().await.map_err(|error| error.into_service_error()) {
            Ok(done) => self.meter.wrote(done.consumed_capacity()),
            Err(UpdateItemError::ConditionalCheckFailedException(_)) => {
                self.meter.failed_condition();
            }
            Err(error) => return Err(request("count the repeat", error)),
        }
        Ok(())
    }

    /// All events of a task, in order: every one that was stored before the call.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn events(&self, partition: &Partition) -> Result<Vec<Delivery>, TableError> {
        Ok(self.event_items(partition).await?.iter().filter_map(stored_event).collect())
    }

    /// The same with the repeats that were counted, each as a delivery of its own.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn deliveries(&self, partition: &Partition) -> Result<Vec<Delivery>, TableError> {
        let items = self.event_items(partition).await?;
        let events = items.iter().filter_map(|item| Some((stored_event(item)?, repeats(item))));
        let deliveries = events.flat_map(|(first, repeats)| {
            let event = first.event.clone();
            let repeat = move |at| Delivery { event: event.clone(), arrived_at: Some(at) };
            std::iter::once(first).chain(repeats.into_iter().map(repeat))
        });
        Ok(deliveries.collect())
    }

    async fn event_items(&self, partition: &Partition) -> Result<Vec<Item>, TableError> {
        let mut pages = self
            .query()
            .key_condition_expression("pk = :pk AND begins_with(sk, :event)")
            .expression_attribute_values(":pk", text(partition.key()))
            .expression_attribute_values(":event", text("E#"))
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| request("read the events", error))?;
            self.meter.read(page.consumed_capacity());
            items.extend(page.items.unwrap_or_default());
        }
        Ok(items)
    }
}

fn event_item(received: &ArchivedEvent<'_>) -> Item {
    let webhook = &received.webhook;
    let mut item = item(&Partition::from_webhook(webhook), &event_key(webhook.event.position()));
    item.insert("body".to_owned(), text(received.body));
    item.insert("arrived".to_owned(), number(received.arrived_at.0));
    item.insert("expires".to_owned(), expires(received.arrived_at, EVENT_DAYS));
    for (name, value) in
        [("dispatched", received.headers.timestamp), ("webhook_version", received.headers.version)]
    {
        item.extend(value.map(|value| (name.to_owned(), text(value))));
    }
    item
}

/// When the repeats of an item's event arrived.
fn repeats(item: &Item) -> Vec<EpochMs> {
    let times = item.get(REPEATS).and_then(|times| times.as_ns().ok());
    let times = times.into_iter().flatten().filter_map(|time| time.parse().ok());
    times.map(EpochMs).collect()
}

/// The event of an item. Its identity is the key's: a body from which a person was erased gives
/// another one.
fn stored_event(item: &Item) -> Option<Delivery> {
    let body = item.get("body")?.as_s().ok()?;
    let key = item.get("sk")?.as_s().ok()?;
    let mut event = Webhook::parse(body.as_bytes()).ok()?.event;
    event.identity = Identity(u128::from_str_radix(key.rsplit('#').next()?, 16).ok()?);
    Some(Delivery { event, arrived_at: time(item, "arrived") })
}
