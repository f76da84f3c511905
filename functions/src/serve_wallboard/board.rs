//! What `GET /live` says: counts and instants, never ages, so that it changes only when something
//! happens.
//!
//! Invariant: tasks without any event for [`STALE_AFTER_MS`] are left out: their last webhook was
//! lost.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::Id;

use super::agents::{AgentBoard, agents};
use super::names::DisplayNames;
use super::tile::{Place, QueueBoard, Tile};
use super::uncertain::{Doubt, UncertainAfter};
use crate::store::retention::STALE_AFTER_MS;
use crate::store::task_table::{Live, Pulse};

/// The version of this shape.
const VERSION: u32 = 3;

/// All organizations.
#[derive(Debug, Serialize)]
pub(super) struct Board {
    version: u32,
    uncertain_after_ms: UncertainAfter,
    organizations: Vec<OrgBoard>,
    /// Of organizations, queues and agents, by id.
    names: BTreeMap<String, String>,
}

/// One organization. Instants are epoch milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct OrgBoard {
    org: String,
    all: Tile,
    queues: Vec<QueueBoard>,
    agents: BTreeMap<String, u32>,
    agent_list: Vec<AgentBoard>,
    events_last_minute: u32,
    settled_last_minute: u32,
    newest_event_at: Option<i64>,
    last_delivery_at: Option<i64>,
}

impl Board {
    pub(super) fn new(
        organizations: Vec<OrgBoard>,
        uncertain_after_ms: UncertainAfter,
        names: &DisplayNames,
    ) -> Board {
        let queues = organizations.iter().flat_map(|org| &org.queues);
        let queues = queues.filter_map(|queue| queue.queue.as_deref());
        let agents = organizations.iter().flat_map(|org| &org.agent_list);
        let agents = agents.flat_map(|agent| [Some(&*agent.agent), agent.queue.as_deref()]);
        let orgs = organizations.iter().map(|org| &*org.org);
        let names = names.named(orgs.chain(queues).chain(agents.flatten()));
        Board { version: VERSION, uncertain_after_ms, organizations, names }
    }
}

