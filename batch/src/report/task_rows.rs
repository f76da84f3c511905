//! The rows of `tasks`, `segments`, `offers` and `corrections`, task by task.
//!
//! Invariant: the four files are sorted alike, by organization and task, so that one pass over
//! each finds the rows of every task, a row group at a time.

use anyhow::Result;
use task_timeline::{Actual, EpochMs, Naive, Phase};

use super::read_columns::Read;
use super::rows::{Correction, Corrections, Offer, Offers, Segment, Segments, Task, Tasks};
use super::window::{Rows, Window};
use crate::output::run_folder::RunFolder;

/// All tasks of a run, one after the other.
pub(super) struct TaskReader {
    tasks: Window<Tasks>,
    segments: Window<Segments>,
    offers: Window<Offers>,
    corrections: Window<Corrections>,
}

/// A task with the rows that belong to it.
pub(super) struct TaskRows<'a> {
    /// Its id.
    pub(super) id: &'a str,
    pub(super) task: Task<'a>,
    segments: Rows<'a, Segments>,
    offers: Rows<'a, Offers>,
    corrections: Rows<'a, Corrections>,
}

impl TaskReader {
    /// Opens the files.
    pub(super) fn open(folder: &RunFolder) -> Result<TaskReader> {
        Ok(TaskReader {
            tasks: Window::open(folder)?,
            segments: Window::open(folder)?,
            offers: Window::open(folder)?,
            corrections: Window::open(folder)?,
        })
    }

    /// The next task, in the order of the files; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<TaskRows<'_>>> {
        let Some(row) = self.tasks.take_one()? else { return Ok(None) };
        let (org, id) = (self.tasks.org.get(row), self.tasks.task.get(row));
        Ok(Some(TaskRows {
            id,
            task: self.tasks.columns.row(row),
            segments: self.segments.take(org, id)?,
            offers: self.offers.take(org, id)?,
            corrections: self.corrections.take(org, id)?,
        }))
    }
}

impl<'a> TaskRows<'a> {
    /// Its segments, in order.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        let columns = self.segments.columns;
        self.segments.range.clone().map(|row| columns.row(row))
    }

    /// Its offers, in order.
    pub(super) fn offers(&self) -> impl Iterator<Item = Offer<'a>> {
        let columns = self.offers.columns;
        self.offers.range.clone().map(|row| columns.row(row))
    }

    /// Its ledger, in order.
    pub(super) fn corrections(&self) -> impl Iterator<Item = Correction<'a>> {
        let columns = self.corrections.columns;
        self.corrections.range.clone().map(|row| columns.row(row))
    }

    /// What the webhooks say of it at face value.
    pub(super) fn naive(&self) -> Naive {
        let task = &self.task;
        Naive {
            parked_at: task.naive_parked_at.map(EpochMs),
            connect_at: task.naive_connect_at.map(EpochMs),
            connected_at: task.naive_connected_at.map(EpochMs),
            ended_at: task.naive_ended_at.map(EpochMs),
            live_wait_ms: task.naive_live_wait_ms,
            talk_ms: task.naive_talk_ms,
            outcome: task.naive_outcome,
        }
    }

    /// N5: whether the webhooks told the truth about it.
    pub(super) fn is_as_webhooks_say(&self) -> bool {
        let span = |of: Segment<'_>| (of.phase, EpochMs(of.started_at), of.ended_at.map(EpochMs));
        let ended_at = self.task.ended_at.map(EpochMs);
        let actual = Actual::new(self.task.outcome, ended_at, self.segments().map(span));
        self.naive().is_true_of(&actual, self.corrections().map(|of| of.rule))
    }

    /// V17: milliseconds that the webhooks alone show as waiting on the line, while the customer was
    /// off it.
    pub(super) fn false_live_ms(&self) -> i64 {
        let Task { naive_parked_at, naive_live_wait_ms, .. } = self.task;
        let Some((parked_at, wait_ms)) = naive_parked_at.zip(naive_live_wait_ms) else { return 0 };
        let wait_end = parked_at + wait_ms;
        let overlap_ms = |segment: Segment<'_>| {
            let end = segment.ended_at.map_or(wait_end, |at| at.min(wait_end));
            (end - segment.started_at.max(parked_at)).max(0)
        };
        let off_line = self.segments().filter(|segment| segment.phase == Phase::CallbackWait);
        off_line.map(overlap_ms).sum()
    }
}
