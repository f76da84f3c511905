//! Tables as files that grow part by part.
//!
//! Invariant: rows are in the file in the order in which they were pushed, in the same row
//! groups, whoever encoded them. Workers encode and compress; one thread writes.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::Result;
use rayon::ScopeFifo;

use crate::output::output_file::OutputFile;
use crate::output::parquet_file::{ParquetFile, RowGroup};
use crate::output::run_folder::RunFolder;
use crate::output::table::Table;
use crate::pending::Pending;

/// A row group is written as soon as there are this many rows. Larger ones need fresh memory, which
/// is slow.
const ROW_GROUP_ROWS: usize = 1 << 15;

/// A Parquet file that grows part by part.
pub struct TableFile<T> {
    file: ParquetFile,
    pending: Vec<T>,
    pending_rows: usize,
    encoded: VecDeque<Pending<Result<RowGroup>>>,
}

impl<T: Table + Send + 'static> TableFile<T> {
    /// A file without rows yet.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn create(folder: &RunFolder, name: &'static str) -> Result<TableFile<T>> {
        let file = ParquetFile::create(folder, name, &T::default().into_arrays()?)?;
        Ok(TableFile { file, pending: Vec::new(), pending_rows: 0, encoded: VecDeque::new() })
    }

    /// Adds rows, and writes those that the workers have encoded.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn push(&mut self, rows: T, workers: &ScopeFifo<'_>) -> Result<()> {
        self.pending_rows += rows.height();
        self.pending.push(rows);
        if self.pending_rows >= ROW_GROUP_ROWS {
            self.encode(workers);
        }
        while let Some(group) = self.encoded.front().and_then(Pending::if_done) {
            self.encoded.pop_front();
            self.file.write(&group?)?;
        }
        Ok(())
    }

    /// Makes the workers encode what is left.
    pub fn complete(&mut self, workers: &ScopeFifo<'_>) {
        if self.pending_rows > 0 {
            self.encode(workers);
        }
    }

    fn encode(&mut self, workers: &ScopeFifo<'_>) {
        let parts = std::mem::take(&mut self.pending);
        self.pending_rows = 0;
        let layout = Arc::clone(self.file.layout());
        self.encoded.push_back(Pending::spawn(workers, move || {
            let append = |mut rows: T, part| {
                rows.append(part);
                rows
            };
            let rows = parts.into_iter().reduce(append).unwrap_or_default();
            let height = rows.height();
            layout.encode(height, rows.into_arrays()?.into_iter().map(|(_, array)| array))
        }));
    }

    /// Writes what is left and ends the file.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn finish(mut self) -> Result<OutputFile> {
        for group in self.encoded {
            self.file.write(&group.wait()??)?;
        }
        self.file.finish()
    }
}
