//! The keys of the table and of its index.
//!
//! Invariant: keys of events sort as their [`Position`]s do.

use task_timeline::{Id, Position};
use webhook::Webhook;

/// The index of open tasks and of agents who are logged in.
pub const LIVE_INDEX: &str = "live";
/// What the index shows beside its keys.
pub const LIVE_ATTRIBUTES: [&str; 5] = ["phase", "since", "queue", "agent", "basis"];
/// The number of keys over which the index spreads each organization.
pub const LIVE_SHARDS: u32 = 16;

/// The events and the state of one task, or of one agent: all items under one `pk`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(String);

impl Partition {
    /// Where the event of `webhook` belongs.
    pub fn from_webhook(webhook: &Webhook<'_>) -> Partition {
        match (&webhook.task, &webhook.event.agent) {
            (Some(task), _) => Partition::task(&webhook.org, task),
            (None, Some(agent)) => Partition::agent(&webhook.org, agent),
            (None, None) => Partition(format!("O#{}", webhook.org)),
        }
    }

    /// The partition of a task.
    pub fn task(org: &Id, task: &Id) -> Partition {
        Partition(format!("T#{org}#{task}"))
    }

    /// The partition of an agent.
    pub fn agent(org: &Id, agent: &Id) -> Partition {
        Partition(format!("A#{org}#{agent}"))
    }

    /// The partition of that key.
    pub fn from_key(pk: &str) -> Partition {
        Partition(pk.to_owned())
    }

    /// Whether it holds a task.
    pub fn is_task(&self) -> bool {
        self.0.starts_with("T#")
    }

    /// The organization that it belongs to.
    pub fn org(&self) -> &str {
        self.0.split('#').nth(1).unwrap_or_default()
    }

    /// The `pk`.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// The key in the index: the organization and one of its shards.
    pub(super) fn live(&self) -> String {
        let shard = self.0.bytes().map(u32::from).sum::<u32>() % LIVE_SHARDS;
        format!("{}#{shard}", self.org())
    }
}

/// The `sk` of states.
pub const STATE_KEY: &str = "S";

/// The `sk` of an event.
pub fn event_key(position: Position) -> String {
    format!("E#{:013}#{:02}#{}", position.at.0, position.rank, position.identity)
}
