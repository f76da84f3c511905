//! The nightly job: archived webhooks, in a folder or in S3, become corrected task timelines.
//!
//! [`archive`] lists files, [`file_reader`] decodes them, [`intake`] packs every delivery into an
//! [`event_row::EventRow`] and scatters it into [`buckets`] by task, [`fold`] sends each
//! bucket, sorted, through the one state machine of `task-timeline`, [`tables`] and [`visits`]
//! collect what it says, [`metrics`] counts it, [`table_file`] and [`output`] write it, [`report`]
//! shows it, and [`receipt`] says what was done. [`lambda`] serves all that by night.

pub mod archive;
mod args;
pub mod buckets;
pub mod columns;
pub mod csv_rows;
pub mod event_row;
pub mod file_reader;
pub mod fold;
pub mod gaps;
mod hashed;
pub mod intake;
pub mod interned;
pub mod lambda;
mod location;
pub mod metrics;
mod out_bucket;
pub mod output;
mod prefetch;
mod progress;
pub mod promised;
mod read_days;
mod rebuild;
pub mod receipt;
pub mod report;
mod s3;
pub mod sample;
pub mod summary;
pub mod table_file;
pub mod tables;
pub mod task_view;
pub mod visits;

pub use args::{Args, Length};
pub use location::Location;
pub use progress::Progress;
pub use read_days::ReadDays;
pub use rebuild::{Rebuilt, rebuild};
pub use s3::S3;
