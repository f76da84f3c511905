//! Panics of the Parquet reader as errors.
//!
//! Invariant: a panic ends the read of a part of a file, and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::read_error::ReadError;

/// The Parquet reader of Polars (0.55) panics on some damaged files. This turns the panic into an
/// error: nothing is left half done, because what was being decoded is dropped.
pub(crate) fn contained<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_panic| Err(ReadError::damaged("it cannot be decoded")))
}
