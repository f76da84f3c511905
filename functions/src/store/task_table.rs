//! The DynamoDB table: what lies where, and every request that is made of it.
//!
//! | item | `pk` | `sk` | attributes |
//! |---|---|---|---|
//! | event of a task | `T#<org>#<task>` | `E#<createdTime>#<rank>#<identity>` | `body`, `arrived`, `dispatched`, `webhook_version`, `expires` |
//! | state of a task | `T#<org>#<task>` | `S` | `version`, `timeline`, `digest`, `first_arrival`, `last_arrival`, `expires`; while the task is open `live`, `phase`, `since`, `queue`, `agent`, `basis` |
//! | event of an agent without a task | `A#<org>#<agent>` | as of a task | as of a task |
//! | state of an agent | `A#<org>#<agent>` | `S` | `last`, `expires`; until the agent logs out `live`, `phase`, `since`, `queue` |
//! | event about neither | `O#<org>` | as of a task | as of a task |
//! | pulse | `P#<org>` | begin of ten seconds | `events`, `settled`, `newest`, `expires` |
//! | organization | `ORGANIZATIONS` | `<org>` | |
//! | subscription | `WATCH` | its resource | `seen`, and `gap` while it is not active |
//!
//! `createdTime` has 13 digits and `rank` two, so a Query gives the events of a task in the order
//! of their [`Position`](task_timeline::Position), and the state after them. The index `live` (hash `live`, range `pk`)
//! holds open tasks and agents who are logged in and nothing else; its 16 shards for each
//! organization keep a busy one from throttling the table. Times are epoch milliseconds, but
//! `expires` epoch seconds, as TTL wants them.
//!
//! Pulses and organizations are written by `archive-events`, once for each of its batches and once
//! for each of its instances; the table's stream shows them too, and its consumer needs only what
//! has an `sk` of `S` or `E#…`.
//!
//! Invariant: an event item is never written twice, and a state never over one that was not read.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};
use event_archive::ArchivedEvent;
use task_timeline::{Delivery, EpochMs, Timeline};
use thiserror::Error;

use self::item::{
    FOLDABLE_MS, Item, agent_item, event_item, number, stored_event, task_item, task_state, text,
    time,
};
use crate::store::spent::Meter;

mod bodies;
mod item;
mod key;
mod live;
mod pulse;
mod watch;

pub use self::bodies::{Page, StoredText};
pub(crate) use self::item::tells_agent_state;
pub use self::key::{LIVE_SHARDS, Partition, STATE_KEY, event_key};
pub use self::live::{Live, LiveAgent, LiveTask};
pub use self::pulse::{Beat, Pulse};
pub use self::watch::Watched;

/// The index of open tasks and of agents who are logged in.
pub const LIVE_INDEX: &str = "live";
/// What the index shows beside its keys.
pub const LIVE_ATTRIBUTES: [&str; 5] = ["phase", "since", "queue", "agent", "basis"];

/// The state of a task as it is stored; version 0 if it is not stored yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskState {
    /// Counts the writes.
    pub version: u64,
    /// The timeline; the empty one if another version of the program wrote it.
    pub timeline: Timeline,
    /// When the first of its events came.
    pub first_arrival: Option<EpochMs>,
    /// When the last of its events came.
    pub last_arrival: Option<EpochMs>,
}

impl TaskState {
    /// Whether all events of the task are still there at `now`.
    pub fn is_foldable(&self, now: EpochMs) -> bool {
        self.first_arrival.is_none_or(|first| now - first < FOLDABLE_MS)
    }
}

/// What became of the write of a state.
#[derive(Debug)]
pub enum StateWrite {
    /// It is written.
    Done,
    /// Somebody else wrote first; this is the state now.
    Conflict(Box<TaskState>),
}

/// The table.
#[derive(Clone, Debug)]
pub struct TaskTable {
    client: Client,
    name: String,
}

/// Why the table could not be read or written.
#[derive(Debug, Error)]
pub enum TableError {
    /// DynamoDB refused, failed, or did not answer, after all retries.
    #[error("DynamoDB did not {request}")]
    Request {
        /// What was asked for.
        request: &'static str,
        /// Why not.
        #[source]
        source: Box<aws_sdk_dynamodb::Error>,
    },
    /// A timeline has no stored form.
    #[error("a timeline cannot be encoded")]
    Encoding(#[from] task_timeline::StoredError),
}

impl TaskTable {
    /// The table of that name.
    pub fn new(client: Client, name: String) -> TaskTable {
        TaskTable { client, name }
    }

    /// Stores an event unless it is there already. Returns when it arrived first.
    ///
    /// # Errors
    /// When it is not certain that it is stored.
    pub async fn put_event(
        &self,
        received: &ArchivedEvent<'_>,
        meter: &Meter,
    ) -> Result<EpochMs, TableError> {
        let put = self.put(event_item(received)).condition_expression("attribute_not_exists(pk)");
        match written("store the event", put.send().await, meter)? {
            Write::Done => Ok(received.arrived_at),
            Write::Conflict(there) => Ok(time(&there, "arrived").unwrap_or(received.arrived_at)),
        }
    }

