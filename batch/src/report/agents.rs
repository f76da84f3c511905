//! What each agent was offered and did with it.
//!
//! Invariant: each offer counts for one agent, or for the unknown one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::history::History;
use super::labels::Labels;

/// Sums by number of the agent; `None` is the unknown one.
#[derive(Default)]
pub(super) struct Agents(BTreeMap<Option<usize>, AgentRow>);

/// The sums of an agent.
#[derive(Clone, Default, Serialize)]
pub(super) struct AgentRow {
    agent: Option<usize>,
    offers: u32,
    answered: u32,
    no_answer: u32,
    declined: u32,
    unreachable: u32,
    failed: u32,
    withdrawn: u32,
    open: u32,
    /// Offers that connected the customer.
    handled: u32,
    talk_ms: i64,
    hold_ms: i64,
    wrapup_ms: i64,
}

impl Agents {
    /// Counts the offers of a task.
    pub(super) fn add(&mut self, history: &History<'_>, agents: &mut Labels) {
        for offer in history.offers() {
            let row = self.of(agents.number(offer.agent_id));
            row.offers += 1;
            row.handled += u32::from(offer.customer_connected_at.is_some());
            row.wrapup_ms += offer.wrapup_ms.unwrap_or_default();
            let outcome = match offer.outcome {
                "answered" => &mut row.answered,
                "no_answer" => &mut row.no_answer,
                "declined" => &mut row.declined,
                "unreachable" => &mut row.unreachable,
                "failed" => &mut row.failed,
                "withdrawn" => &mut row.withdrawn,
                _ => &mut row.open,
            };
            *outcome += 1;
        }
        for segment in history.segments() {
            let Some(ended_at) = segment.ended_at else { continue };
            let row = self.of(agents.number(segment.agent_id));
            let duration_ms = ended_at - segment.started_at;
            match segment.phase {
                "talking" | "conferencing" => row.talk_ms += duration_ms,
                "on_hold" | "consulting" => row.hold_ms += duration_ms,
                _ => {}
            }
        }
    }

    fn of(&mut self, agent: Option<usize>) -> &mut AgentRow {
        self.0.entry(agent).or_insert_with(|| AgentRow { agent, ..AgentRow::default() })
    }

    /// The sums.
    pub(super) fn rows(self) -> Vec<AgentRow> {
        self.0.into_values().collect()
    }
}
