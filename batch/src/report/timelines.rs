//! The timelines that the page can draw.
//!
//! Invariant: the task that was asked for comes first, then those with the most corrections,
//! then the earliest; as many as there is room for. The page names the command that shows any other
//! task.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io::Write as _;

use anyhow::Result;
use serde::Serialize;
use task_timeline::{Direction, Party};

use super::labels::Labels;
use super::packed::Packed;
use super::read_columns::{Count, Ms, Read, Text, read};
use super::rows::Task;
use super::task_rows::TaskRows;
use crate::output::run_folder::RunFolder;

/// More do not fit into a page: even the simplest task takes a hundred bytes.
const MOST: usize = 16_000;

/// Room for what the encoder holds back and for the texts, in bytes.
const RESERVE: usize = 100_000;

/// The tasks of a run that may fit, each as JSON, by rank.
pub(super) struct Timelines {
    /// Ranks by row of `tasks.parquet`.
    ranks: HashMap<usize, usize>,
    tasks: Vec<Vec<u8>>,
    texts: Labels,
    row: usize,
}

impl Timelines {
    /// Chooses the tasks.
    pub(super) fn choose(folder: &RunFolder, asked_for: Option<&str>) -> Result<Timelines> {
        let names = ["task_id", "corrections", "started_at"];
        let frame = read(folder.path("tasks.parquet"), &names)?;
        let ids = Text::new(frame.column("task_id")?)?;
        let corrections = Count::new(frame.column("corrections")?)?;
        let started_at = Ms::new(frame.column("started_at")?)?;
        let mut rows: Vec<usize> = (0..frame.height()).collect();
        // The sort is stable: equal tasks stay in the order of the file.
        rows.sort_by_key(|&row| {
            let others = asked_for.is_none_or(|id| ids.get(row) != id);
            (others, Reverse(corrections.get(row)), started_at.get(row))
        });
        rows.truncate(MOST);
        let tasks = vec![Vec::new(); rows.len()];
        let ranks = rows.into_iter().enumerate().map(|(rank, row)| (row, rank)).collect();
        Ok(Timelines { ranks, tasks, texts: Labels::default(), row: 0 })
    }

    /// Takes the next task of the file, if it was chosen.
    pub(super) fn add(
        &mut self,
        rows: &TaskRows<'_>,
        queues: &mut Labels,
        agents: &mut Labels,
    ) -> Result<()> {
        if let Some(&rank) = self.ranks.get(&self.row) {
            let mut labels = TimelineLabels { texts: &mut self.texts, queues, agents };
            self.tasks[rank] = serde_json::to_vec(&labels.row(rows))?;
        }
        self.row += 1;
        Ok(())
    }

    /// Packs as many as there is room for, with the texts that they name by number.
    pub(super) fn pack(self, room: usize) -> Result<String> {
        let mut packed = Packed::new();
        packed.write_all(b"{\"tasks\":[")?;
        for (rank, task) in self.tasks.iter().enumerate() {
            if packed.len() + RESERVE > room {
                break;
            }
            packed.write_all(if rank == 0 { b"" } else { b",\n" })?;
            packed.write_all(task)?;
        }
        packed.write_all(b"],\"texts\":")?;
        serde_json::to_writer(&mut packed, &self.texts.ids())?;
        packed.write_all(b"}")?;
        packed.finish()
    }
}

/// A task on the page: numbers instead of texts, and one list of instants that all times refer to,
/// because there are many tasks and little room.
#[derive(Serialize)]
struct TimelineRow<'a>(
    &'a str,
    i64,
    Vec<i64>,
    Summary,
    Vec<SegmentRow>,
    Vec<OfferRow>,
    Vec<LedgerRow>,
);

/// Channel, direction, outcome, callback, who ended it and why; the end, false ends; whether the
/// webhooks told the truth (N5); their outcome and instants.
type Summary = ([Number; 6], Number, u32, bool, Number, NaiveInstants);

