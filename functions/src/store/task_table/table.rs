//! The table, and why it may fail.

use aws_sdk_dynamodb::Client;
use thiserror::Error;

/// The table.
#[derive(Clone, Debug)]
pub struct TaskTable {
    pub(super) client: Client,
    pub(super) name: String,
}

/// Why the table could not be read or written.
#[derive(Debug, Error)]
pub enum TableError {
    /// DynamoDB refused, failed, or did not answer, after all retries.
    #[error("DynamoDB did not {request}")]
    Request {
        /// What was asked for.
        request: &'static str,
        /// Why not.
        #[source]
        source: Box<aws_sdk_dynamodb::Error>,
    },
    /// A timeline has no stored form.
    #[error("a timeline cannot be encoded")]
    Encoding(#[from] task_timeline::StoredError),
}

impl TaskTable {
    /// The table of that name.
    pub fn new(client: Client, name: String) -> TaskTable {
        TaskTable { client, name }
    }
}
