//! The rows of `tasks`, `segments`, `offers` and `corrections`, task by task.
//!
//! Invariant: the four files are sorted alike, by organization and task, so that one pass over
//! each finds the rows of every task, a row group at a time.

use anyhow::Result;
use task_timeline::Phase;

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

    /// Milliseconds that the webhooks alone show as waiting on the line, while the customer was
    /// off it: callback waits that ended before the first offer.
    pub(super) fn false_live_ms(&self) -> i64 {
        let Some(first) = self.offers().next() else { return 0 };
        let ended_by_then = |segment: Segment<'_>| {
            let ended_at = segment.ended_at.filter(|&at| at <= first.offered_at)?;
            (segment.phase == Phase::CallbackWait).then_some(ended_at - segment.started_at)
        };
        self.segments().filter_map(ended_by_then).sum()
    }
}
