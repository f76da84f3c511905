//! Which agents are on a task, and their wrap-up.
//!
//! Invariant: nothing here moves the task; the timeline asks whether an agent was the only one. The
//! answers do not depend on the order of agent events that are next to each other (A5).

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::id::Id;
use crate::machine::stage::SAME_MOMENT_MS;
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

/// An agent on the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OnCall {
    agent: AgentKey,
    /// When the agent left it for something else than wrap-up.
    left_at: Option<EpochMs>,
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
    /// On the call with the customer, or just gone.
    on_call: Vec<OnCall>,
    /// Whose offer was answered: agent, if known, and offer; the newest last.
    answered: Vec<(AgentKey, u32)>,
    wrapping_up: Vec<WrapUp>,
    wrapup_ms: Option<i64>,
    /// The offer's agent gave the customer to another one.
    handed_over: bool,
}

impl Agents {
    /// Milliseconds of finished wrap-up, all offers together; `None` without any.
    pub(crate) fn wrapup_ms(&self) -> Option<i64> {
        self.wrapup_ms
    }

    /// The agent talks with the customer.
    pub(crate) fn join(&mut self, agent: Option<&Id>) {
        let agent = AgentKey::new(agent);
        if agent.0.is_some() {
            self.on_call.retain(|other| other.agent != agent);
            push_bounded(&mut self.on_call, OnCall { agent, left_at: None });
        }
    }

    /// The agent does something else now. Whom the agent left meanwhile is not known for sure.
    pub(crate) fn leave(&mut self, agent: Option<&Id>, at: EpochMs) {
        let agent = AgentKey::new(agent);
        self.on_call.retain(|other| other.was_there(at));
        if let Some(found) = self.on_call.iter_mut().find(|other| other.agent == agent) {
            found.left_at.get_or_insert(at);
        }
    }

    /// The agent wraps up, so the agent's part of the call is over.
    pub(crate) fn hang_up(&mut self, agent: Option<&Id>) {
        let agent = AgentKey::new(agent);
        self.on_call.retain(|other| other.agent != agent);
    }

    /// The customer left all agents, for a queue or another offer.
    pub(crate) fn clear(&mut self) {
        self.on_call.clear();
        self.handed_over = false;
    }

    /// The offer's agent left the customer to the others of a conference.
    pub(crate) fn hand_over(&mut self, agent: Option<&Id>) {
        self.hang_up(agent);
        self.handed_over = true;
    }

    /// A3: whether nobody stays with the customer when `agent` goes at `at`. `of_offer` is the
    /// agent of the offer, who is on the call even where no agent event said so.
    pub(crate) fn is_only(&self, agent: Option<&Id>, of_offer: Option<&Id>, at: EpochMs) -> bool {
        let key = AgentKey::new(agent);
        let mut there = self.on_call.iter().filter(|other| other.was_there(at));
        match (there.next(), there.next()) {
            (None, _) => {
                let may_be_the_offers = agent.is_none() || of_offer.is_none() || agent == of_offer;
                !self.handed_over && may_be_the_offers
            }
            (Some(only), None) => only.agent == key || agent.is_none(),
            (Some(_), Some(_)) => false,
        }
    }

    /// The offer was answered, by this agent if any is known by now.
    pub(crate) fn answer(&mut self, agent: Option<&Id>, offer: u32) {
        let entry = (AgentKey::new(agent), offer);
        if self.answered.last() != Some(&entry) {
            self.answered.retain(|(_, other)| *other != offer);
            push_bounded(&mut self.answered, entry);
        }
    }

    /// A2: the last offer that this agent answered. An agent without a name may be any, and an
    /// offer of which no event named the agent may be anybody's, if it is one of `recent`.
    pub(crate) fn answered_by(&self, agent: Option<&Id>, recent: [Option<u32>; 2]) -> Option<u32> {
        let key = AgentKey::new(agent);
        let is_own = |(other, _): &&(AgentKey, u32)| *other == key;
        let may_be_own = |(other, offer): &&(AgentKey, u32)| {
            recent.contains(&Some(*offer)) && (key.0.is_none() || other.0.is_none())
        };
        let named = self.answered.iter().filter(|_| key.0.is_some()).rfind(is_own);
        Some(named.or_else(|| self.answered.iter().rfind(may_be_own))?.1)
    }

    /// The agent began to wrap up the offer.
    pub(crate) fn begin_wrap_up(&mut self, agent: Option<&Id>, offer: u32, at: EpochMs) {
        let agent = AgentKey::new(agent);
        if !self.wrapping_up.iter().any(|other| other.agent == agent) {
            push_bounded(&mut self.wrapping_up, WrapUp { agent, offer, since: at });
        }
    }

    /// The agent finished the wrap-up, if there was one and it was no longer than `limit_ms`.
    pub(crate) fn end_wrap_up(
        &mut self,
        agent: Option<&Id>,
        at: EpochMs,
        limit_ms: i64,
    ) -> Option<WrappedUp> {
        let agent = AgentKey::new(agent);
        let found = self.wrapping_up.iter().position(|other| other.agent == agent)?;
        let WrapUp { offer, since, .. } = self.wrapping_up.remove(found);
        let wrapup_ms = at - since;
        if wrapup_ms > limit_ms {
            return None;
        }
        *self.wrapup_ms.get_or_insert(0) += wrapup_ms;
        Some(WrappedUp { offer, wrapup_ms })
    }
}

impl OnCall {
    /// Whether the agent is on the call at `at`, or was nearly then.
    fn was_there(&self, at: EpochMs) -> bool {
        self.left_at.is_none_or(|left_at| at - left_at <= SAME_MOMENT_MS)
    }
}

fn push_bounded<T>(list: &mut Vec<T>, item: T) {
    if list.len() == MOST {
        list.remove(0);
    }
    list.push(item);
}
