//! What the webhooks said of tasks against what became of them.
//!
//! Invariant: each task is in exactly one row.

use std::collections::BTreeMap;

use serde::Serialize;

use super::rows::Task;

/// Figures of all tasks together.
#[derive(Default, Serialize)]
pub(super) struct Totals {
    tasks: u32,
    first_started_at: Option<i64>,
    longest_live_wait_ms: i64,
    naive_longest_live_wait_ms: i64,
}

impl Totals {
    /// Counts a task.
    pub(super) fn add(&mut self, task: &Task<'_>) {
        self.tasks += 1;
        let first = self.first_started_at.map_or(task.started_at, |at| at.min(task.started_at));
        self.first_started_at = Some(first);
        self.longest_live_wait_ms = self.longest_live_wait_ms.max(task.live_wait_ms);
        self.naive_longest_live_wait_ms =
            self.naive_longest_live_wait_ms.max(task.naive_live_wait_ms.unwrap_or_default());
    }
}

/// Tasks by naive outcome, outcome and callback.
#[derive(Default)]
pub(super) struct Outcomes(BTreeMap<[&'static str; 3], Sums>);

#[derive(Clone, Copy, Default, Serialize)]
struct Sums {
    tasks: u32,
    /// Those with a `task:ended` that did not end them.
    falsely_ended: u32,
}

/// Tasks with the same outcomes.
#[derive(Serialize)]
pub(super) struct OutcomesRow {
    naive: &'static str,
    outcome: &'static str,
    callback: &'static str,
    #[serde(flatten)]
    sums: Sums,
}

impl Outcomes {
    /// Counts a task.
    pub(super) fn add(&mut self, task: &Task<'_>) {
        let key = [task.naive_outcome.name(), task.outcome.name(), task.callback.name()];
        let sums = self.0.entry(key).or_default();
        sums.tasks += 1;
        sums.falsely_ended += u32::from(task.false_ends > 0);
    }

    /// The counts.
    pub(super) fn rows(self) -> Vec<OutcomesRow> {
        let row = |(key, sums): ([&'static str; 3], Sums)| {
            let [naive, outcome, callback] = key;
            OutcomesRow { naive, outcome, callback, sums }
        };
        self.0.into_iter().map(row).collect()
    }
}
