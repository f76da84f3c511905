//! The rows of a bucket, sorted for the fold.
//!
//! Invariant: rows of one task are neighbours, in the order of their events; repeats of an event
//! are neighbours too.

use crate::input::buckets::Bucket;
use crate::input::event_row::EventRow;
use crate::input::intake::Intake;

/// The rows of a bucket, by task and by position within the task.
#[derive(Default)]
pub(crate) struct SortedRows {
    rows: Vec<EventRow>,
    /// Half of a task's id, and where a row of it lies.
    keys: Vec<(u64, u32, u32)>,
}

impl SortedRows {
    /// The rows, task by task.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &[EventRow]> {
        self.rows.chunk_by(EventRow::same_task)
    }

    /// Takes the rows of a bucket, reusing the memory of the one before.
    ///
    /// Rows are first sorted by a short key and copied once; then the rows of each task, about a
    /// dozen, are sorted. That moves a quarter of the bytes that sorting whole rows would.
    pub(crate) fn fill(&mut self, intake: &Intake, org: u16, bucket: usize) {
        let parts: Vec<Bucket> = intake.scattered.iter().map(|of| of.take(org, bucket)).collect();
        let chunks: Vec<&[EventRow]> = parts.iter().flat_map(Bucket::slices).collect();
        self.keys.clear();
        for (chunk, rows) in (0u32..).zip(&chunks) {
            self.keys.extend((0u32..).zip(*rows).map(|(row, of)| (of.task[0], chunk, row)));
        }
        self.keys.sort_unstable_by_key(|&(half_the_id, ..)| half_the_id);
        self.rows.clear();
        let by_key = self.keys.iter().map(|&(_, chunk, row)| chunks[chunk as usize][row as usize]);
        self.rows.extend(by_key);
        let half_the_id = |a: &EventRow, b: &EventRow| a.task[0] == b.task[0];
        for rows in self.rows.chunk_by_mut(half_the_id) {
            rows.sort_unstable_by_key(EventRow::key);
        }
    }
}