    /// The state of a task. It may be behind by the writes of the last moment.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn state(
        &self,
        partition: &Partition,
        meter: &Meter,
    ) -> Result<TaskState, TableError> {
        let item = self.state_item(partition, meter).await?;
        Ok(item.as_ref().map(task_state).unwrap_or_default())
    }

    /// All events of a task, in order: every one that was stored before the call.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn events(
        &self,
        partition: &Partition,
        meter: &Meter,
    ) -> Result<Vec<Delivery>, TableError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND begins_with(sk, :event)")
            .expression_attribute_values(":pk", text(partition.key()))
            .expression_attribute_values(":event", text("E#"))
            .consistent_read(true)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .into_paginator()
            .send();
        let mut events = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| request("read the events", error))?;
            meter.read(page.consumed_capacity());
            events.extend(page.items().iter().filter_map(stored_event));
        }
        Ok(events)
    }

    /// Writes `next` over the state that was read as version `next.version`.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn write_state(
        &self,
        partition: &Partition,
        next: &TaskState,
        meter: &Meter,
    ) -> Result<StateWrite, TableError> {
        let put = self.put(task_item(partition, next)?);
        let put = match next.version {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            read => put
                .condition_expression("#version = :read")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":read", number(read)),
        };
        Ok(match written("write the state", put.send().await, meter)? {
            Write::Done => StateWrite::Done,
            Write::Conflict(there) => match task_state(&there) {
                // Our own write: its answer was lost, and the SDK tried again.
                ours if ours.version == next.version + 1 && ours.timeline == next.timeline => {
                    StateWrite::Done
                }
                theirs => StateWrite::Conflict(Box::new(theirs)),
            },
        })
    }

    /// Moves an agent to the state that the event tells, unless a later event has done so.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn move_agent(
        &self,
        received: &ArchivedEvent<'_>,
        meter: &Meter,
    ) -> Result<(), TableError> {
        let Some(item) = agent_item(received) else { return Ok(()) };
        let event = &received.webhook.event;
        let put = self
            .put(item)
            .condition_expression("attribute_not_exists(pk) OR #last < :last")
            .expression_attribute_names("#last", "last")
            .expression_attribute_values(":last", text(&event_key(event.position())));
        written("move the agent", put.send().await, meter).map(drop)
    }

    /// Moves an agent as [`TaskTable::move_agent`] does, if its state is behind the event. Returns
    /// whether it was. A read costs a tenth of a write that turns out to be for nothing.
    ///
    /// # Errors
    /// When it is not certain that the agent is where it should be.
    pub async fn settle_agent(
        &self,
        received: &ArchivedEvent<'_>,
        meter: &Meter,
    ) -> Result<bool, TableError> {
        let (Some(next), Some(agent)) = (agent_item(received), &received.webhook.event.agent)
        else {
            return Ok(false);
        };
        let partition = Partition::agent(&received.webhook.org, agent);
        let there = self.state_item(&partition, meter).await?;
        let last = |item: &Item| item.get("last").and_then(|last| last.as_s().ok().cloned());
        let is_behind = there.as_ref().and_then(last) < last(&next);
        if is_behind {
            self.move_agent(received, meter).await?;
        }
        Ok(is_behind)
    }

    /// The state item under `pk`. It may be behind by the writes of the last moment.
    async fn state_item(
        &self,
        partition: &Partition,
        meter: &Meter,
    ) -> Result<Option<Item>, TableError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", text(partition.key()))
            .key("sk", text(STATE_KEY))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = get.send().await.map_err(|error| request("read the state", error))?;
        meter.read(answer.consumed_capacity());
        Ok(answer.item)
    }

    fn put(&self, item: Item) -> PutItemFluentBuilder {
        self.client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
    }
}

enum Write {
    Done,
    Conflict(Item),
}

fn written(
    what: &'static str,
    answer: Result<PutItemOutput, SdkError<PutItemError>>,
    meter: &Meter,
) -> Result<Write, TableError> {
    match answer {
        Ok(done) => {
            meter.wrote(done.consumed_capacity());
            Ok(Write::Done)
        }
        Err(error) => {
            let error = error.into_service_error();
            if let PutItemError::ConditionalCheckFailedException(failed) = error {
                meter.failed_condition();
                Ok(Write::Conflict(failed.item.unwrap_or_default()))
            } else {
                Err(request(what, error))
            }
        }
    }
}

fn request(request: &'static str, error: impl Into<aws_sdk_dynamodb::Error>) -> TableError {
    TableError::Request { request, source: Box::new(error.into()) }
}
