//! From files to rows: what is in the archive, packed and scattered by task.
//!
//! [`listing`] lists files, [`file_reader`] decodes them, and [`intake`] packs every delivery into
//! an [`event_row::EventRow`] and scatters it into [`buckets`] by task.

mod archive_groups;
pub mod buckets;
pub mod csv_rows;
pub mod display_names;
pub mod event_row;
mod file_format;
pub mod file_reader;
pub mod gaps;
pub mod intake;
mod line_blocks;
pub mod listing;
mod prefetch;
pub(crate) mod read_days;
pub mod read_files;
mod scatter;
