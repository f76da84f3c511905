//! Who is logged in, what they do, and for which task.
//!
//! Invariants:
//! - Queue and channel are those of the task that the agent is offered or has. Between tasks there is
//!   at most the queue of the last event, and no channel.
//! - An agent without any event for [`FORGOTTEN_MS`] is left out: the logout was lost.

use std::collections::HashMap;

use serde::Serialize;
use task_timeline::{EpochMs, Phase};

use crate::store::retention::DAY_MS;
use crate::store::task_table::{Live, LiveTask};

/// No shift takes a day. After that an agent is left out.
const FORGOTTEN_MS: i64 = DAY_MS;

/// An agent who is logged in. `since` is in epoch milliseconds.
#[derive(Debug, Serialize)]
pub(super) struct AgentBoard {
    pub(super) agent: String,
    pub(super) state: String,
    since: i64,
    pub(super) queue: Option<String>,
    channel: Option<&'static str>,
    task: Option<String>,
}

/// The agents who are logged in, by id.
pub(super) fn agents(live: &Live, now: EpochMs) -> Vec<AgentBoard> {
    let with_agent = |task: &&LiveTask| {
        task.phase.is_with_agent() || matches!(task.phase, Phase::Offered | Phase::Dialing)
    };
    let tasks = live.tasks.iter().filter(with_agent);
    let tasks: HashMap<&str, &LiveTask> =
        tasks.filter_map(|task| Some((task.agent.as_deref()?, task))).collect();
    let there = live.agents.iter().filter(|agent| now - agent.since <= FORGOTTEN_MS);
    let mut agents: Vec<_> = there
        .map(|agent| {
            let task = tasks.get(&*agent.agent);
            AgentBoard {
                agent: agent.agent.clone(),
                state: agent.state.clone(),
                since: agent.since.0,
                queue: task.and_then(|task| task.queue.clone()).or_else(|| agent.queue.clone()),
                channel: task.map(|task| task.channel.name()),
                task: task.map(|task| task.task.clone()),
            }
        })
        .collect();
    agents.sort_by(|a, b| a.agent.cmp(&b.agent));
    agents
}
