//! The nightly job: a folder of archived webhooks becomes corrected task timelines.
//!
//! [`archive`] lists and decodes files, [`intake`] packs every delivery into an
//! [`event_row::EventRow`] and scatters it into [`buckets`] by task, [`fold`] sends each
//! bucket, sorted, through the one state machine of `task-timeline`, [`tables`] and [`visits`]
//! collect what it says, [`metrics`] counts it, [`output`] writes it, and [`receipt`] says what
//! was done.

pub mod archive;
mod args;
pub mod buckets;
pub mod columns;
pub mod csv_rows;
pub mod event_row;
pub mod fold;
pub mod intake;
pub mod metrics;
pub mod output;
mod progress;
mod rebuild;
pub mod receipt;
pub mod sample;
pub mod summary;
pub mod tables;
pub mod task_view;
pub mod visits;

pub use args::{Args, Length};
pub use progress::Progress;
pub use rebuild::{Rebuilt, rebuild};
