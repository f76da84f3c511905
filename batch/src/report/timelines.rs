//! The timelines that the page can draw.
//!
//! Invariant: those with the most corrections come first, then the earliest; as many as fit
//! into [`BUDGET`]. All others are a command away, which the page names.

use std::cmp::Reverse;
use std::io::Write as _;

use anyhow::Result;
use serde::Serialize;

use super::history::{Histories, History, Rows};
use super::labels::Labels;
use super::packed::Packed;

/// What the timelines may take of the page's 2 MB, in bytes.
const BUDGET: usize = 1_100_000;

/// The tasks of a run, by what is to be seen in them.
#[derive(Default)]
pub(super) struct Timelines(Vec<(Reverse<u32>, i64, Rows)>);

/// A task on the page. Arrays instead of objects, and times as distances: there are many.
#[derive(Serialize)]
struct TimelineRow<'a> {
    id: &'a str,
    start: i64,
    end: Option<i64>,
    channel: &'a str,
    direction: &'a str,
    outcome: &'a str,
    callback: &'a str,
    party: &'a str,
    reason: &'a str,
    false_ends: u32,
    /// Outcome, end, live wait, talk.
    naive: (&'a str, Option<i64>, Option<i64>, Option<i64>),
    segments: Vec<SegmentRow<'a>>,
    offers: Vec<OfferRow<'a>>,
    /// Rule, at, said, is.
    ledger: Vec<(&'a str, i64, &'a str, &'a str)>,
}

/// Phase, length, queue, agent, basis; one begins where the one before ends.
type SegmentRow<'a> = (&'a str, Option<i64>, Option<usize>, Option<usize>, &'a str);

/// Offered, agent, answered, customer connected, released, outcome.
type OfferRow<'a> = (i64, Option<usize>, Option<i64>, Option<i64>, Option<i64>, &'a str);

impl Timelines {
    /// Notes a task.
    pub(super) fn consider(&mut self, history: &History<'_>) {
        let task = &history.task;
        self.0.push((Reverse(task.corrections), task.started_at, history.rows.clone()));
    }

    /// Packs as many as there is room for, and says how many these are.
    pub(super) fn pack(
        mut self,
        histories: &Histories,
        queues: &mut Labels,
        agents: &mut Labels,
    ) -> Result<(String, usize)> {
        // Stable: of those alike, the order of the files decides.
        self.0.sort_by_key(|&(corrections, started_at, _)| (corrections, started_at));
        let mut packed = Packed::new();
        let mut count = 0;
        for (_, _, rows) in self.0 {
            if packed.len() > BUDGET {
                break;
            }
            packed.write_all(if count == 0 { b"[" } else { b",\n" })?;
            serde_json::to_writer(&mut packed, &row(&histories.at(rows), queues, agents))?;
            count += 1;
        }
        packed.write_all(if count == 0 { b"[]" } else { b"]" })?;
        Ok((packed.finish()?, count))
    }
}

fn row<'a>(history: &History<'a>, queues: &mut Labels, agents: &mut Labels) -> TimelineRow<'a> {
    let task = &history.task;
    let since_start = |at: i64| at - task.started_at;
    let segments = history.segments().map(|of| {
        let length = of.ended_at.map(|ended_at| ended_at - of.started_at);
        (of.phase, length, queues.number(of.queue_id), agents.number(of.agent_id), of.basis)
    });
    let segments = segments.collect();
    let offers = history.offers().map(|of| {
        let [answered, connected, released] =
            [of.answered_at, of.customer_connected_at, of.released_at]
                .map(|at| at.map(since_start));
        let agent = agents.number(of.agent_id);
        (since_start(of.offered_at), agent, answered, connected, released, of.outcome)
    });
    TimelineRow {
        id: history.id(),
        start: task.started_at,
        end: task.ended_at.map(since_start),
        channel: task.channel,
        direction: task.direction,
        outcome: task.outcome,
        callback: task.callback,
        party: task.terminating_party,
        reason: task.reason,
        false_ends: task.false_ends,
        naive: (
            task.naive_outcome,
            task.naive_ended_at.map(since_start),
            task.naive_live_wait_ms,
            task.naive_talk_ms,
        ),
        segments,
        offers: offers.collect(),
        ledger: history
            .corrections()
            .map(|of| (of.rule, since_start(of.at), of.said, of.is))
            .collect(),
    }
}
