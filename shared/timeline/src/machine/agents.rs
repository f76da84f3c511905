//! Which agents are on a task, and their wrap-up.
//!
//! Invariant: nothing here moves the task; the timeline asks whether an agent was the only one.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::id::Id;
use crate::time::EpochMs;

/// An agent, in eight bytes; agent events of old tenants may name none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AgentKey(Option<u64>);

impl AgentKey {
    fn new(agent: Option<&Id>) -> AgentKey {
        AgentKey(agent.map(|agent| match agent {
            Id::Uuid(bytes) => xxh3_64(bytes),
            Id::Text(text) => xxh3_64(text.as_bytes()),
        }))
    }
}

/// Wrap-up that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct WrapUp {
    agent: AgentKey,
    offer: u32,
    since: EpochMs,
}

/// Wrap-up that is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WrappedUp {
    /// The offer that it belongs to.
    pub(crate) offer: u32,
    /// How long it took, in milliseconds.
    pub(crate) wrapup_ms: i64,
}

/// More agents than this on one task at once are not told apart; it bounds the stored state.
const MOST: usize = 6;

/// The agents of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Agents {
    /// On the call with the customer.
    connected: Vec<AgentKey>,
    /// Whose offer was answered: agent and offer, the newest last.
    answered: Vec<(AgentKey, u32)>,
    wrapping_up: Vec<WrapUp>,
    wrapup_ms: i64,
    /// The offer's agent gave the customer to another one.
    handed_over: bool,
}

impl Agents {
    /// Milliseconds of finished wrap-up, all offers together.
    pub(crate) fn wrapup_ms(&self) -> i64 {
        self.wrapup_ms
    }

    /// The agent talks with the customer.
    pub(crate) fn join(&mut self, agent: Option<&Id>) {
        let agent = AgentKey::new(agent);
        if agent.0.is_some() && !self.connected.contains(&agent) {
            push_bounded(&mut self.connected, agent);
        }
    }

    /// The agent does something else now.
    pub(crate) fn leave(&mut self, agent: Option<&Id>) {
        let agent = AgentKey::new(agent);
        self.connected.retain(|&other| other != agent);
    }

    /// The customer left all agents, for a queue or another offer.
    pub(crate) fn clear(&mut self) {
        self.connected.clear();
        self.handed_over = false;
    }

    /// The offer's agent left the customer to the others of a conference.
    pub(crate) fn hand_over(&mut self, agent: Option<&Id>) {
        self.leave(agent);
        self.handed_over = true;
    }

    /// Whether nobody stays with the customer when `agent` goes. `of_offer` is the agent of
    /// the offer, who is on the call even where no agent event said so.
    pub(crate) fn is_only(&self, agent: Option<&Id>, of_offer: Option<&Id>) -> bool {
        let key = AgentKey::new(agent);
        match self.connected.as_slice() {
            [] => {
                let may_be_the_offers = agent.is_none() || of_offer.is_none() || agent == of_offer;
                !self.handed_over && may_be_the_offers
            }
            [only] => *only == key || agent.is_none(),
            _ => false,
        }
    }

    /// The agent answered the offer.
    pub(crate) fn answer(&mut self, agent: &Id, offer: u32) {
        let entry = (AgentKey::new(Some(agent)), offer);
        if !self.answered.contains(&entry) {
            push_bounded(&mut self.answered, entry);
        }
    }

    /// The agent began to wrap up. `unnamed` is the last offer, where it was
    /// answered by an agent whom no event named. Agents who were only consulted have no offer;
    /// their work is not the task's.
    pub(crate) fn begin_wrap_up(&mut self, agent: Option<&Id>, unnamed: Option<u32>, at: EpochMs) {
        let agent = AgentKey::new(agent);
        if self.wrapping_up.iter().any(|other| other.agent == agent) {
            return;
        }
        let answered = self.answered.iter().rfind(|(other, _)| *other == agent).map(|last| last.1);
        if let Some(offer) = answered.or(unnamed) {
            push_bounded(&mut self.wrapping_up, WrapUp { agent, offer, since: at });
        }
    }

    /// The agent finished the wrap-up, if there was one.
    pub(crate) fn end_wrap_up(&mut self, agent: Option<&Id>, at: EpochMs) -> Option<WrappedUp> {
        let agent = AgentKey::new(agent);
        let found = self.wrapping_up.iter().position(|other| other.agent == agent)?;
        let WrapUp { offer, since, .. } = self.wrapping_up.remove(found);
        let wrapup_ms = at - since;
        self.wrapup_ms += wrapup_ms;
        Some(WrappedUp { offer, wrapup_ms })
    }
}

fn push_bounded<T>(list: &mut Vec<T>, item: T) {
    if list.len() == MOST {
        list.remove(0);
    }
    list.push(item);
}
