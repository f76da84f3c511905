//! Columns of the run's Parquet files, read back: the counterpart of [`crate::columns`].
//!
//! Invariant: only the columns that are asked for are read.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use polars::prelude::{
    Column, DataFrame, Int64Chunked, PolarsResult, SerReader, StringChunked, UInt32Chunked,
};
use polars_io::parquet::read::ParquetReader;

/// Reads columns of a file, each into one chunk.
pub(super) fn read(path: &Path, columns: &[&str]) -> Result<DataFrame> {
    let cannot = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(cannot)?;
    let columns = columns.iter().map(|&column| column.to_owned()).collect();
    let reader = ParquetReader::new(file).with_columns(Some(columns));
    let mut frame = reader.finish().with_context(cannot)?;
    frame.rechunk_mut();
    Ok(frame)
}

/// A column whose values are had by row.
pub(super) trait Read: Sized {
    /// A value.
    type Item<'a>
    where
        Self: 'a;

    /// The column, if it is of the right type.
    fn new(column: &Column) -> PolarsResult<Self>;

    /// The value in a row.
    fn get(&self, row: usize) -> Self::Item<'_>;
}

/// Texts; empty where there is none.
pub(super) struct Text(StringChunked);

impl Read for Text {
    type Item<'a> = &'a str;

    fn new(column: &Column) -> PolarsResult<Text> {
        Ok(Text(column.str()?.clone()))
    }

    fn get(&self, row: usize) -> &str {
        self.0.get(row).unwrap_or_default()
    }
}

/// Counts.
pub(super) struct Count(UInt32Chunked);

impl Read for Count {
    type Item<'a> = u32;

    fn new(column: &Column) -> PolarsResult<Count> {
        Ok(Count(column.u32()?.clone()))
    }

    fn get(&self, row: usize) -> u32 {
        self.0.get(row).unwrap_or_default()
    }
}

/// Milliseconds: lengths, and times since 1970.
pub(super) struct MaybeMs(Int64Chunked);

impl Read for MaybeMs {
    type Item<'a> = Option<i64>;

    fn new(column: &Column) -> PolarsResult<MaybeMs> {
        let ms = match column.datetime() {
            Ok(times) => times.physical(),
            Err(_) => column.i64()?,
        };
        Ok(MaybeMs(ms.clone()))
    }

    fn get(&self, row: usize) -> Option<i64> {
        self.0.get(row)
    }
}

/// Milliseconds that are always known.
pub(super) struct Ms(MaybeMs);

impl Read for Ms {
    type Item<'a> = i64;

    fn new(column: &Column) -> PolarsResult<Ms> {
        MaybeMs::new(column).map(Ms)
    }

    fn get(&self, row: usize) -> i64 {
        self.0.get(row).unwrap_or_default()
    }
}
