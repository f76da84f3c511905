//! From files to rows: what is in the archive, packed and scattered by task.
//!
//! [`archive`] lists files, [`file_reader`] decodes them, and [`intake`] packs every delivery into
//! an [`event_row::EventRow`] and scatters it into [`buckets`] by task.

pub mod archive;
pub mod buckets;
pub mod csv_rows;
pub mod display_names;
pub mod event_row;
pub mod file_reader;
pub mod gaps;
pub mod intake;
mod prefetch;
pub(crate) mod read_days;