/// The naive view: the first `task:parked`, `connect`, `connected` and `ended`, and when the wait that
/// began with the first one was over.
type NaiveInstants = [Number; 5];

/// Phase, end, queue, basis; it begins where the one before ends.
type SegmentRow = (Number, Number, Number, Number);

/// Offered, agent, answered, customer connected, released, outcome.
type OfferRow = (Number, Number, Number, Number, Number, Number);

/// Rule, at, said, is.
type LedgerRow = (Number, Number, Number, Number);

/// The number of a text, an id or an instant.
type Number = Option<usize>;

struct TimelineLabels<'a> {
    texts: &'a mut Labels,
    queues: &'a mut Labels,
    agents: &'a mut Labels,
}

impl TimelineLabels<'_> {
    fn row<'h>(&mut self, rows: &TaskRows<'h>) -> TimelineRow<'h> {
        let task = &rows.task;
        let naive = naive_instants(task);
        let instants = Instants::new(rows, naive);
        let texts = [
            task.channel.name(),
            task.direction.map_or("", Direction::name),
            task.outcome.name(),
            task.callback.name(),
            task.terminating_party.map_or("", Party::name),
            task.reason,
        ];
        let summary = (
            texts.map(|text| self.texts.number(text)),
            instants.number(task.ended_at),
            task.false_ends,
            rows.is_as_webhooks_say(),
            self.texts.number(task.naive_outcome.name()),
            naive.map(|at| instants.number(at)),
        );
        let segments = rows.segments().map(|of| {
            let (phase, basis) =
                (self.texts.number(of.phase.name()), self.texts.number(of.basis.name()));
            (phase, instants.number(of.ended_at), self.queues.number(of.queue_id), basis)
        });
        let segments = segments.collect();
        let offers = rows.offers().map(|of| {
            let [offered, answered, connected, released] =
                [Some(of.offered_at), of.answered_at, of.customer_connected_at, of.released_at]
                    .map(|at| instants.number(at));
            let (agent, outcome) =
                (self.agents.number(of.agent_id), self.texts.number(of.outcome.name()));
            (offered, agent, answered, connected, released, outcome)
        });
        let offers = offers.collect();
        let ledger = rows.corrections().map(|of| {
            let [rule, said, is] =
                [of.rule.name(), of.said, of.is].map(|text| self.texts.number(text));
            (rule, instants.number(Some(of.at)), said, is)
        });
        let ledger = ledger.collect();
        TimelineRow(rows.id, instants.0[0], instants.steps(), summary, segments, offers, ledger)
    }
}

fn naive_instants(task: &Task<'_>) -> [Option<i64>; 5] {
    let parked_at = task.naive_parked_at;
    let waited_until = parked_at.zip(task.naive_live_wait_ms).map(|(at, wait_ms)| at + wait_ms);
    let later = [task.naive_connect_at, task.naive_connected_at, task.naive_ended_at];
    let [connect_at, connected_at, ended_at] = later;
    [parked_at, connect_at, connected_at, ended_at, waited_until]
}

/// All instants of a task, sorted, each once; the first is its start.
struct Instants(Vec<i64>);

impl Instants {
    fn new(rows: &TaskRows<'_>, naive: [Option<i64>; 5]) -> Instants {
        let task = &rows.task;
        let mut all = vec![task.started_at];
        all.extend(naive.into_iter().chain([task.ended_at]).flatten());
        all.extend(rows.segments().filter_map(|of| of.ended_at));
        all.extend(rows.offers().flat_map(|of| {
            let later = [of.answered_at, of.customer_connected_at, of.released_at];
            later.into_iter().flatten().chain([of.offered_at])
        }));
        all.extend(rows.corrections().map(|of| of.at));
        all.sort_unstable();
        all.dedup();
        Instants(all)
    }

    fn number(&self, at: Option<i64>) -> Number {
        self.0.binary_search(&at?).ok()
    }

    /// From each one to the next.
    fn steps(&self) -> Vec<i64> {
        self.0.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }
}
