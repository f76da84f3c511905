//! Where the customers of a queue are, and who waits longest.
//!
//! Invariants:
//! - Every open task of a queue counts in exactly one place, and the queues add up to all.
//! - **Uncertain** is a call whose phase is doubtful ([`Doubt`]). A caller in a queue may have hung up
//!   for a callback that no webhook reported: the first offer says which, or the callback signal
//!   says it at once. Of others the end may be lost. They count nowhere else until then.
//! - On the line and off it are only callers. A chat, an e-mail or an outdial waits.

use serde::Serialize;
use task_timeline::{Basis, Channel, EpochMs, Phase};

use super::uncertain::Doubt;
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
    /// All others that wait: chats, e-mails and the like, and outdials that wait for an agent.
    pub(super) waiting: Waiting,
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
    #[serde(rename = "waiting")]
    Otherwise,
}

/// How the customer waits, if they wait, or may.
pub(super) fn waits(task: &LiveTask, doubt: Doubt) -> Option<Waits> {
    if doubt.is_uncertain(task) {
        return Some(Waits::Uncertain);
    }
    match task.phase {
        Phase::Queued | Phase::CallbackWait if task.channel != Channel::Telephony => {
            Some(Waits::Otherwise)
        }
        Phase::OutboundQueued => Some(Waits::Otherwise),
        Phase::Queued => Some(Waits::OnTheLine),
        Phase::CallbackWait => Some(Waits::Callback),
        Phase::SelfService
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
            Some(Waits::Callback) => {
                self.callbacks.add(task.since);
                self.callbacks_certain += u32::from(task.basis != Basis::Inferred);
            }
            Some(Waits::Uncertain) => self.uncertain.add(task.since),
            Some(Waits::Otherwise) => self.waiting.add(task.since),
            None => self.count_busy(task.phase),
        }
    }

    /// Counts a customer who does not wait in a queue.
    fn count_busy(&mut self, phase: Phase) {
        match phase {
            Phase::SelfService => self.in_flow += 1,
            Phase::Queued | Phase::CallbackWait | Phase::OutboundQueued => {}
            Phase::Offered => self.ringing += 1,
            Phase::Dialing => self.calling_back += 1,
            Phase::Talking => {}
            Phase::OnHold => self.on_hold += 1,
            Phase::Consulting => self.consulting += 1,
            Phase::Conferencing => self.conferencing += 1,
        }
        self.talking += u32::from(phase.is_with_agent());
    }
}

impl Waiting {
    fn add(&mut self, since: EpochMs) {
        self.count += 1;
        let longest = self.longest_since.map_or(since.0, |longest| longest.min(since.0));
        self.longest_since = Some(longest);
    }
}
