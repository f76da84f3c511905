//! Was anybody free: who worked for a queue, and what they did.
//!
//! Invariant: the answer depends on the offers and the agents' timelines alone, not on their order.

use hashbrown::HashMap;
use task_timeline::{AgentRecord, EpochMs, Id, Staffing, WORKS_FOR_MS};

use crate::fold::agent_offers::AgentOffer;
use crate::fold::presence::{AgentKey, Presence};

/// An agent who was offered tasks of queues.
#[derive(Debug)]
pub struct StaffMember {
    org: Id,
    presence: Presence,
    /// When, by queue, in order.
    offered: HashMap<Id, Vec<EpochMs>>,
}

impl StaffMember {
    /// An agent with the offers; none if no queue offered a task, or nobody knows who it is.
    pub(crate) fn new<'a>(
        key: AgentKey,
        record: &AgentRecord,
        offers: impl Iterator<Item = &'a AgentOffer>,
    ) -> Option<StaffMember> {
        let AgentKey { org, agent } = key;
        agent?;
        let mut offered: HashMap<Id, Vec<EpochMs>> = HashMap::new();
        for offer in offers {
            if let Some(queue) = &offer.queue {
                offered.entry(queue.clone()).or_default().push(offer.offered_at);
            }
        }
        offered.values_mut().for_each(|times| times.sort_unstable());
        let presence = Presence::new(record);
        (!offered.is_empty()).then_some(StaffMember { org, presence, offered })
    }
}

/// G10: who worked for each queue, and what they did.
#[derive(Debug, Default)]
pub struct QueueStaff {
    /// What each member did.
    presences: Vec<Presence>,
    /// The staff of each queue of an organization.
    offered: HashMap<(Id, Id), Vec<OffersTo>>,
}

/// When a queue offered tasks to a member, in order.
#[derive(Debug)]
struct OffersTo {
    member: usize,
    times: Vec<EpochMs>,
}

impl QueueStaff {
    /// Adds an agent, who was not added before.
    pub(crate) fn add(&mut self, member: StaffMember) {
        let StaffMember { org, presence, offered } = member;
        for (queue, times) in offered {
            let of_queue = self.offered.entry((org.clone(), queue)).or_default();
            of_queue.push(OffersTo { member: self.presences.len(), times });
        }
        self.presences.push(presence);
    }

    /// Whether any agent of the queue was free at that moment.
    pub fn at(&self, org: &Id, queue: &Id, at: EpochMs) -> Staffing {
        let of_queue = self.offered.get(&(org.clone(), queue.clone()));
        let agents = of_queue.into_iter().flatten();
        let worked = agents.filter(|OffersTo { times, .. }| {
            let before = times.partition_point(|&offered_at| offered_at <= at);
            before.checked_sub(1).is_some_and(|last| at - times[last] <= WORKS_FOR_MS)
        });
        Staffing::new(worked.map(|agent| self.presences[agent.member].at(at)))
    }
}

#[cfg(test)]
mod tests {
    use task_timeline::{AgentStatus, ChannelKind, OfferOutcome};

    use super::*;
    use crate::fold::presence::tests::record;

    const HOUR: i64 = 3_600_000;
    const START: EpochMs = EpochMs(1_790_000_000_000);

    fn id(text: &str) -> Id {
        Id::new(text).unwrap()
    }

    fn offer(queue: &str, hours: i64) -> AgentOffer {
        AgentOffer {
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
        let mut staff = QueueStaff::default();
        let mut add = |agent: Option<&str>, hours: &[_], offers: &[AgentOffer]| {
            let key = AgentKey { org: id("o"), agent: agent.map(id) };
            let record = record(Some(ChannelKind::Telephony), hours);
            StaffMember::new(key, &record, offers.iter()).map(|member| staff.add(member))
        };
        let busy = Some(AgentStatus::Connected);
        let ann = [(0, Some(AgentStatus::Available))];
        assert!(add(Some("ann"), &ann, &[offer("sales", 1)]).is_some());
        let of_bob = [offer("sales", 9), offer("help", 2)];
        assert!(add(Some("bob"), &[(0, busy), (10, None)], &of_bob).is_some());
        assert!(add(Some("eve"), &[], &[offer("night", 2)]).is_some());
        assert!(add(Some("joe"), &ann, &[]).is_none());
        assert!(add(None, &[], &[offer("nobody", 2)]).is_none());
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
