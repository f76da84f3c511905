//! The offers of all tasks, as the figures of agents and queues need them.
//!
//! Invariant: there is one for each offer, whether its task is in the outputs or only gives the answer
//! who worked for a queue.

use hashbrown::HashMap;
use task_timeline::{ChannelKind, EpochMs, Id, OfferOutcome, Record};

/// An offer to an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentOffer {
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

/// The offers of some tasks of an organization, by agent; those to nobody knows whom have none.
#[derive(Default)]
pub struct AgentOffers(HashMap<Option<Id>, Vec<AgentOffer>>);

impl AgentOffers {
    /// Adds the offers of a task.
    pub(crate) fn add(&mut self, record: &Record, channel: ChannelKind, is_of_run: bool) {
        for offer in &record.offers {
            let mut segments = record.segments.iter();
            let segment = segments.find(|segment| segment.offer == Some(offer.seq));
            self.0.entry(offer.agent.clone()).or_default().push(AgentOffer {
                queue: segment.and_then(|segment| segment.queue.clone()),
                channel,
                offered_at: offer.offered_at,
                outcome: offer.outcome,
                is_handled: offer.customer_connected_at.is_some(),
                is_of_run,
            });
        }
    }

    /// Each agent with the offers.
    pub(crate) fn by_agent(self) -> impl Iterator<Item = (Option<Id>, Vec<AgentOffer>)> {
        self.0.into_iter()
    }
}
