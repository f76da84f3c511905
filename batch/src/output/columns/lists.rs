//! Lists: each row has any number of values.
//!
//! Invariant: offsets begin with 0, and there is one more of them than rows.

use polars::prelude::PolarsResult;
use polars_arrow::array::{Array, ListArray};

use super::build::Build;

/// Lists of values of a column.
pub struct Lists<C> {
    values: C,
    offsets: Vec<i64>,
}

impl<C: Build> Default for Lists<C> {
    fn default() -> Self {
        Lists { values: C::default(), offsets: vec![0] }
    }
}

impl<C: Build> Build for Lists<C> {
    type Item<'a> = Vec<C::Item<'a>>;

    fn push(&mut self, items: Self::Item<'_>) {
        let so_far = self.offsets.last().copied().unwrap_or_default();
        self.offsets.push(so_far + items.len().cast_signed() as i64);
        items.into_iter().for_each(|item| self.values.push(item));
    }

    fn append(&mut self, more: Self) {
        let so_far = self.offsets.last().copied().unwrap_or_default();
        self.offsets.extend(more.offsets.into_iter().skip(1).map(|offset| so_far + offset));
        self.values.append(more.values);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        let values = self.values.finish()?;
        let dtype = ListArray::<i64>::default_datatype(values.dtype().clone());
        Ok(Box::new(ListArray::try_new(dtype, self.offsets.try_into()?, values, None)?))
    }
}
