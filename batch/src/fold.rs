//! From rows to timelines: each task's events, sorted, through the one state machine.
//!
//! [`tasks`] folds bucket by bucket, and [`visits`] cuts a timeline into visits to queues.

pub mod tasks;
pub mod visits;
