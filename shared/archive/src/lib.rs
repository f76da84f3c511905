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

mod columns;
mod events;
mod read;
mod write;

pub use columns::COLUMNS_VERSION;
pub use events::{Bodies, Body, Events, ReadEvent, RowError, UnreadableRow};
pub use read::{Archive, ReadError};
pub use write::{ArchivedEvent, Headers, WriteError, write};
