//! Parts of a batch that have to be done again.

use thiserror::Error;

use crate::store::bucket::BucketError;
use crate::store::task_table::TableError;
use crate::store::transition::TransitionError;

/// Why a part of a batch has to be done again.
#[derive(Debug, Error)]
pub(super) enum PartError {
    #[error("the archive was not written")]
    Archive(#[from] BucketError),
    #[error("the archive's format failed")]
    Format(#[from] event_archive::WriteError),
    #[error("the task was not settled")]
    Settle(#[from] TransitionError),
    #[error("the agent was not moved")]
    Agent(#[from] TableError),
}

/// A part of a batch that failed, by the first record that it concerns.
pub(super) struct Failure {
    pub(super) record: usize,
    pub(super) error: PartError,
}
