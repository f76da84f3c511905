//! An error with its causes, on one line of a log.
//!
//! Invariant: only the `Display` of errors is logged. The SDK's `Debug` shows raw answers, and in
//! them items with bodies.

use std::error::Error;
use std::fmt;

/// Displays an error, and after each colon its cause.
pub(crate) struct Chain<'e>(pub(crate) &'e dyn Error);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut causes = std::iter::successors(self.0.source(), |cause| (*cause).source());
        causes.try_for_each(|cause| write!(f, ": {cause}"))
    }
}
