//! DynamoDB: dynoxide-rs with a database file, served over the wire protocol.
//!
//! A write that was answered is in the file, and survives if the process is killed.
//!
//! The server is dynoxide's own, which waits for half a request for ever. Only the clients of the stack
//! know its port, and a stop does not wait for it longer than [`loopback`](crate::loopback) allows.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use dynoxide::Database;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::loopback::Loopback;
use crate::stream_records::StreamRecords;

/// How often expired items are deleted; AWS promises no more than "within a few days".
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// An embedded DynamoDB; it stops when dropped.
#[derive(Debug)]
pub struct DynamoDb {
    server: Loopback,
    stream_records: StreamRecords,
}

impl DynamoDb {
    /// Serves the tables kept in `folder` on `port` of 127.0.0.1; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// When the folder or the port cannot be used.
    pub fn start(folder: &Path, port: u16) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let file = folder.join("dynamodb.sqlite");
        let path = file.to_str().with_context(|| format!("{} is not UTF-8", file.display()))?;
        let database = Database::new(path).with_context(|| format!("cannot open {path}"))?;
        // Sets `synchronous = NORMAL`, which dynoxide leaves at FULL: a disk flush for each write.
        // With a write-ahead log nothing is lost when the process dies, only when the machine does.
        database.disable_bulk_loading()?;
        let stream_records = StreamRecords::open(&file)?;
        let server =
            Loopback::start("dynamodb", port, |listener, stop| serve(listener, database, stop))?;
        Ok(Self { server, stream_records })
    }

    /// The endpoint URL for an SDK client.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Lets running requests finish, then frees port and files.
    ///
    /// # Errors
    ///
    /// When the server had failed before.
    pub fn stop(self) -> Result<()> {
        self.server.stop()
    }

    pub(crate) fn stream_records(&self) -> StreamRecords {
        self.stream_records.clone()
    }
}

async fn serve(listener: TcpListener, database: Database, stop: CancellationToken) -> Result<()> {
    let sweeping = tokio::spawn(sweep(database.clone()));
    let served =
        dynoxide::server::serve_with_shutdown(listener, database, stop.cancelled_owned()).await;
    sweeping.abort();
    served.map_err(|error| anyhow!(error))
}

/// Deletes expired items now and then: dynoxide leaves that to its host.
async fn sweep(database: Database) {
    let mut ticks = tokio::time::interval(SWEEP_EVERY);
    loop {
        ticks.tick().await;
        let database = database.clone();
        // On another thread: between two pages a sweep waits for requests that this one answers.
        match tokio::task::spawn_blocking(move || database.sweep_ttl()).await {
            Ok(Ok(expired)) => tracing::debug!(expired, "swept"),
            Ok(Err(error)) => tracing::warn!(%error, "expired items stay"),
            Err(error) => tracing::warn!(%error, "expired items stay"),
        }
    }
}
