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
pub type MaybeDurations = MaybeNumbers<i64>;

/// Quotients, unknown where the divisor is 0.
pub type Quotients = MaybeNumbers<f64>;

/// Numbers that may be unknown.
#[derive(Default)]
pub struct MaybeNumbers<T> {
    numbers: Vec<T>,
    known: Known,
}

impl<T: NativeType> MaybeNumbers<T> {
    fn array(self) -> PrimitiveArray<T> {
        PrimitiveArray::from_vec(self.numbers).with_validity(self.known.finish())
    }
}

impl<T: NativeType> Build for MaybeNumbers<T> {
    type Item<'a> = Option<T>;

    fn push(&mut self, number: Option<T>) {
        self.numbers.push(number.unwrap_or_default());
        self.known.push(number.is_some());
    }

    fn append(&mut self, more: Self) {
        self.numbers.extend(more.numbers);
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
