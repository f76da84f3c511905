//! All outputs that grow while tasks are folded: the tables, and the sums for the metrics.
//!
//! Invariant: without a folder nothing is written, and the metrics are the same.

use std::io::Write;

use anyhow::{Context, Result};
use polars::prelude::{DataFrame, IntoLazy, UnionArgs, concat};
use rayon::ScopeFifo;

use crate::input::intake::RejectedLine;
use crate::output::output_file::OutputFile;
use crate::output::parquet_file::write_frame;
use crate::output::queue_metrics;
use crate::output::run_folder::RunFolder;
use crate::output::table::Table;
use crate::output::table_file::TableFile;
use crate::output::tables::{Corrections, Offers, Segments, Tables, Tasks, Visits};
use crate::pending::Pending;

/// Visits are summed up as soon as there are this many.
const SUM_UP_ROWS: usize = 1 << 16;

/// The files that grow while tasks are folded, and the sums for the metrics.
pub(crate) struct Outputs {
    files: Option<Files>,
    service_level_ms: i64,
    visits: Vec<Visits>,
    visits_rows: usize,
    sums: Vec<Pending<Result<DataFrame>>>,
}

struct Files {
    segments: TableFile<Segments>,
    tasks: TableFile<Tasks>,
    offers: TableFile<Offers>,
    corrections: TableFile<Corrections>,
}

impl Outputs {
    /// Creates the files; without a folder there are only sums.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn create(folder: Option<&RunFolder>, service_level_ms: i64) -> Result<Outputs> {
        let files = match folder {
            None => None,
            Some(folder) => Some(Files {
                segments: TableFile::create(folder, "segments.parquet")?,
                tasks: TableFile::create(folder, "tasks.parquet")?,
                offers: TableFile::create(folder, "offers.parquet")?,
                corrections: TableFile::create(folder, "corrections.parquet")?,
            }),
        };
        Ok(Outputs {
            files,
            service_level_ms,
            visits: vec![Visits::default()],
            visits_rows: 0,
            sums: Vec::new(),
        })
    }

    /// Adds the tables of a part.
    ///
    /// # Errors
    /// When the files cannot be written to.
    pub(crate) fn push(&mut self, tables: Tables, workers: &ScopeFifo<'_>) -> Result<()> {
        if let Some(files) = &mut self.files {
            files.segments.push(tables.segments, workers)?;
            files.tasks.push(tables.tasks, workers)?;
            files.offers.push(tables.offers, workers)?;
            files.corrections.push(tables.corrections, workers)?;
        }
        self.visits_rows += tables.visits.height();
        self.visits.push(tables.visits);
        if self.visits_rows >= SUM_UP_ROWS {
            self.sum_up(workers);
        }
        Ok(())
    }

    fn sum_up(&mut self, workers: &ScopeFifo<'_>) {
        let visits = std::mem::take(&mut self.visits);
        self.visits_rows = 0;
        let service_level_ms = self.service_level_ms;
        self.sums.push(Pending::spawn(workers, move || {
            let frames = visits.into_iter().map(|visits| Ok(visits.into_frame()?.lazy()));
            let visits = concat(frames.collect::<Result<Vec<_>>>()?, UnionArgs::default())?;
            Ok(queue_metrics::partial_sums(visits, service_level_ms).collect()?)
        }));
    }

    /// Completes the files. Returns the overall metrics, in one row, and the files.
    ///
    /// # Errors
    /// When the files cannot be written to.
    pub(crate) fn finish(
        mut self,
        folder: Option<&RunFolder>,
        rejected: &[RejectedLine],
        workers: &ScopeFifo<'_>,
    ) -> Result<(DataFrame, Vec<OutputFile>)> {
        self.sum_up(workers);
        if let Some(files) = &mut self.files {
            files.segments.complete(workers);
            files.tasks.complete(workers);
            files.corrections.complete(workers);
            files.offers.complete(workers);
        }
        let sums = self.sums.into_iter().map(|sums| Ok(sums.wait()??.lazy()));
        let sums = queue_metrics::total_sums(sums.collect::<Result<_>>()?)?;
        let sums = sums.collect().context("cannot sum up")?;
        let headline = queue_metrics::headline(sums.clone().lazy()).collect()?;
        let mut written = Vec::new();
        if let (Some(files), Some(folder)) = (self.files, folder) {
            let intervals = queue_metrics::queue_intervals(sums.lazy()).collect()?;
            written.push(files.corrections.finish()?);
            written.push(files.offers.finish()?);
            written.push(write_frame(folder, "queue_intervals.parquet", &intervals)?);
            written.push(files.segments.finish()?);
            written.push(files.tasks.finish()?);
            written.extend(write_rejected(folder, rejected)?);
        }
        Ok((headline, written))
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
