//! What all columns have in common.
//!
//! Invariant: a column has as many values as were pushed.

use polars::prelude::PolarsResult;
use polars_arrow::array::Array;
use polars_arrow::bitmap::{Bitmap, MutableBitmap};

/// A column that grows.
pub trait Build: Default {
    /// A value.
    type Item<'a>;

    /// Adds a value.
    fn push(&mut self, item: Self::Item<'_>);

    /// Adds all values of another column.
    fn append(&mut self, more: Self);

    /// The column as an Arrow array.
    ///
    /// # Errors
    /// When Arrow finds an inconsistency: a bug.
    fn finish(self) -> PolarsResult<Box<dyn Array>>;
}

/// Which values of a column are known.
#[derive(Default)]
pub(crate) struct Known(MutableBitmap);

impl Known {
    pub(crate) fn push(&mut self, is_known: bool) {
        self.0.push(is_known);
    }

    pub(crate) fn append(&mut self, more: Known) {
        self.0.extend_from_bitmap(&more.0.freeze());
    }

    pub(crate) fn finish(self) -> Option<Bitmap> {
        (self.0.unset_bits() > 0).then(|| self.0.freeze())
    }
}
