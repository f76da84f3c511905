//! What is live in an organization, read from the index.
//!
//! Invariant: the cost grows with the open tasks and the agents who are logged in, never with
//! history: the index holds nothing else.

use futures_util::future::try_join_all;
use task_timeline::{AgentState, AgentStatus, Basis, Channel, EpochMs, Id, Named, Phase};

use super::item::{Item, text, time};
use super::key::{LIVE_INDEX, Partition, live_keys};
use super::session::{Session, request};
use super::table::TableError;

/// What is live in an organization. The writes of the last moment may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The open tasks.
    pub tasks: Vec<LiveTask>,
    /// The agents who are logged in.
    pub agents: Vec<LiveAgent>,
}

/// An open task, as the index shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveTask {
    /// Its id.
    pub task: String,
    /// Where its customer is.
    pub phase: Phase,
    /// Its channel; telephony unless an event named another.
    pub channel: Channel,
    /// Since when.
    pub since: EpochMs,
    /// The queue that it is in, or came from.
    pub queue: Option<String>,
    /// The agent who is with the customer, or at whom it rings, if known.
    pub agent: Option<String>,
    /// How the phase is known.
    pub basis: Basis,
}

/// An agent who is logged in, as the index shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveAgent {
    /// The agent's id.
    pub agent: String,
    /// What the agent does.
    pub state: String,
    /// Since when.
    pub since: EpochMs,
    /// The queue that the last event of the agent named.
    pub queue: Option<String>,
}

impl Session {
    /// Everything that is live in an organization, all shards at once.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn live(&self, org: &Id) -> Result<Live, TableError> {
        self.meter.round_trip();
        let shards = live_keys(org).map(|shard| self.live_shard(shard));
        let items = try_join_all(shards).await?.into_iter().flatten();
        let mut live = Live::default();
        for item in items {
            let Some(partition) = attribute(&item, "pk").map(Partition::from_key) else { continue };
            let Some((_, Some(id))) = partition.ids() else { continue };
            match partition.is_task() {
                true => live.tasks.extend(live_task(&id, &item)),
                false => live.agents.extend(live_agent(&id, &item)),
            }
        }
        Ok(live)
    }

    async fn live_shard(&self, shard: String) -> Result<Vec<Item>, TableError> {
        let query = self
            .query()
            .index_name(LIVE_INDEX)
            .key_condition_expression("live = :shard")
            .expression_attribute_values(":shard", text(&shard));
        let mut pages = query.into_paginator().send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| request("read what is live", error))?;
            self.meter.read(page.consumed_capacity());
            items.extend(page.items.unwrap_or_default());
        }
        Ok(items)
    }
}

/// `None` for what a newer version of the program wrote.
fn live_task(task: &Id, item: &Item) -> Option<LiveTask> {
    let (channel, phase) = read_phase(attribute(item, "phase")?)?;
    Some(LiveTask {
        task: task.to_string(),
        phase,
        channel,
        since: time(item, "since")?,
        queue: attribute(item, "queue").map(str::to_owned),
        agent: attribute(item, "agent").map(str::to_owned),
        basis: Basis::from_name(attribute(item, "basis")?)?,
    })
}

/// A phase as the index shows it: with its channel before it, unless that is telephony. The channel
/// has no attribute of its own, since the attributes of an index cannot be changed.
pub(super) fn shown_phase(phase: Phase, channel: Option<Channel>) -> String {
    match channel.unwrap_or(Channel::Telephony) {
        Channel::Telephony => phase.name().to_owned(),
        channel @ (Channel::Chat
        | Channel::Email
        | Channel::Social
        | Channel::CustomMessaging
        | Channel::WorkItem
        | Channel::Other) => format!("{}/{}", channel.name(), phase.name()),
    }
}

/// What [`shown_phase`] wrote.
fn read_phase(shown: &str) -> Option<(Channel, Phase)> {
    match shown.split_once('/') {
        Some((channel, phase)) => Some((Channel::from_name(channel), Phase::from_name(phase)?)),
        None => Some((Channel::Telephony, Phase::from_name(shown)?)),
    }
}

/// Items of version 0.1 hold what the webhooks call the state.
fn live_agent(agent: &Id, item: &Item) -> Option<LiveAgent> {
    let name = attribute(item, "phase")?;
    let told = || AgentStatus::from_state(AgentState::from_name(name));
    let status = AgentStatus::from_name(name).or_else(told)?;
    Some(LiveAgent {
        agent: agent.to_string(),
        state: status.name().to_owned(),
        since: time(item, "since")?,
        queue: attribute(item, "queue").map(str::to_owned),
    })
}

fn attribute<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::item::number;
    use super::*;

    #[test]
    fn a_state_of_an_agent_is_read_back_and_so_is_an_older_one() {
        let state = |phase: &str| {
            let attributes = [("phase", text(phase)), ("since", number(1))];
            let item = attributes.map(|(name, value)| (name.to_owned(), value));
            live_agent(&Id::new("a").unwrap(), &Item::from(item)).map(|agent| agent.state)
        };
        for status in AgentStatus::ALL {
            assert_eq!(state(status.name()).as_deref(), Some(status.name()));
        }
        assert_eq!(state("on-hold").as_deref(), Some("on_hold"));
        assert_eq!(state("hold-done").as_deref(), Some("connected"));
        assert_eq!(state("levitating"), None);
    }

    #[test]
    fn a_phase_is_read_back_with_its_channel() {
        assert_eq!(shown_phase(Phase::Queued, None), "queued");
        assert_eq!(shown_phase(Phase::Queued, Some(Channel::Email)), "email/queued");
        for phase in Phase::ALL {
            for &channel in Channel::NAMED.iter().chain(&[Channel::Other]) {
                let shown = shown_phase(phase, Some(channel));
                assert_eq!(read_phase(&shown), Some((channel, phase)));
            }
        }
        assert_eq!(read_phase("chat/levitating"), None);
    }
}
