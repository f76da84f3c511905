//! From files to rows: deliveries are read, packed and scattered by task.
//!
//! [`listing`] lists files, of which `read_days` leaves some out. [`read_files`] reads them with
//! several threads: [`file_reader`] detects the format of a file and cuts it into blocks, and
//! `scatter` packs each delivery into an [`event_row::EventRow`] and puts it into one of the
//! [`buckets`] by task, and what it says of its agent into the [`agent_rows`]. All that was read is an [`intake::Intake`], with the [`rejected`] lines. [`display_names`] and [`gaps`] are
//! read for the report.

pub mod agent_rows;
mod archive_groups;
mod body_blocks;
pub mod buckets;
pub mod chunks;
mod csv_blocks;
pub mod csv_rows;
mod csv_time;
pub mod display_names;
pub mod event_row;
mod file_format;
pub mod file_reader;
mod folder_walk;
pub mod gaps;
pub mod intake;
pub mod listing;
mod prefetch;
pub(crate) mod read_days;
pub mod read_files;
pub mod rejected;
mod scatter;
