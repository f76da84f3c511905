//! Parquet files of a run, read back row group by row group.
//!
//! Invariant: only the columns that are asked for are read, and one row group is in memory.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use polars::prelude::DataFrame;
use polars_io::SerReader;
use polars_io::parquet::metadata::FileMetadataRef;
use polars_io::parquet::read::ParquetReader;

/// A file that is read row group by row group, so that memory stays small.
pub(crate) struct RowGroups {
    path: PathBuf,
    /// All of them by default.
    columns: Option<Vec<String>>,
    metadata: FileMetadataRef,
    group: usize,
    row: usize,
}

impl RowGroups {
    /// Opens a file for these columns.
    pub(crate) fn open(path: PathBuf, columns: &[&str]) -> Result<RowGroups> {
        RowGroups::new(path, Some(columns.iter().map(|&column| column.to_owned()).collect()))
    }

    /// Opens a file for all its columns.
    pub(crate) fn open_all(path: PathBuf) -> Result<RowGroups> {
        RowGroups::new(path, None)
    }

    fn new(path: PathBuf, columns: Option<Vec<String>>) -> Result<RowGroups> {
        let metadata = Arc::clone(reader(&path)?.get_metadata()?);
        Ok(RowGroups { path, columns, metadata, group: 0, row: 0 })
    }

    /// The next rows; `None` after the last ones.
    pub(crate) fn next(&mut self) -> Result<Option<DataFrame>> {
        let Some(group) = self.metadata.row_groups.get(self.group) else { return Ok(None) };
        let rows = group.num_rows();
        let frame = self.rows(rows)?;
        self.group += 1;
        self.row += rows;
        Ok(Some(frame))
    }

    /// No rows, but the columns.
    pub(crate) fn none(&self) -> Result<DataFrame> {
        self.rows(0)
    }

    fn rows(&self, rows: usize) -> Result<DataFrame> {
        let mut reader = reader(&self.path)?;
        reader.set_metadata(Arc::clone(&self.metadata));
        reader
            .with_columns(self.columns.clone())
            .with_slice(Some((self.row, rows)))
            .finish()
            .with_context(|| format!("cannot read {}", self.path.display()))
    }
}

fn reader(path: &Path) -> Result<ParquetReader<File>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(ParquetReader::new(file))
}
