//! What was done with a batch, for the log and the metrics.

use crate::store::spent::Spent;

/// What was done with a batch.
#[derive(Clone, Debug, Default)]
pub struct BatchSummary {
    /// Events and repeats written to the archive.
    pub archived: usize,
    /// Objects that they went to.
    pub objects: usize,
    /// Events that could not be read; they went to `quarantine/`.
    pub quarantined: usize,
    /// Tasks and agents whose state was behind.
    pub settled: usize,
    /// Deliveries replayed from `spill/`.
    pub replayed: usize,
    /// Listed deliveries that are still in `spill/` after that.
    pub spill_left: usize,
    /// Why parts of the batch have to be done again.
    pub errors: Vec<String>,
    /// What it cost.
    pub spent: Spent,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

impl BatchSummary {
    /// Writes the batch's line in the log.
    pub fn log(&self) {
        tracing::info!(
            archived = self.archived,
            objects = self.objects,
            quarantined = self.quarantined,
            settled = self.settled,
            replayed = self.replayed,
            spill_left = self.spill_left,
            errors = self.errors.len(),
            capacity.read_units = self.spent.read_units,
            capacity.write_units = self.spent.write_units,
            duration_ms = self.duration_ms,
            "batch"
        );
        for error in &self.errors {
            tracing::error!(error, "a part of the batch has to be done again");
        }
    }
}
