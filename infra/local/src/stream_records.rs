//! The stream's records as dynoxide keeps them, through a second connection to its database.
//!
//! Dynoxide looks up the largest sequence number for each write without an index, and never
//! deletes a record: with a stream on, a write takes as long as there were writes before it.
//! An index and the deletion of consumed records keep writes fast, and the deletion is at the same
//! time the reader's checkpoint: what is still there was not acknowledged.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use rusqlite::{Connection, params};

/// The expression is the one that dynoxide's statements have, or the index would not be used.
const INDEX: &str = "CREATE INDEX IF NOT EXISTS stream_order
    ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";

const DELETE: &str = "DELETE FROM _stream_records
    WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <= ?2";

/// How long to wait for a write of dynoxide's.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The records of all streams of a database.
#[derive(Debug, Clone)]
pub(crate) struct StreamRecords {
    connection: Arc<Mutex<Connection>>,
}

impl StreamRecords {
    /// Opens the database that dynoxide has created in `file`, and adds the index.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute(INDEX, [])?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Deletes the records of `table` up to and including `sequence_number`.
    ///
    /// # Errors
    ///
    /// When the number is not a sequence number, or the database cannot be written.
    pub(crate) async fn acknowledge(&self, table: &str, sequence_number: &str) -> Result<()> {
        let through = stored(sequence_number)
            .with_context(|| format!("{sequence_number} is no sequence number"))?;
        let (connection, table) = (Arc::clone(&self.connection), table.to_owned());
        tokio::task::spawn_blocking(move || {
            let connection =
                connection.lock().map_err(|_| anyhow!("an earlier delete panicked"))?;
            connection.prepare_cached(DELETE)?.execute(params![table, through])?;
            Ok(())
        })
        .await?
    }
}

/// The number in the database: in public it has 21 digits, of which the first is always 1.
fn stored(sequence_number: &str) -> Option<i64> {
    sequence_number.strip_prefix('1').filter(|rest| rest.len() == 20)?.parse().ok()
}
