//! Where the customers of a queue are, and who waits longest.
//!
//! Invariants:
//! - Every open task of a queue counts in exactly one place, and the queues add up to all.
//! - **Uncertain** is a caller who has been `queued` for longer than an option says, and
//!   without any event since: no offer, no end. Such a caller may wait on the line, or may have
//!   hung up for a callback that no webhook reported. The first offer says which, or the callback
//!   signal says it at once. They are neither waiting live nor callbacks until then.

use serde::Serialize;
use task_timeline::{Basis, EpochMs, Phase};

use crate::store::task_table::LiveTask;

/// How many of those who wait longest are named for each queue.
const NAMED: usize = 10;

/// One queue, or the tasks that are in none.
#[derive(Debug, Default, Serialize)]
pub(super) struct QueueBoard {
    pub(super) queue: Option<String>,
    #[serde(flatten)]
    pub(super) tile: Tile,
    pub(super) longest: Vec<Waiter>,
}

/// Where the customers are.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tile {
    pub(super) in_flow: u32,
    #[serde(rename = "live")]
    pub(super) on_the_line: Waiting,
    pub(super) callbacks: Waiting,
    /// Those of `callbacks` that were not inferred.
    pub(super) callbacks_certain: u32,
    pub(super) uncertain: Waiting,
    pub(super) ringing: u32,
    pub(super) calling_back: u32,
    /// With an agent: talking, on hold, in a consultation or a conference.
    pub(super) talking: u32,
    pub(super) on_hold: u32,
    pub(super) consulting: u32,
    pub(super) conferencing: u32,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Waiting {
    pub(super) count: u32,
    pub(super) longest_since: Option<i64>,
}

/// Somebody who waits.
#[derive(Debug, Serialize)]
pub(super) struct Waiter {
    pub(super) task: String,
    pub(super) waits: Waits,
    pub(super) since: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Waits {
    #[serde(rename = "live")]
    OnTheLine,
    Callback,
    Uncertain,
}

/// How the customer waits, if it is waiting.
pub(super) fn waits(task: &LiveTask, now: EpochMs, uncertain_after_ms: i64) -> Option<Waits> {
    match task.phase {
        Phase::Queued if now - task.since > uncertain_after_ms => Some(Waits::Uncertain),
        Phase::Queued => Some(Waits::OnTheLine),
        Phase::CallbackWait => Some(Waits::Callback),
        Phase::SelfService
        | Phase::OutboundQueued
        | Phase::Offered
        | Phase::Dialing
        | Phase::Talking
        | Phase::OnHold
        | Phase::Consulting
        | Phase::Conferencing => None,
    }
}

impl QueueBoard {
    pub(super) fn count(&mut self, task: &LiveTask, waits: Option<Waits>) {
        self.tile.count(task, waits);
        let waiter = |waits| Waiter { task: task.task.clone(), waits, since: task.since.0 };
        self.longest.extend(waits.map(waiter));
    }

    pub(super) fn finish(mut self, queue: Option<&str>) -> QueueBoard {
        self.longest.sort_by(|a, b| (a.since, &a.task).cmp(&(b.since, &b.task)));
        self.longest.truncate(NAMED);
        QueueBoard { queue: queue.map(str::to_owned), ..self }
    }
}

impl Tile {
    pub(super) fn count(&mut self, task: &LiveTask, waits: Option<Waits>) {
        match waits {
            Some(Waits::OnTheLine) => self.on_the_line.add(task.since),
            Some(Waits::Callback) => self.callbacks.add(task.since),
            Some(Waits::Uncertain) => self.uncertain.add(task.since),
            None => {}
        }
        match task.phase {
            Phase::SelfService => self.in_flow += 1,
            Phase::Queued | Phase::OutboundQueued => {}
            Phase::CallbackWait => {
                self.callbacks_certain += u32::from(task.basis != Basis::Inferred);
            }
            Phase::Offered => self.ringing += 1,
            Phase::Dialing => self.calling_back += 1,
            Phase::Talking => {}
            Phase::OnHold => self.on_hold += 1,
            Phase::Consulting => self.consulting += 1,
            Phase::Conferencing => self.conferencing += 1,
        }
        self.talking += u32::from(task.phase.is_with_agent());
    }
}

impl Waiting {
    fn add(&mut self, since: EpochMs) {
        self.count += 1;
        let longest = self.longest_since.map_or(since.0, |longest| longest.min(since.0));
        self.longest_since = Some(longest);
    }
}
