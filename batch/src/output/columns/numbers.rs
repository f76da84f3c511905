//! Counts, durations and times.
//!
//! Invariant: durations and times are in milliseconds.

use polars::prelude::{ArrowDataType, ArrowTimeUnit, PolarsResult};
use polars_arrow::array::{Array, PrimitiveArray};
use polars_arrow::types::NativeType;
use task_timeline::EpochMs;

use super::build::{Build, Known};

/// Counts and sequence numbers.
pub type Counts = Numbers<u32>;

/// Milliseconds that are always known.
pub type Durations = Numbers<i64>;

/// Numbers that are always known.
#[derive(Default)]
pub struct Numbers<T>(Vec<T>);

impl<T: NativeType> Build for Numbers<T> {
    type Item<'a> = T;

    fn push(&mut self, number: T) {
        self.0.push(number);
    }

    fn append(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        Ok(Box::new(PrimitiveArray::from_vec(self.0)))
    }
}

/// Milliseconds that may be unknown.
#[derive(Default)]
pub struct MaybeDurations {
    durations_ms: Vec<i64>,
    known: Known,
}

impl MaybeDurations {
    fn array(self) -> PrimitiveArray<i64> {
        PrimitiveArray::from_vec(self.durations_ms).with_validity(self.known.finish())
    }
}

impl Build for MaybeDurations {
    type Item<'a> = Option<i64>;

    fn push(&mut self, duration_ms: Option<i64>) {
        self.durations_ms.push(duration_ms.unwrap_or_default());
        self.known.push(duration_ms.is_some());
    }

    fn append(&mut self, more: Self) {
        self.durations_ms.extend(more.durations_ms);
        self.known.append(more.known);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        Ok(Box::new(self.array()))
    }
}

/// Instants in UTC.
#[derive(Default)]
pub struct Times(MaybeDurations);

impl Build for Times {
    type Item<'a> = Option<EpochMs>;

    fn push(&mut self, at: Option<EpochMs>) {
        self.0.push(at.map(|at| at.0));
    }

    fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        let dtype = ArrowDataType::Timestamp(ArrowTimeUnit::Millisecond, Some("UTC".into()));
        Ok(Box::new(self.0.array().to(dtype)))
    }
}
