//! The archive's own format: Parquet with typed columns beside the raw body.
//!
//! [`write()`] makes a file of [`ArchivedEvent`]s, [`Archive`] reads one. Bytes out, bytes in: where
//! they lie is the caller's business. Other engines (`DuckDB`, Athena, Polars) read the same files
//! with their own Parquet readers; times are milliseconds in UTC.
//!
//! Invariant: an archive never becomes unreadable. Its footer says which version of the columns it
//! has ([`COLUMNS_VERSION`]). Columns of this version are taken as they are, without any JSON;
//! under another version the webhook is parsed from the body again. So whoever changes what a
//! column means, or finds a fault in how it was derived, raises the version, and old archives give
//! what is right now.

mod archived_event;
mod bodies;
mod columns;
mod events;
mod group;
mod read;
mod write;

pub use archived_event::{ArchivedEvent, Headers};
pub use bodies::{Bodies, Body};
pub use columns::COLUMNS_VERSION;
pub use events::{Events, ReadEvent, RowError, UnreadableRow};
pub use group::ReadError;
pub use read::Archive;
pub use write::{WriteError, write};
