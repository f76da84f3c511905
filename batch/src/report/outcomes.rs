//! What the webhooks said of tasks against what became of them.
//!
//! Invariant: each task is in exactly one row, and in the figures of exactly one kind of channel.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::ChannelKind;

use super::rows::Task;
use super::task_rows::TaskRows;

/// Figures of all tasks together.
#[derive(Default, Serialize)]
pub(super) struct Totals {
    tasks: u32,
    first_started_at: Option<i64>,
    /// Telephony first.
    #[serde(serialize_with = "values")]
    channels: BTreeMap<ChannelKind, ChannelTotals>,
}

/// Figures of the tasks of a kind of channel.
#[derive(Serialize)]
struct ChannelTotals {
    channel: &'static str,
    tasks: u32,
    longest_live_wait_ms: i64,
    naive_longest_live_wait_ms: i64,
}

fn values<S: serde::Serializer>(
    of: &BTreeMap<ChannelKind, ChannelTotals>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(of.values())
}

impl Totals {
    /// Counts a task.
    pub(super) fn add(&mut self, task: &Task<'_>) {
        self.tasks += 1;
        let first = self.first_started_at.map_or(task.started_at, |at| at.min(task.started_at));
        self.first_started_at = Some(first);
        let of_channel = self.channels.entry(task.channel).or_insert(ChannelTotals {
            channel: task.channel.name(),
            tasks: 0,
            longest_live_wait_ms: 0,
            naive_longest_live_wait_ms: 0,
        });
        of_channel.add(task);
    }
}

impl ChannelTotals {
    fn add(&mut self, task: &Task<'_>) {
        let naive_live_wait_ms = task.naive_live_wait_ms.unwrap_or_default();
        self.tasks += 1;
        self.longest_live_wait_ms = self.longest_live_wait_ms.max(task.live_wait_ms);
        self.naive_longest_live_wait_ms = self.naive_longest_live_wait_ms.max(naive_live_wait_ms);
    }
}

/// Tasks by kind of channel, naive outcome, outcome and callback.
#[derive(Default)]
pub(super) struct Outcomes(BTreeMap<[&'static str; 4], Sums>);

#[derive(Clone, Copy, Default, Serialize)]
struct Sums {
    /// Whether the outcome is what the webhooks said (N5).
    right: bool,
    tasks: u32,
    /// Those with a `task:ended` that did not end them.
    falsely_ended: u32,
}

/// Tasks with the same outcomes.
#[derive(Serialize)]
pub(super) struct OutcomesRow {
    channel: &'static str,
    naive: &'static str,
    outcome: &'static str,
    callback: &'static str,
    #[serde(flatten)]
    sums: Sums,
}

impl Outcomes {
    /// Counts a task.
    pub(super) fn add(&mut self, rows: &TaskRows<'_>) {
        let Task { channel, naive_outcome, outcome, callback, false_ends, .. } = rows.task;
        let key = [channel.name(), naive_outcome.name(), outcome.name(), callback.name()];
        let sums = self.0.entry(key).or_default();
        sums.right = rows.naive().has_outcome(outcome);
        sums.tasks += 1;
        sums.falsely_ended += u32::from(false_ends > 0);
    }

    /// The counts.
    pub(super) fn rows(self) -> Vec<OutcomesRow> {
        let row = |(key, sums): ([&'static str; 4], Sums)| {
            let [channel, naive, outcome, callback] = key;
            OutcomesRow { channel, naive, outcome, callback, sums }
        };
        self.0.into_iter().map(row).collect()
    }
}
