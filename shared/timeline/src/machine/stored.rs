//! The stored form of a [`Timeline`]: a version, then the fields in few bytes.
//!
//! Invariant: a form of another version is an error, never a wrong state.

use thiserror::Error;

use crate::machine::timeline::Timeline;

/// The version of the stored form. It changes whenever a field of the state does.
const VERSION: u8 = 3;

/// Why a stored state cannot be used. The events are the truth: fold them anew.
#[derive(Debug, Error)]
pub enum StoredError {
    /// Written by another version of the program.
    #[error("the state has version {found}, not {VERSION}")]
    OtherVersion {
        /// The version found.
        found: u8,
    },
    /// There are no bytes.
    #[error("the state is empty")]
    Empty,
    /// The bytes are not a state.
    #[error("the state cannot be coded")]
    Coding(#[from] postcard::Error),
}

impl Timeline {
    /// The state in under 1 KiB, some 300 bytes where ids are UUIDs.
    ///
    /// # Errors
    /// When memory for the bytes cannot be had.
    pub fn encode(&self) -> Result<Vec<u8>, StoredError> {
        Ok(postcard::to_extend(self, vec![VERSION])?)
    }

    /// The state that [`Timeline::encode`] wrote.
    ///
    /// # Errors
    /// When the bytes are of another version, or damaged.
    pub fn decode(stored: &[u8]) -> Result<Timeline, StoredError> {
        match stored.split_first() {
            None => Err(StoredError::Empty),
            Some((&VERSION, fields)) => Ok(postcard::from_bytes(fields)?),
            Some((&found, _)) => Err(StoredError::OtherVersion { found }),
        }
    }
}
