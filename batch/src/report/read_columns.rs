//! Columns of the run's Parquet files, read back: the counterpart of [`crate::output::columns`].
//!
//! Invariant: only the columns that are asked for are read.

use std::path::PathBuf;

use anyhow::Result;
use polars::prelude::{
    Column, DataFrame, Int64Chunked, PolarsResult, StringChunked, UInt32Chunked, polars_err,
};
use task_timeline::Named;

use crate::output::row_groups::RowGroups;

/// Reads columns of a whole file.
pub(super) fn read(path: PathBuf, columns: &[&str]) -> Result<DataFrame> {
    let mut groups = RowGroups::open(path, columns)?;
    let mut frame = groups.none()?;
    while let Some(group) = groups.next()? {
        frame.vstack_mut_owned(group)?;
    }
    frame.rechunk_mut();
    Ok(frame)
}

/// A column whose values are read by row.
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

/// Kinds out of a small set, some of them unknown.
pub(super) struct MaybeKinds<T>(Vec<Option<T>>);

impl<T: Named> Read for MaybeKinds<T> {
    type Item<'a>
        = Option<T>
    where
        T: 'a;

    fn new(column: &Column) -> PolarsResult<MaybeKinds<T>> {
        let kind = |name: Option<&str>| name.map(|name| named(name, column)).transpose();
        column.str()?.iter().map(kind).collect::<PolarsResult<_>>().map(MaybeKinds)
    }

    fn get(&self, row: usize) -> Option<T> {
        self.0.get(row).copied().flatten()
    }
}

/// Kinds out of a small set that are always known.
pub(super) struct Kinds<T>(Vec<T>);

impl<T: Named> Read for Kinds<T> {
    type Item<'a>
        = T
    where
        T: 'a;

    fn new(column: &Column) -> PolarsResult<Kinds<T>> {
        let kind = |name: Option<&str>| named(name.unwrap_or_default(), column);
        column.str()?.iter().map(kind).collect::<PolarsResult<_>>().map(Kinds)
    }

    fn get(&self, row: usize) -> T {
        self.0[row]
    }
}

fn named<T: Named>(name: &str, column: &Column) -> PolarsResult<T> {
    let unknown = || polars_err!(ComputeError: "{name:?} in the column {}", column.name());
    T::from_name(name).ok_or_else(unknown)
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

/// Milliseconds: durations, and times since 1970.
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
