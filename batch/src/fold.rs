//! From rows to timelines: each task's events, sorted, through the one state machine.
//!
//! [`parts`] hands ranges of buckets to workers, `sorted_rows` sorts each bucket, [`task_folder`]
//! folds task by task into a [`part`], with its [`counts`], and [`visits`] cuts a timeline into
//! visits to queues.

pub mod counts;
pub mod part;
pub mod parts;
mod sorted_rows;
pub mod task_folder;
pub mod visits;
