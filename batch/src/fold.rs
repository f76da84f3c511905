//! From rows to timelines: each task's events, sorted, through the one state machine.
//!
//! [`parts`] hands ranges of buckets to workers, `sorted_rows` sorts each bucket, [`task_folder`]
//! folds task by task into a [`part`], with its [`counts`]. [`visits`] cuts a timeline into visits to
//! queues, and [`queue_sums`] sums these up.

pub mod counts;
pub mod part;
pub mod parts;
pub mod queue_sums;
mod sorted_rows;
pub mod task_folder;
pub mod visits;
