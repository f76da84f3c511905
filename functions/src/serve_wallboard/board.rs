//! What `GET /live` says: counts and instants, never ages, so that it changes only when something
//! happens.
//!
//! Invariant: tasks and agents without any event for [`STALE_AFTER_MS`] and
//! [`FORGOTTEN_MS`] are left out: their last webhook was lost.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::{EpochMs, Id, Phase};

use super::names::DisplayNames;
use super::tile::{QueueBoard, Tile, waits};
use crate::store::retention::{DAY_MS, STALE_AFTER_MS};
use crate::store::task_table::{Live, Pulse};

/// The version of this shape.
const VERSION: u32 = 1;
/// No shift takes a day. After that an agent is left out.
const FORGOTTEN_MS: i64 = DAY_MS;

/// All organizations.
#[derive(Debug, Serialize)]
pub(super) struct Board {
    version: u32,
    uncertain_after_ms: i64,
    organizations: Vec<OrgBoard>,
    /// Of organizations and queues, by id.
    names: BTreeMap<String, String>,
}

/// One organization. Instants are epoch milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct OrgBoard {
    org: String,
    all: Tile,
    queues: Vec<QueueBoard>,
    agents: BTreeMap<String, u32>,
    events_last_minute: u32,
    settled_last_minute: u32,
    newest_event_at: Option<i64>,
    last_delivery_at: Option<i64>,
}

impl Board {
    pub(super) fn new(
        organizations: Vec<OrgBoard>,
        uncertain_after_ms: i64,
        names: &DisplayNames,
    ) -> Board {
        let queues = organizations.iter().flat_map(|org| &org.queues);
        let queues = queues.filter_map(|queue| queue.queue.as_deref());
        let names = names.named(organizations.iter().map(|org| &*org.org).chain(queues));
        Board { version: VERSION, uncertain_after_ms, organizations, names }
    }
}

impl OrgBoard {
    pub(super) fn new(
        org: &Id,
        live: &Live,
        pulse: Pulse,
        now: EpochMs,
        uncertain_after_ms: i64,
    ) -> OrgBoard {
        let mut all = Tile::default();
        let mut queues: BTreeMap<Option<&str>, QueueBoard> = BTreeMap::new();
        for task in live.tasks.iter().filter(|task| now - task.since <= STALE_AFTER_MS) {
            let waits = waits(task, now, uncertain_after_ms);
            all.count(task, waits);
            if task.phase != Phase::SelfService {
                queues.entry(task.queue.as_deref()).or_default().count(task, waits);
            }
        }
        let finished = |(queue, board): (Option<&str>, QueueBoard)| board.finish(queue);
        let mut agents = BTreeMap::new();
        for agent in live.agents.iter().filter(|agent| now - agent.since <= FORGOTTEN_MS) {
            *agents.entry(agent.state.clone()).or_default() += 1;
        }
        OrgBoard {
            org: org.to_string(),
            all,
            queues: queues.into_iter().map(finished).collect(),
            agents,
            events_last_minute: pulse.events,
            settled_last_minute: pulse.settled,
            newest_event_at: pulse.newest.map(|at| at.0),
            last_delivery_at: pulse.last.map(|at| at.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use task_timeline::Basis;

    use super::super::tile::Waits;
    use super::*;
    use crate::store::task_table::{LiveAgent, LiveTask};

    const NOW: EpochMs = EpochMs(1_772_409_600_000);
    const MINUTE: i64 = 60_000;

    fn task(name: &str, phase: Phase, minutes: i64, queue: &str) -> LiveTask {
        let (task, basis) = (name.to_owned(), Basis::Observed);
        LiveTask { task, phase, since: NOW + -minutes * MINUTE, queue: Some(queue.into()), basis }
    }

    fn board(tasks: Vec<LiveTask>, agents: Vec<LiveAgent>) -> OrgBoard {
        let org = Id::new("o").unwrap();
        OrgBoard::new(&org, &Live { tasks, agents }, Pulse::default(), NOW, 30 * MINUTE)
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
            board.queues[0].longest.iter().map(|one| (&*one.task, one.waits)).collect();
        assert_eq!(
            named,
            [("left", Waits::Callback), ("unsure", Waits::Uncertain), ("waits", Waits::OnTheLine)]
        );
    }

    #[test]
    fn what_was_forgotten_is_left_out() {
        let agent =
            |hours: i64| LiveAgent { state: "idle".into(), since: NOW + -hours * 60 * MINUTE };
        let days = |days: i64| task("old", Phase::Talking, days * 24 * 60, "q");
        let board = board(vec![days(14), days(15)], vec![agent(23), agent(25)]);
        assert_eq!((board.all.talking, board.agents["idle"]), (1, 1));
    }

    #[test]
    fn queues_add_up_to_all() {
        let tasks = Phase::ALL
            .into_iter()
            .flat_map(|phase| ["q", "r"].map(|queue| task(phase.name(), phase, 1, queue)));
        let board = board(tasks.collect(), vec![]);
        let all = &board.all;
        assert_eq!((all.in_flow, all.on_the_line.count, all.callbacks.count), (2, 2, 2));
        assert_eq!((all.ringing, all.calling_back, all.talking, all.on_hold), (2, 2, 8, 2));
        let talking: u32 = board.queues.iter().map(|queue| queue.tile.talking).sum();
        assert_eq!((board.queues.len(), talking), (2, 8));
    }
}
