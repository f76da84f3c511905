//! Events: stored once, read in their order.
//!
//! Invariant: an event item is never written over.

use event_archive::ArchivedEvent;
use task_timeline::{Delivery, EpochMs, Identity};
use webhook::Webhook;

use super::item::{Item, expires, item, number, text, time};
use super::key::{Partition, event_key};
use super::session::{Session, Write, request};
use super::table::TableError;
use crate::store::retention::EVENT_DAYS;

impl Session {
    /// Stores an event unless it is there already. Returns when it arrived first.
    ///
    /// # Errors
    /// When it is not certain that it is stored.
    pub async fn put_event(&self, received: &ArchivedEvent<'_>) -> Result<EpochMs, TableError> {
        let put = self.put(event_item(received)).condition_expression("attribute_not_exists(pk)");
        match self.write(put, "store the event").await? {
            Write::Done => Ok(received.arrived_at),
            Write::Conflict(there) => Ok(time(&there, "arrived").unwrap_or(received.arrived_at)),
        }
    }

    /// All events of a task, in order: every one that was stored before the call.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn events(&self, partition: &Partition) -> Result<Vec<Delivery>, TableError> {
        let mut pages = self
            .query()
            .key_condition_expression("pk = :pk AND begins_with(sk, :event)")
            .expression_attribute_values(":pk", text(partition.key()))
            .expression_attribute_values(":event", text("E#"))
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut events = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| request("read the events", error))?;
            self.meter.read(page.consumed_capacity());
            events.extend(page.items().iter().filter_map(stored_event));
        }
        Ok(events)
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

/// The event of an item. Its identity is the key's: a body from which a person was erased gives
/// another one.
fn stored_event(item: &Item) -> Option<Delivery> {
    let body = item.get("body")?.as_s().ok()?;
    let key = item.get("sk")?.as_s().ok()?;
    let mut event = Webhook::parse(body.as_bytes()).ok()?.event;
    event.identity = Identity(u128::from_str_radix(key.rsplit('#').next()?, 16).ok()?);
    Some(Delivery { event, arrived_at: time(item, "arrived") })
}
