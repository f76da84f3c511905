//! The write protocol: an event becomes durable, and moves its task's state.
//!
//! Invariants:
//! - When deliveries stop, the state of a task is the fold of its stored events, whatever the
//!   order, repeats, concurrency or crashes between any two requests.
//! - A state never loses an event: it is written only over the version that was read, and what is
//!   written holds all that the version read held. Either it is that state with one event more;
//!   or the events were read after that version was known, and an event is always stored before
//!   the state that holds it.
//!
//! A writer that dies between event and state leaves the state behind; the consumer of the
//! table's stream notices and calls [`refold`].

use std::time::Duration;

use task_timeline::{Applied, Delivery, EpochMs, Limits, Timeline};
use thiserror::Error;

use crate::error_chain::Chain;
use crate::store::task_table::{Arrivals, Partition, Session, StateWrite, TableError, TaskState};
use event_archive::ArchivedEvent;

/// What a delivery did to its task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// It came after all others and moved the state.
    Applied,
    /// It belongs between others; the task was folded again.
    Late,
    /// The event was there already; nothing changed.
    Repeated,
    /// It concerns no task.
    NoTask,
    /// It is too late to be folded in, as some older events have expired. The nightly rebuild
    /// has them all.
    Expired,
}

impl Transition {
    /// The name in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Transition::Applied => "applied",
            Transition::Late => "late",
            Transition::Repeated => "duplicate",
            Transition::NoTask => "no_task",
            Transition::Expired => "expired",
        }
    }
}

/// Why a state was not moved although the event is stored.
#[derive(Debug, Error)]
pub enum TransitionError {
    /// The table failed.
    #[error("the state was not moved")]
    Table(#[from] TableError),
    /// Other writers were faster every time.
    #[error("the state was not moved in {attempts} attempts")]
    Contended {
        /// How often it was tried.
        attempts: u32,
    },
}

/// How often a state is written before it is left to the stream.
const ATTEMPTS: u32 = 10;

/// An event that is durable now, and what was read of its task at the same time.
#[derive(Debug)]
pub struct DurableEvent {
    arrivals: Arrivals,
    is_new: bool,
    state: Result<TaskState, TableError>,
}

/// Stores the event, and reads the state of its task at the same time.
///
/// # Errors
/// When it is not certain that the event is stored.
pub async fn store(
    session: &Session,
    received: &ArchivedEvent<'_>,
) -> Result<DurableEvent, TableError> {
    let partition = Partition::from_webhook(&received.webhook);
    session.round_trip();
    let state = async {
        match partition.is_task() {
            true => session.state(&partition).await,
            false => Ok(TaskState::default()),
        }
    };
    let (put, state) = tokio::join!(session.put_event(received), state);
    let arrivals = put?;
    // A put that the SDK tried twice may find its own event: that one is new.
    let is_new = arrivals.first == received.arrived_at;
    Ok(DurableEvent { arrivals, is_new, state })
}

/// Moves the states of the task and of the agent that a stored event concerns. A repeat is counted
/// instead: if that fails, the count is too low, and nothing else is wrong.
///
/// # Errors
/// When a state could not be moved. The event is stored all the same.
pub async fn transition(
    session: &Session,
    received: &ArchivedEvent<'_>,
    stored: DurableEvent,
) -> Result<Transition, TransitionError> {
    let agent = async {
        match stored.is_new {
            true => session.move_agent(received).await,
            false => {
                count_repeat(session, received, &stored.arrivals).await;
                Ok(())
            }
        }
    };
    let task = move_task(session, received, &stored);
    let (agent, task) = tokio::join!(agent, task);
    agent?;
    task
}

async fn count_repeat(session: &Session, received: &ArchivedEvent<'_>, arrivals: &Arrivals) {
    if let Err(error) = session.count_repeat(received, arrivals).await {
        tracing::warn!(cause = %Chain(&error), "a repeat is not counted");
    }
}

async fn move_task(
    session: &Session,
    received: &ArchivedEvent<'_>,
    stored: &DurableEvent,
) -> Result<Transition, TransitionError> {
    let partition = Partition::from_webhook(&received.webhook);
    if !partition.is_task() {
        return Ok(if stored.is_new { Transition::NoTask } else { Transition::Repeated });
    }
    let mut state = match &stored.state {
        Ok(state) => state.clone(),
        Err(_failed) => session.state(&partition).await?,
    };
    for attempt in 0..ATTEMPTS {
        let Some(next) = state.followed_by(received, stored.arrivals.first) else {
            // Behind the state: part of it, unless its first delivery is still at work, or died.
            if !stored.is_new {
                return Ok(Transition::Repeated);
            }
            return refold_from(session, &partition, state, received.arrived_at).await;
        };
        session.round_trip();
        match session.write_state(&partition, &next).await? {
            StateWrite::Done => return Ok(Transition::Applied),
            StateWrite::Conflict(newer) => state = *newer,
        }
        back_off(attempt).await;
    }
    Err(TransitionError::Contended { attempts: ATTEMPTS })
}

/// Makes the state of a task the fold of its events, unless some may have expired by `now`.
///
/// # Errors
/// When the table fails, or others keep writing.
pub async fn refold(
    session: &Session,
    partition: &Partition,
    now: EpochMs,
) -> Result<Transition, TransitionError> {
    let state = session.state(partition).await?;
    refold_from(session, partition, state, now).await
}

async fn refold_from(
    session: &Session,
    partition: &Partition,
    mut state: TaskState,
    now: EpochMs,
) -> Result<Transition, TransitionError> {
    for attempt in 0..ATTEMPTS {
        if !state.is_foldable(now) {
            return Ok(Transition::Expired);
        }
        session.round_trip();
        let next = state.refolded(session.events(partition).await?);
        if next == state {
            return Ok(Transition::Repeated);
        }
        session.round_trip();
        match session.write_state(partition, &next).await? {
            StateWrite::Done => return Ok(Transition::Late),
            StateWrite::Conflict(newer) => state = *newer,
        }
        back_off(attempt).await;
    }
    Err(TransitionError::Contended { attempts: ATTEMPTS })
}

impl TaskState {
    /// The state with one event more; `None` if the event belongs before others, or came before
    /// them: then all must be looked at again.
    fn followed_by(&self, received: &ArchivedEvent<'_>, arrived_at: EpochMs) -> Option<TaskState> {
        let mut next = self.clone();
        let applied = next.timeline.apply(&received.webhook.event, Limits::default(), &mut ());
        let came_last = self.last_arrival.is_none_or(|last| last <= arrived_at);
        let is_readable = self.version == 0 || self.timeline.events() > 0;
        if applied != Applied::InOrder || !came_last || !is_readable {
            return None;
        }
        next.first_arrival.get_or_insert(arrived_at);
        next.last_arrival = Some(arrived_at);
        Some(next)
    }

    /// The state that all `events` of the task give, to be written over this one.
    fn refolded(&self, events: Vec<Delivery>) -> TaskState {
        let arrivals = || events.iter().filter_map(|event| event.arrived_at);
        let (first_arrival, last_arrival) = (arrivals().min(), arrivals().max());
        let timeline = Timeline::fold(events, Limits::default(), &mut ());
        TaskState { version: self.version, timeline, first_arrival, last_arrival }
    }
}

/// Waits a random while, longer each time, so that writers do not meet again.
async fn back_off(attempt: u32) {
    let most = 10_u64 << attempt.min(5);
    tokio::time::sleep(Duration::from_millis(fastrand::u64(1..=most))).await;
}
