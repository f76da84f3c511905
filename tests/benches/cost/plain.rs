//! Two plain designs for the same task: every event kept once, the task's state after it, the
//! index of open tasks. Each as cheap as it can be: a repeat is recognised by reading alone.

use std::collections::HashMap;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, ConsumedCapacity, Put, ReturnConsumedCapacity, TransactWriteItem,
};
use event_archive::ArchivedEvent;
use functions::store::spent::Spent;
use functions::store::task_table::{LIVE_ATTRIBUTES, Partition, TaskTable, event_key};
use local_stack::create_table;
use task_timeline::{Applied, Delivery, Limits, Timeline};
use webhook::Webhook;

use crate::add;

type Item = HashMap<String, AttributeValue>;

/// A table of its own for a design.
pub(crate) struct Plain {
    client: Client,
    name: &'static str,
    /// For what the designs have in common with ours: agents, and events without a task.
    table: TaskTable,
}

impl Plain {
    pub(crate) async fn create(client: Client, name: &'static str) -> Result<Plain> {
        create_table(&client, name, &LIVE_ATTRIBUTES).await?;
        let table = TaskTable::new(client.clone(), name.to_owned());
        Ok(Plain { client, name, table })
    }

    /// Read the state, write it with the event, all or nothing. A late event has the task's
    /// events read and folded anew, as with us.
    pub(crate) async fn transaction(&self, received: &ArchivedEvent<'_>) -> Result<Spent> {
        let partition = Partition::from_webhook(&received.webhook);
        if !partition.is_task() {
            return self.without_task(received).await;
        }
        let (state, mut spent) = self.read(&partition).await?;
        let version = version(&state);
        let stored = state.get("timeline").and_then(|timeline| timeline.as_b().ok());
        let mut timeline =
            stored.map(|stored| Timeline::decode(stored.as_ref())).transpose()?.unwrap_or_default();
        let event = &received.webhook.event;
        match timeline.apply(event, Limits::default(), &mut ()) {
            Applied::InOrder => {}
            Applied::Repeated => return Ok(spent),
            Applied::Behind => {
                let session = self.table.session();
                let mut events = session.events(&partition).await?;
                add(&mut spent, session.spent());
                spent.round_trips += 1;
                if events.iter().any(|known| known.event.identity == event.identity) {
                    return Ok(spent);
                }
                let arrived_at = Some(received.arrived_at);
                events.push(Delivery { event: event.clone(), arrived_at });
                timeline = Timeline::fold(events, Limits::default(), &mut ());
            }
        }
        let mut next = self.state(&partition, &received.webhook, &timeline, version + 1);
        next.insert("timeline".to_owned(), AttributeValue::B(Blob::new(timeline.encode()?)));
        let mut item = key(&partition, &event_key(event.position()));
        item.insert("body".to_owned(), text(received.body));
        item.insert("arrived".to_owned(), number(received.arrived_at.0));
        item.insert("expires".to_owned(), number(received.arrived_at.0 / 1_000));
        let puts = [
            self.put(item).condition_expression("attribute_not_exists(pk)").build()?,
            self.put(next)
                .condition_expression("attribute_not_exists(pk) OR version = :read")
                .expression_attribute_values(":read", number(version))
                .build()?,
        ];
        let puts = puts.map(|put| TransactWriteItem::builder().put(put).build());
        let transaction = self.client.transact_write_items().set_transact_items(Some(puts.into()));
        let transaction = transaction.return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        let written = transaction.send().await?;
        for capacity in written.consumed_capacity() {
            wrote(&mut spent, capacity);
        }
        self.move_agent(received, &mut spent).await?;
        spent.round_trips += 1;
        Ok(spent)
    }

