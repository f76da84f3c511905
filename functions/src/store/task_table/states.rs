//! States of tasks: written over the version that was read, or not at all.
//!
//! Invariant: a state that another version of the program wrote reads as an empty one of the same
//! version number, which is folded again before it is replaced.

use task_timeline::{EpochMs, Timeline};

use super::item::{Item, bytes, expires, item, number, parsed, text, time};
use super::key::{Partition, STATE_KEY};
use super::live::shown_phase;
use super::session::{Session, Write};
use super::table::TableError;
use crate::store::retention::{FOLDABLE_MS, OPEN_STATE_DAYS, STATE_DAYS};

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

impl Session {
    /// The state of a task. The writes of the last moment may be missing.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn state(&self, partition: &Partition) -> Result<TaskState, TableError> {
        let item = self.state_item(partition).await?;
        Ok(item.as_ref().map(task_state).unwrap_or_default())
    }

    /// Writes `next` over the state that was read as version `next.version`.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn write_state(
        &self,
        partition: &Partition,
        next: &TaskState,
    ) -> Result<StateWrite, TableError> {
        let put = self.put(task_item(partition, next)?);
        let put = match next.version {
            0 => put.condition_expression("attribute_not_exists(pk)"),
            read => put
                .condition_expression("#version = :read")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":read", number(read)),
        };
        Ok(match self.write(put, "write the state").await? {
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
}

fn task_item(partition: &Partition, next: &TaskState) -> Result<Item, TableError> {
    let timeline = &next.timeline;
    let mut item = item(partition, STATE_KEY);
    item.insert("version".to_owned(), number(next.version + 1));
    item.insert("timeline".to_owned(), bytes(timeline.encode()?));
    item.insert("digest".to_owned(), bytes(timeline.digest().to_be_bytes().to_vec()));
    for (name, arrival) in
        [("first_arrival", next.first_arrival), ("last_arrival", next.last_arrival)]
    {
        item.extend(arrival.map(|arrival| (name.to_owned(), number(arrival.0))));
    }
    let current = timeline.current();
    let days = if current.is_some() { OPEN_STATE_DAYS } else { STATE_DAYS };
    item.insert("expires".to_owned(), expires(next.last_arrival.unwrap_or_default(), days));
    if let Some(current) = current {
        item.insert("live".to_owned(), text(&partition.live()));
        item.insert("phase".to_owned(), text(&shown_phase(current.phase, timeline.channel())));
        item.insert("since".to_owned(), number(current.since.0));
        item.insert("basis".to_owned(), text(current.basis.name()));
        for (name, id) in [("queue", current.queue), ("agent", current.agent)] {
            item.extend(id.map(|id| (name.to_owned(), text(&id.to_string()))));
        }
    }
    Ok(item)
}

fn task_state(item: &Item) -> TaskState {
    let timeline = item.get("timeline").and_then(|value| value.as_b().ok());
    TaskState {
        version: item.get("version").and_then(parsed).unwrap_or_default(),
        timeline: timeline
            .and_then(|stored| Timeline::decode(stored.as_ref()).ok())
            .unwrap_or_default(),
        first_arrival: time(item, "first_arrival"),
        last_arrival: time(item, "last_arrival"),
    }
}
