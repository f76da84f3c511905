//! All of Trueline on one machine: the functions of production behind one port.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use aws_config::SdkConfig;
use functions::archive_events::{ArchiveEvents, Work};
use functions::config::{impatient, now, persistent};
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use functions::serve_wallboard::{ServeWallboard, UncertainAfter};
use functions::store::bucket::Bucket;
use functions::store::task_table::{LIVE_ATTRIBUTES, TaskTable};
use webhook::Secrets;

use crate::clients;
use crate::deploy::{create_bucket, create_table};
use crate::dynamodb::DynamoDb;
use crate::event_source::{EventSource, Mapping};
use crate::http_api::HttpApi;
use crate::object_store::ObjectStore;

/// The name of the table.
pub const TABLE: &str = "trueline";
/// The name of the bucket.
pub const BUCKET: &str = "trueline";

/// As the template has it, but for the window, since people wait for the demo, and for the filter,
/// which only spares invocations: the function passes over what does not matter to it.
const STREAM: EventSource =
    EventSource { batch_size: 1_000, window: Duration::from_millis(500), filter: |_record| true };

/// DynamoDB and S3, and where they answer.
#[derive(Debug)]
pub struct Services {
    /// The embedded DynamoDB.
    pub dynamodb: DynamoDb,
    /// The embedded S3.
    pub object_store: ObjectStore,
}

impl Services {
    /// Starts both on free ports, with their data in `folder`, and creates what the template
    /// creates.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used.
    pub async fn start(folder: &Path) -> Result<Self> {
        let dynamodb = DynamoDb::start(folder, 0)?;
        let object_store = ObjectStore::start(&folder.join("s3"), 0)?;
        create_table(&clients::dynamodb(&dynamodb.endpoint()), TABLE, &LIVE_ATTRIBUTES).await?;
        create_bucket(&clients::s3(&object_store.endpoint()), BUCKET).await?;
        Ok(Self { dynamodb, object_store })
    }

    /// The table, as the functions use it.
    #[must_use]
    pub fn task_table(&self) -> TaskTable {
        task_table(&self.dynamodb.endpoint())
    }

    /// The bucket, as the functions use it.
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        bucket(&self.object_store.endpoint())
    }
}

/// The table behind an endpoint, with the patience that the functions have in AWS.
#[must_use]
pub fn task_table(endpoint: &str) -> TaskTable {
    TaskTable::new(aws_sdk_dynamodb::Client::new(&sdk(endpoint)), TABLE.to_owned())
}

/// The bucket behind an endpoint, with the patience that the functions have in AWS.
#[must_use]
pub fn bucket(endpoint: &str) -> Bucket {
    Bucket::new(clients::s3_from(&sdk(endpoint)), BUCKET.to_owned())
}

fn sdk(endpoint: &str) -> SdkConfig {
    let config = clients::config(endpoint).into_builder();
    config.timeout_config(impatient()).retry_config(persistent()).build()
}

/// The services with the functions: webhooks in, live state and archive out.
#[derive(Debug)]
pub struct Trueline {
    /// What the functions stand on.
    pub services: Services,
    api: HttpApi,
    stream: Mapping,
}

impl Trueline {
    /// Starts everything: the data in `folder`, the functions on `port` of 127.0.0.1 (0 takes a
    /// free one).
    ///
    /// # Errors
    ///
    /// When the folder or the port cannot be used.
    pub async fn start(folder: &Path, port: u16, secrets: Secrets) -> Result<Self> {
        let services = Services::start(folder).await?;
        let api = serve(port, &services, secrets).await?;
        let archive = ArchiveEvents::new(services.task_table(), services.bucket());
        let stream = map_stream(&services.dynamodb, archive).await?;
        Ok(Self { api, services, stream })
    }

    /// The URL of the root of the functions' port.
    #[must_use]
    pub fn url(&self) -> String {
        self.api.url()
    }

    /// Waits until all events that were stored before the call are archived.
    ///
    /// # Errors
    ///
    /// When the stream is no longer read.
    pub async fn archived(&self) -> Result<()> {
        self.stream.drained().await
    }

    /// Stops in order: first requests, then batches, then the services.
    ///
    /// # Errors
    ///
    /// When a server had failed before.
    pub async fn stop(self) -> Result<()> {
        self.api.stop().await?;
        self.stream.stop().await;
        self.services.dynamodb.stop()?;
        self.services.object_store.stop()
    }
}

/// Serves an instance of `ingest-webhook` and one of `serve-wallboard` on `port` of 127.0.0.1, by
/// path as API Gateway does.
async fn serve(port: u16, services: &Services, secrets: Secrets) -> Result<HttpApi> {
    let (table, bucket) = (services.task_table(), services.bucket());
    let ingest =
        Arc::new(IngestWebhook::new(table.clone(), bucket.clone(), SecretStore::fixed(secrets)));
    let wallboard = Arc::new(ServeWallboard::new(table, bucket, UncertainAfter::default()));
    HttpApi::start(port, move |request| {
        let (ingest, wallboard) = (Arc::clone(&ingest), Arc::clone(&wallboard));
        async move {
            let path = request.uri().path();
            if path.starts_with("/webhooks") || path.starts_with("/signals/") {
                let handled = ingest.handle(&request, now()).await;
                handled.summary.log();
                handled.response
            } else {
                wallboard.handle(&request, now()).await
            }
        }
    })
    .await
}

/// Serves an instance of `ingest-webhook` on `port` of 127.0.0.1.
///
/// # Errors
///
/// When the port cannot be used.
pub async fn serve_ingest(
    port: u16,
    table: TaskTable,
    bucket: Bucket,
    secrets: Secrets,
) -> Result<HttpApi> {
    let ingest = Arc::new(IngestWebhook::new(table, bucket, SecretStore::fixed(secrets)));
    HttpApi::start(port, move |request| {
        let ingest = Arc::clone(&ingest);
        async move {
            let handled = ingest.handle(&request, now()).await;
            handled.summary.log();
            handled.response
        }
    })
    .await
}

/// Hands the table's stream to an instance of `archive-events`.
///
/// # Errors
///
/// When the table has no stream.
pub async fn map_stream(dynamodb: &DynamoDb, archive: ArchiveEvents) -> Result<Mapping> {
    let archive = Arc::new(archive);
    let function = move |event| {
        let archive = Arc::clone(&archive);
        async move {
            let (response, summary) = archive.handle(&Work::Batch(event), now()).await;
            summary.log();
            anyhow::Ok(response)
        }
    };
    STREAM.start(dynamodb, TABLE, function).await
}
