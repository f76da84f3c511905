//! Where the customers of a queue are, and which tasks these are.
//!
//! Invariants:
//! - Every open task of a queue counts in exactly one place, and the queues add up to all.
//! - **Uncertain** is a call whose phase is doubtful ([`Doubt`]). A caller in a queue may have hung up
//!   for a callback that no webhook reported: the first offer says which, or the callback signal
//!   says it at once. Of others the end may be lost. They count nowhere else until then.
//! - On the line and off it are only callers. A chat, an e-mail or an outdial waits.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::{Basis, Channel, EpochMs, Phase};

use super::uncertain::Doubt;
use crate::store::task_table::LiveTask;

/// How many tasks are named for each place of a queue, the oldest ones.
const NAMED: usize = 100;

/// One queue, or the tasks that are in none.
#[derive(Debug, Default, Serialize)]
pub(super) struct QueueBoard {
    pub(super) queue: Option<String>,
    #[serde(flatten)]
    pub(super) tile: Tile,
    /// Whoever waits first, then the others; the oldest first.
    pub(super) tasks: Vec<OpenTask>,
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

/// A task that has not ended.
#[derive(Debug, Serialize)]
pub(super) struct OpenTask {
    pub(super) task: String,
    pub(super) place: Place,
    pub(super) since: i64,
}

/// Where the customer of a task is. Those who wait, or may, come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    #[serde(rename = "live")]
    OnTheLine,
    Callback,
    Uncertain,
    #[serde(rename = "waiting")]
    Otherwise,
    Ringing,
    CallingBack,
    Talking,
    OnHold,
    Consulting,
    Conferencing,
    InFlow,
}

impl Place {
    pub(super) fn new(task: &LiveTask, doubt: Doubt) -> Place {
        if doubt.is_uncertain(task) {
            return Place::Uncertain;
        }
        match task.phase {
            Phase::Queued | Phase::CallbackWait if task.channel != Channel::Telephony => {
                Place::Otherwise
            }
            Phase::OutboundQueued => Place::Otherwise,
            Phase::Queued => Place::OnTheLine,
            Phase::CallbackWait => Place::Callback,
            Phase::SelfService => Place::InFlow,
            Phase::Offered => Place::Ringing,
            Phase::Dialing => Place::CallingBack,
            Phase::Talking => Place::Talking,
            Phase::OnHold => Place::OnHold,
            Phase::Consulting => Place::Consulting,
            Phase::Conferencing => Place::Conferencing,
        }
    }

    fn waits(self) -> bool {
        self <= Place::Otherwise
    }

    fn is_with_agent(self) -> bool {
        (Place::Talking..=Place::Conferencing).contains(&self)
    }
}

impl QueueBoard {
    pub(super) fn count(&mut self, task: &LiveTask, place: Place) {
        self.tile.count(task, place);
        self.tasks.push(OpenTask { task: task.task.clone(), place, since: task.since.0 });
    }

    pub(super) fn finish(mut self, queue: Option<&str>) -> QueueBoard {
        self.tasks.sort_by(|a, b| {
            (!a.place.waits(), a.since, &a.task).cmp(&(!b.place.waits(), b.since, &b.task))
        });
        let mut named: BTreeMap<Place, usize> = BTreeMap::new();
        self.tasks.retain(|task| {
            let count = named.entry(task.place).or_default();
            *count += 1;
            *count <= NAMED
        });
        QueueBoard { queue: queue.map(str::to_owned), ..self }
    }
}

impl Tile {
    pub(super) fn count(&mut self, task: &LiveTask, place: Place) {
        match place {
            Place::OnTheLine => self.on_the_line.add(task.since),
            Place::Callback => {
                self.callbacks.add(task.since);
                self.callbacks_certain += u32::from(task.basis != Basis::Inferred);
            }
            Place::Uncertain => self.uncertain.add(task.since),
            Place::Otherwise => self.waiting.add(task.since),
            Place::Ringing => self.ringing += 1,
            Place::CallingBack => self.calling_back += 1,
            Place::Talking => {}
            Place::OnHold => self.on_hold += 1,
            Place::Consulting => self.consulting += 1,
            Place::Conferencing => self.conferencing += 1,
            Place::InFlow => self.in_flow += 1,
        }
        self.talking += u32::from(place.is_with_agent());
    }
}

impl Waiting {
    fn add(&mut self, since: EpochMs) {
        self.count += 1;
        let longest = self.longest_since.map_or(since.0, |longest| longest.min(since.0));
        self.longest_since = Some(longest);
    }
}
