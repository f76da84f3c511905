//! The archive's own format: Parquet with typed columns beside the raw body.
//!
//! [`write()`] makes a file of [`ArchivedEvent`]s, [`Archive`] reads one. Both work on bytes in memory;
//! storing them is up to the caller. Other engines (`DuckDB`, Athena, Polars) read the same files
//! with their own Parquet readers; times are milliseconds in UTC.
//!
//! Invariant: an archive never becomes unreadable. Its footer says which version of the columns it
//! has ([`COLUMNS_VERSION`]). Columns of this version are taken as they are, without any JSON;
//! under another version the webhook is parsed from the body again. Whoever changes what a
//! column means, or fixes how it is derived, raises the version; then old archives are read with the
//! new meaning.

mod archived_event;
mod bodies;
mod checksums;
mod columns;
mod contained;
mod differences;
mod events;
mod footer;
mod group;
mod pages;
mod read;
mod read_error;
mod seal;
mod write;

pub use archived_event::{ArchivedEvent, Headers};
pub use bodies::{Bodies, Body};
pub use columns::COLUMNS_VERSION;
pub use differences::{Difference, Mismatch};
pub use events::{Events, ReadEvent, RowError, UnreadableRow};
pub use read::Archive;
pub use read_error::ReadError;
pub use write::{WriteError, write};
