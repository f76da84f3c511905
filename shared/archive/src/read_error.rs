//! Why a file cannot be read.

use std::error::Error;

use thiserror::Error;

/// Why a file is not an archive, or is damaged.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file, or a part of it, is not Parquet: truncated or damaged.
    #[error("the file is damaged")]
    Damaged(#[source] Box<dyn Error + Send + Sync>),
    /// It is Parquet, but not an archive.
    #[error("there is no column `{name}` of the type that an archive has")]
    Column {
        /// The column that is missing or of another type.
        name: &'static str,
    },
}

impl ReadError {
    pub(crate) fn damaged(cause: impl Into<Box<dyn Error + Send + Sync>>) -> ReadError {
        ReadError::Damaged(cause.into())
    }
}
