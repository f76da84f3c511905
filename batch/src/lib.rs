//! The nightly job: archived webhooks, in a folder or in S3, become corrected task timelines.
//!
//! [`input`] lists files, reads them and scatters every delivery by task. [`fold`] sends each
//! task's events, sorted, through the one state machine of `task-timeline`. [`output`] collects
//! the results in tables, computes metrics and writes both, and [`report`] shows them.
//!
//! A [`Job`] is all that a rebuild is asked for, and [`rebuild()`] does it. The command line
//! ([`Args`]) and the Lambda ([`lambda`]) are two ways to ask for one. [`verify()`] checks archives
//! without a rebuild.

mod args;
mod duration_text;
pub mod fold;
mod hashed;
pub mod input;
mod interned;
mod interrupt;
mod job;
pub mod lambda;
mod location;
pub mod output;
mod pending;
mod period;
mod progress;
mod rebuild;
pub mod report;
mod s3;
pub mod sample;
pub mod summary;
pub mod task_view;
mod verify;

pub use args::{Args, Command, Length};
pub use input::read_days::ReadDays;
pub use interrupt::clean_up_when_interrupted;
pub use job::Job;
pub use location::Location;
pub use period::Period;
pub use progress::Progress;
pub use rebuild::{Rebuilt, rebuild};
pub use s3::S3;
pub use verify::{Verified, verify};
