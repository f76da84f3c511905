//! The offers of all tasks, as the figures of agents and queues need them.
//!
//! Invariant: there is one for each offer, whether its task is in the outputs or only gives the answer
//! who worked for a queue.

use task_timeline::{ChannelKind, EpochMs, Id, OfferOutcome, Record};

/// An offer, seen from the agent and the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentOffer {
    /// The organization.
    pub org: Id,
    /// The agent, if known.
    pub agent: Option<Id>,
    /// The queue, if there was one.
    pub queue: Option<Id>,
    /// The channel of the task.
    pub channel: ChannelKind,
    /// When the phone began to ring.
    pub offered_at: EpochMs,
    /// How it ended.
    pub outcome: OfferOutcome,
    /// Whether agent and customer were connected.
    pub is_handled: bool,
    /// Whether its task is in the outputs.
    pub is_of_run: bool,
}

/// The offers of a task.
pub(crate) fn agent_offers<'a>(
    org: &'a Id,
    record: &'a Record,
    channel: ChannelKind,
    is_of_run: bool,
) -> impl Iterator<Item = AgentOffer> + 'a {
    record.offers.iter().map(move |offer| {
        let mut segments = record.segments.iter();
        let segment = segments.find(|segment| segment.offer == Some(offer.seq));
        AgentOffer {
            org: org.clone(),
            agent: offer.agent.clone(),
            queue: segment.and_then(|segment| segment.queue.clone()),
            channel,
            offered_at: offer.offered_at,
            outcome: offer.outcome,
            is_handled: offer.customer_connected_at.is_some(),
            is_of_run,
        }
    })
}
