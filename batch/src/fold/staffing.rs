//! Was anybody free: who worked for a queue, and what they did.
//!
//! Invariant: the answer depends on the offers and the agents' timelines alone, not on their order.

use hashbrown::HashMap;
use task_timeline::{EpochMs, Id, Staffing, WORKS_FOR_MS};

use crate::fold::agent_offers::AgentOffer;
use crate::fold::presence::{AgentKey, Presence};

/// G10: who worked for each queue, and what they did.
#[derive(Debug, Default)]
pub struct QueueStaff {
    /// The offers of each queue's tasks: by agent, when.
    offered: HashMap<(Id, Id), HashMap<Id, Vec<EpochMs>>>,
    /// What each agent did, by organization and agent.
    presences: HashMap<Id, HashMap<Id, Presence>>,
}

impl QueueStaff {
    /// From the offers of all organizations, in any order.
    pub fn new<'a>(offers: impl IntoIterator<Item = &'a AgentOffer>) -> QueueStaff {
        let mut staff = QueueStaff::default();
        for offer in offers {
            if let (Some(queue), Some(agent)) = (&offer.queue, &offer.agent) {
                let of_queue = staff.offered.entry((offer.org.clone(), queue.clone())).or_default();
                of_queue.entry(agent.clone()).or_default().push(offer.offered_at);
            }
        }
        let times = staff.offered.values_mut().flat_map(HashMap::values_mut);
        times.for_each(|times| times.sort_unstable());
        staff
    }

    /// Adds what some agents did.
    pub fn add(&mut self, presences: impl IntoIterator<Item = (AgentKey, Presence)>) {
        for (AgentKey { org, agent }, presence) in presences {
            if let Some(agent) = agent {
                self.presences.entry(org).or_default().insert(agent, presence);
            }
        }
    }

    /// Whether any agent of the queue was free at that moment.
    pub fn at(&self, org: &Id, queue: &Id, at: EpochMs) -> Staffing {
        let of_queue = self.offered.get(&(org.clone(), queue.clone()));
        let agents = of_queue.into_iter().flatten();
        let worked = agents.filter(|(_, times)| {
            let before = times.partition_point(|&offered_at| offered_at <= at);
            before.checked_sub(1).is_some_and(|last| at - times[last] <= WORKS_FOR_MS)
        });
        let presences = self.presences.get(org);
        Staffing::new(worked.map(|(agent, _)| presences?.get(agent)?.at(at)))
    }
}

#[cfg(test)]
mod tests {
    use task_timeline::{AgentStatus, ChannelKind, OfferOutcome};

    use super::*;
    use crate::fold::presence::tests::presence;

    const HOUR: i64 = 3_600_000;
    const START: EpochMs = EpochMs(1_790_000_000_000);

    fn id(text: &str) -> Id {
        Id::new(text).unwrap()
    }

    fn offer(agent: Option<&str>, queue: &str, hours: i64) -> AgentOffer {
        AgentOffer {
            org: id("o"),
            agent: agent.map(id),
            queue: Some(id(queue)),
            channel: ChannelKind::Telephony,
            offered_at: START + hours * HOUR,
            outcome: OfferOutcome::Answered,
            is_handled: true,
            is_of_run: true,
        }
    }

    /// G10.
    #[test]
    fn the_agents_of_a_queue_are_those_it_offered_tasks_to_within_seven_days() {
        let key = |agent: &str| AgentKey { org: id("o"), agent: Some(id(agent)) };
        let day =
            |hours: &[(i64, Option<AgentStatus>)]| presence(Some(ChannelKind::Telephony), hours);
        let busy = Some(AgentStatus::Connected);
        let mut staff = QueueStaff::new(&[
            offer(Some("ann"), "sales", 1),
            offer(Some("bob"), "sales", 9),
            offer(Some("bob"), "help", 2),
            offer(Some("eve"), "night", 2),
            offer(None, "nobody", 2),
        ]);
        staff.add([
            (key("ann"), day(&[(0, Some(AgentStatus::Available))])),
            (key("bob"), day(&[(0, busy), (10, None)])),
        ]);
        let at = |queue: &str, hours: i64| staff.at(&id("o"), &id(queue), START + hours * HOUR);
        assert_eq!(at("sales", 5), Staffing::Available);
        assert_eq!(at("help", 1), Staffing::Unknown, "no offer yet");
        assert_eq!(at("help", 5), Staffing::AllBusy);
        assert_eq!(at("help", 10), Staffing::NobodyLoggedIn);
        assert_eq!(at("sales", 1 + 7 * 24), Staffing::Available);
        assert_eq!(at("sales", 2 + 7 * 24), Staffing::NobodyLoggedIn, "only bob is left");
        assert_eq!(at("sales", 10 + 7 * 24), Staffing::Unknown);
        for unknown in ["night", "nobody", "never"] {
            assert_eq!(at(unknown, 5), Staffing::Unknown, "{unknown}");
        }
        assert_eq!(staff.at(&id("other"), &id("sales"), START), Staffing::Unknown);
    }
}
