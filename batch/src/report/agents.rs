//! What each agent was offered and did with it.
//!
//! Invariant: each offer counts for one agent, or for the unknown one.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::{OfferOutcome, Phase};

use super::labels::Labels;
use super::task_rows::TaskRows;

/// Sums by the number of the agent; `None` is the unknown one.
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
    pub(super) fn add(&mut self, task: &TaskRows<'_>, agents: &mut Labels) {
        for offer in task.offers() {
            let row = self.row(agents.number(offer.agent_id));
            row.offers += 1;
            row.handled += u32::from(offer.customer_connected_at.is_some());
            row.wrapup_ms += offer.wrapup_ms.unwrap_or_default();
            let outcome = match offer.outcome {
                OfferOutcome::Answered => &mut row.answered,
                OfferOutcome::NoAnswer => &mut row.no_answer,
                OfferOutcome::Declined => &mut row.declined,
                OfferOutcome::Unreachable => &mut row.unreachable,
                OfferOutcome::Failed => &mut row.failed,
                OfferOutcome::Withdrawn => &mut row.withdrawn,
                OfferOutcome::Open => &mut row.open,
            };
            *outcome += 1;
        }
        for segment in task.segments() {
            let Some(ended_at) = segment.ended_at else { continue };
            let row = self.row(agents.number(segment.agent_id));
            let duration_ms = ended_at - segment.started_at;
            match segment.phase {
                Phase::Talking | Phase::Conferencing => row.talk_ms += duration_ms,
                Phase::OnHold | Phase::Consulting => row.hold_ms += duration_ms,
                Phase::SelfService
                | Phase::Queued
                | Phase::CallbackWait
                | Phase::OutboundQueued
                | Phase::Offered
                | Phase::Dialing => {}
            }
        }
    }

    fn row(&mut self, agent: Option<usize>) -> &mut AgentRow {
        self.0.entry(agent).or_insert_with(|| AgentRow { agent, ..AgentRow::default() })
    }

    /// The sums.
    pub(super) fn rows(self) -> Vec<AgentRow> {
        self.0.into_values().collect()
    }
}