    /// One item for each task, with all its events, written anew with each.
    pub(crate) async fn growing_item(&self, received: &ArchivedEvent<'_>) -> Result<Spent> {
        let partition = Partition::from_webhook(&received.webhook);
        if !partition.is_task() {
            return self.without_task(received).await;
        }
        let (item, mut spent) = self.read(&partition).await?;
        let version = version(&item);
        let known = item.get("events").and_then(|events| events.as_l().ok());
        let mut bodies = known.cloned().unwrap_or_default();
        bodies.push(text(received.body));
        let mut events = Vec::with_capacity(bodies.len());
        for body in &bodies {
            let body = body.as_s().ok().context("events are bodies")?;
            let event = Webhook::parse(body.as_bytes())?.event;
            events.push(Delivery { event, arrived_at: None });
        }
        let is_new = |(new, known): (&Delivery, &[Delivery])| {
            known.iter().all(|known| known.event.identity != new.event.identity)
        };
        if !events.split_last().is_some_and(is_new) {
            return Ok(spent);
        }
        let timeline = Timeline::fold(events, Limits::default(), &mut ());
        let mut next = self.state(&partition, &received.webhook, &timeline, version + 1);
        next.insert("events".to_owned(), AttributeValue::L(bodies));
        let put = self.client.put_item().table_name(self.name).set_item(Some(next));
        let put = put
            .condition_expression("attribute_not_exists(pk) OR version = :read")
            .expression_attribute_values(":read", number(version))
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes);
        wrote(&mut spent, put.send().await?.consumed_capacity().context("no capacity")?);
        self.move_agent(received, &mut spent).await?;
        spent.round_trips += 1;
        Ok(spent)
    }

    async fn read(&self, partition: &Partition) -> Result<(Item, Spent)> {
        let get = self.client.get_item().table_name(self.name);
        let get = get.set_key(Some(key(partition, "S"))).consistent_read(true);
        let read = get.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await?;
        let capacity = read.consumed_capacity().and_then(|capacity| capacity.capacity_units);
        let read_units = capacity.context("no capacity")?;
        let spent = Spent { read_units, round_trips: 1, ..Spent::default() };
        Ok((read.item.unwrap_or_default(), spent))
    }

    async fn without_task(&self, received: &ArchivedEvent<'_>) -> Result<Spent> {
        let session = self.table.session();
        let arrivals = session.put_event(received).await?;
        let mut spent = Spent { round_trips: 1, ..session.spent() };
        if arrivals.first == received.arrived_at {
            self.move_agent(received, &mut spent).await?;
        }
        Ok(spent)
    }

    /// At the same time as the write of the task's state: no round trip of its own.
    async fn move_agent(&self, received: &ArchivedEvent<'_>, spent: &mut Spent) -> Result<()> {
        let session = self.table.session();
        session.move_agent(received).await?;
        add(spent, session.spent());
        Ok(())
    }

    /// What the index shows of an open task, and when the item expires.
    fn state(
        &self,
        partition: &Partition,
        webhook: &Webhook<'_>,
        timeline: &Timeline,
        version: u64,
    ) -> Item {
        let mut item = key(partition, "S");
        item.insert("version".to_owned(), number(version));
        item.insert("expires".to_owned(), number(webhook.event.at.0 / 1_000));
        if let Some(current) = timeline.current() {
            item.insert("live".to_owned(), text(&format!("{}#0", webhook.org)));
            item.insert("phase".to_owned(), text(current.phase.name()));
            item.insert("since".to_owned(), number(current.since.0));
            item.insert("basis".to_owned(), text(current.basis.name()));
            for (name, id) in [("queue", current.queue), ("agent", current.agent)] {
                item.extend(id.map(|id| (name.to_owned(), text(&id.to_string()))));
            }
        }
        item
    }

    fn put(&self, item: Item) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        Put::builder().table_name(self.name).set_item(Some(item))
    }
}

fn wrote(spent: &mut Spent, capacity: &ConsumedCapacity) {
    let indexes = capacity.global_secondary_indexes().into_iter().flat_map(HashMap::values);
    let index: f64 = indexes.filter_map(|index| index.capacity_units).sum();
    spent.index_write_units += index;
    spent.write_units += capacity.capacity_units.unwrap_or_default() - index;
}

fn version(item: &Item) -> u64 {
    let version = item.get("version").and_then(|version| version.as_n().ok());
    version.and_then(|version| version.parse().ok()).unwrap_or_default()
}

fn key(partition: &Partition, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(partition.key())), ("sk".to_owned(), text(sk))])
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}
