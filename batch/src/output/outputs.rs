//! All files of a run that grow while tasks are folded.
//!
//! Invariant: without a folder nothing is written.

use std::io::Write;

use anyhow::Result;
use rayon::ScopeFifo;

use crate::fold::queue_sums::QueueSums;
use crate::input::rejected::RejectedLine;
use crate::output::agent_tables::{AgentIntervals, AgentStates, AgentTables};
use crate::output::output_file::OutputFile;
use crate::output::run_folder::RunFolder;
use crate::output::table_file::TableFile;
use crate::output::tables::{Corrections, Offers, QueueIntervals, Segments, Tables, Tasks, Visits};

/// The tables of a run. The Parquet file of each is called after it.
pub(crate) const TABLES: [&str; 8] = [
    "agent_intervals",
    "agent_states",
    "corrections",
    "offers",
    "queue_intervals",
    "segments",
    "tasks",
    "visits",
];

/// The files of a run; none if there is no folder.
pub(crate) struct Outputs(Option<Files>);

struct Files {
    agent_intervals: TableFile<AgentIntervals>,
    agent_states: TableFile<AgentStates>,
    segments: TableFile<Segments>,
    tasks: TableFile<Tasks>,
    offers: TableFile<Offers>,
    corrections: TableFile<Corrections>,
    queue_intervals: TableFile<QueueIntervals>,
    visits: TableFile<Visits>,
}

impl Outputs {
    /// Creates the files.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn create(folder: Option<&RunFolder>) -> Result<Outputs> {
        let Some(folder) = folder else { return Ok(Outputs(None)) };
        Ok(Outputs(Some(Files {
            agent_intervals: TableFile::create(folder, "agent_intervals.parquet")?,
            agent_states: TableFile::create(folder, "agent_states.parquet")?,
            segments: TableFile::create(folder, "segments.parquet")?,
            tasks: TableFile::create(folder, "tasks.parquet")?,
            offers: TableFile::create(folder, "offers.parquet")?,
            corrections: TableFile::create(folder, "corrections.parquet")?,
            queue_intervals: TableFile::create(folder, "queue_intervals.parquet")?,
            visits: TableFile::create(folder, "visits.parquet")?,
        })))
    }

    /// Adds the tables of a part.
    ///
    /// # Errors
    /// When the files cannot be written to.
    pub(crate) fn push(&mut self, tables: Tables, workers: &ScopeFifo<'_>) -> Result<()> {
        let Some(files) = &mut self.0 else { return Ok(()) };
        files.segments.push(tables.segments, workers)?;
        files.tasks.push(tables.tasks, workers)?;
        files.offers.push(tables.offers, workers)?;
        files.corrections.push(tables.corrections, workers)
    }

    /// Adds the tables of some agents.
    ///
    /// # Errors
    /// When the files cannot be written to.
    pub(crate) fn push_agents(
        &mut self,
        tables: AgentTables,
        workers: &ScopeFifo<'_>,
    ) -> Result<()> {
        let Some(files) = &mut self.0 else { return Ok(()) };
        files.agent_states.push(tables.states, workers)?;
        files.agent_intervals.push(tables.intervals, workers)
    }

    /// Adds visits.
    ///
    /// # Errors
    /// When the files cannot be written to.
    pub(crate) fn push_visits(&mut self, visits: Visits, workers: &ScopeFifo<'_>) -> Result<()> {
        let Some(files) = &mut self.0 else { return Ok(()) };
        files.visits.push(visits, workers)
    }

    /// Completes the files, with the sums over all parts. Returns the files, in the order of their
    /// names.
    ///
    /// # Errors
    /// When the files cannot be written to.
    pub(crate) fn finish(
        self,
        folder: Option<&RunFolder>,
        queue_sums: QueueSums,
        rejected: &[RejectedLine],
        workers: &ScopeFifo<'_>,
    ) -> Result<Vec<OutputFile>> {
        let (Some(mut files), Some(folder)) = (self.0, folder) else { return Ok(Vec::new()) };
        files.segments.complete(workers);
        files.tasks.complete(workers);
        files.corrections.complete(workers);
        files.offers.complete(workers);
        files.visits.complete(workers);
        files.agent_states.complete(workers);
        files.agent_intervals.complete(workers);
        let mut intervals = QueueIntervals::default();
        queue_sums.into_sorted().iter().for_each(|row| intervals.push(row));
        files.queue_intervals.push(intervals, workers)?;
        files.queue_intervals.complete(workers);
        let mut written = vec![
            files.agent_intervals.finish()?,
            files.agent_states.finish()?,
            files.corrections.finish()?,
            files.offers.finish()?,
            files.queue_intervals.finish()?,
            files.segments.finish()?,
            files.tasks.finish()?,
            files.visits.finish()?,
        ];
        written.extend(write_rejected(folder, rejected)?);
        Ok(written)
    }
}

/// Keeps the lines that could not be read, so that nothing is lost; without any there is no file.
fn write_rejected(folder: &RunFolder, rejected: &[RejectedLine]) -> Result<Option<OutputFile>> {
    if rejected.is_empty() {
        return Ok(None);
    }
    let name = "rejected.ndjson";
    let mut file = folder.file(name)?;
    for line in rejected {
        serde_json::to_writer(&mut file, line)?;
        file.write_all(b"\n")?;
    }
    file.finish(rejected.len() as u64).map(Some)
}
