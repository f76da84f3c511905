//! The fast way to read bodies: compact JSON without escapes, and many bodies of one layout.
//!
//! Invariant: what it reads, it reads exactly as [`slow`](crate::slow) does; the rest it leaves
//! to that.

mod byte_search;
pub(crate) mod layout;
pub(crate) mod line;
mod scanner;

pub(crate) use scanner::scan;
