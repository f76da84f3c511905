//! From rows to timelines: each task's events, sorted, through the one state machine.
//!
//! [`parts`] hands ranges of buckets to workers, `sorted_rows` sorts each bucket, [`task_folder`]
//! folds task by task into a [`part`], with its [`counts`]. [`visits`] cuts a timeline into visits to
//! queues, and [`queue_sums`] sums these up.
//!
//! Afterwards [`agent_parts`] folds what events say of each agent, and [`agent_sums`] sums it up by
//! half hour, together with the [`agent_offers`]. [`staffing`] answers whether anybody was free when
//! a caller left; only then are the [`visit_rows`] complete.

pub mod agent_offers;
pub mod agent_parts;
pub mod agent_sums;
pub mod counts;
mod half_hours;
pub mod part;
pub mod parts;
pub mod presence;
pub mod queue_sums;
mod sorted_rows;
pub mod staffing;
pub mod task_folder;
pub mod visit_result;
pub mod visit_rows;
pub mod visits;
