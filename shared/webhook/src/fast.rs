//! The fast way to read bodies: compact JSON without escapes, and many bodies with one layout.
//!
//! Invariant: whatever it reads, it reads exactly as [`slow`](crate::slow) does. It leaves the
//! rest to [`slow`](crate::slow).

pub(crate) mod body_texts;
mod byte_search;
pub(crate) mod layout;
mod pieces;
mod scanner;

pub(crate) use scanner::scan;
