//! From rows to timelines: each task's events, sorted, through the one state machine.
//!
//! [`tasks`] folds bucket by bucket, [`visits`] cuts a timeline into visits to queues, and what
//! workers do ahead is [`promised`].

pub mod promised;
pub mod tasks;
pub mod visits;