impl OrgBoard {
    pub(super) fn new(org: &Id, live: &Live, pulse: Pulse, doubt: Doubt) -> OrgBoard {
        let now = doubt.now;
        let mut all = Tile::default();
        let mut queues: BTreeMap<Option<&str>, QueueBoard> = BTreeMap::new();
        for task in live.tasks.iter().filter(|task| now - task.since <= STALE_AFTER_MS) {
            let place = Place::new(task, doubt);
            all.count(task, place);
            if place != Place::InFlow {
                queues.entry(task.queue.as_deref()).or_default().count(task, place);
            }
        }
        let finished = |(queue, board): (Option<&str>, QueueBoard)| board.finish(queue);
        let agent_list = agents(live, now);
        let mut agents = BTreeMap::new();
        for agent in &agent_list {
            *agents.entry(agent.state.clone()).or_default() += 1;
        }
        OrgBoard {
            org: org.to_string(),
            all,
            queues: queues.into_iter().map(finished).collect(),
            agents,
            agent_list,
            events_last_minute: pulse.events,
            settled_last_minute: pulse.settled,
            newest_event_at: pulse.newest.map(|at| at.0),
            last_delivery_at: pulse.last.map(|at| at.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use task_timeline::{Basis, Channel, EpochMs, Phase};

    use super::*;
    use crate::store::task_table::{LiveAgent, LiveTask};

    const NOW: EpochMs = EpochMs(1_772_409_600_000);
    const MINUTE: i64 = 60_000;

    fn task(name: &str, phase: Phase, minutes: i64, queue: &str) -> LiveTask {
        let (task, since) = (name.to_owned(), NOW + -minutes * MINUTE);
        let (channel, queue, basis) = (Channel::Telephony, Some(queue.into()), Basis::Observed);
        LiveTask { task, phase, channel, since, queue, agent: None, basis }
    }

    fn board(tasks: Vec<LiveTask>, agents: Vec<LiveAgent>) -> OrgBoard {
        let org = Id::new("o").unwrap();
        let doubt = Doubt { after: UncertainAfter::default(), gap_ended: None, now: NOW };
        OrgBoard::new(&org, &Live { tasks, agents }, Pulse::default(), doubt)
    }

    #[test]
    fn a_long_wait_without_a_sign_is_uncertain_until_the_signal_says_better() {
        let board = board(
            vec![
                task("waits", Phase::Queued, 30, "q"),
                task("unsure", Phase::Queued, 31, "q"),
                task("left", Phase::CallbackWait, 90, "q"),
            ],
            vec![],
        );
        let tile = &board.queues[0].tile;
        assert_eq!((tile.on_the_line.count, tile.uncertain.count, tile.callbacks.count), (1, 1, 1));
        assert_eq!(tile.on_the_line.longest_since, Some(NOW.0 - 30 * MINUTE));
        let named: Vec<_> =
            board.queues[0].tasks.iter().map(|one| (&*one.task, one.place)).collect();
        assert_eq!(
            named,
            [("left", Place::Callback), ("unsure", Place::Uncertain), ("waits", Place::OnTheLine)]
        );
    }

    #[test]
    fn what_was_forgotten_is_left_out() {
        let agent = |hours: i64| LiveAgent {
            agent: format!("{hours} h"),
            state: "idle".into(),
            since: NOW + -hours * 60 * MINUTE,
            queue: None,
        };
        let days = |days: i64| task("old", Phase::CallbackWait, days * 24 * 60, "q");
        let board = board(vec![days(14), days(15)], vec![agent(23), agent(25)]);
        assert_eq!((board.all.callbacks.count, board.agents["idle"]), (1, 1));
    }

    #[test]
    fn a_ghost_counts_as_uncertain_and_as_nothing_else() {
        let in_flow = LiveTask { queue: None, ..task("in flow", Phase::SelfService, 121, "") };
        let board = board(
            vec![
                task("rings", Phase::Offered, 6, "q"),
                task("dials", Phase::Dialing, 6, "q"),
                task("on hold", Phase::OnHold, 481, "q"),
                in_flow,
            ],
            vec![],
        );
        let all = &board.all;
        assert_eq!((all.uncertain.count, all.ringing, all.calling_back), (4, 0, 0));
        assert_eq!((all.talking, all.on_hold, all.in_flow), (0, 0, 0));
        let by_queue = board.queues.iter().map(|of| (of.queue.as_deref(), of.tile.uncertain.count));
        assert_eq!(by_queue.collect::<Vec<_>>(), [(None, 1), (Some("q"), 3)]);
    }

    #[test]
    fn every_task_of_a_queue_is_named_and_who_waits_comes_first() {
        let phases = [Phase::Talking, Phase::Offered, Phase::Queued, Phase::CallbackWait];
        let tasks =
            phases.into_iter().zip(1..).map(|(phase, at)| task(phase.name(), phase, 5 - at, "q"));
        let board = board(tasks.collect(), vec![]);
        let named = board.queues[0].tasks.iter().map(|of| of.place);
        let places = [Place::OnTheLine, Place::Callback, Place::Talking, Place::Ringing];
        assert_eq!(named.collect::<Vec<_>>(), places);
    }

    #[test]
    fn an_agent_has_queue_and_channel_of_the_task() {
        let chat = LiveTask {
            channel: Channel::Chat,
            agent: Some("a".into()),
            ..task("chat", Phase::Talking, 1, "q")
        };
        let agent = |agent: &str| LiveAgent {
            agent: agent.into(),
            state: "connected".into(),
            since: NOW,
            queue: None,
        };
        let board = board(vec![chat], vec![agent("b"), agent("a")]);
        let shown = serde_json::to_value(&board.agent_list).unwrap();
        let told =
            |at: usize| ["agent", "queue", "channel", "task"].map(|key| shown[at][key].as_str());
        assert_eq!(told(0), [Some("a"), Some("q"), Some("chat"), Some("chat")]);
        assert_eq!(told(1), [Some("b"), None, None, None]);
    }

    #[test]
    fn a_chat_waits_and_is_neither_on_the_line_nor_uncertain() {
        let chat = |minutes| LiveTask {
            channel: Channel::Chat,
            ..task("chat", Phase::Queued, minutes, "q")
        };
        let board = board(vec![chat(1), chat(2_000), task("call", Phase::Queued, 1, "q")], vec![]);
        let tile = &board.queues[0].tile;
        assert_eq!((tile.waiting.count, tile.on_the_line.count, tile.uncertain.count), (2, 1, 0));
        assert_eq!(board.queues[0].tasks[0].place, Place::Otherwise);
    }

    #[test]
    fn queues_add_up_to_all() {
        let tasks = Phase::ALL
            .into_iter()
            .flat_map(|phase| ["q", "r"].map(|queue| task(phase.name(), phase, 1, queue)));
        let board = board(tasks.collect(), vec![]);
        let all = &board.all;
        assert_eq!((all.in_flow, all.on_the_line.count, all.callbacks.count), (2, 2, 2));
        assert_eq!((all.waiting.count, all.uncertain.count), (2, 0));
        assert_eq!((all.ringing, all.calling_back, all.talking, all.on_hold), (2, 2, 8, 2));
        let talking: u32 = board.queues.iter().map(|queue| queue.tile.talking).sum();
        assert_eq!((board.queues.len(), talking), (2, 8));
    }
}
