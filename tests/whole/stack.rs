//! The services that a test runs on.

use std::collections::HashMap;

use anyhow::Result;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use local_stack::{DynamoDb, ObjectStore, clients, create_bucket, create_table};
use tempfile::TempDir;

/// The table and the bucket of each stack.
pub(crate) const TABLE: &str = "trueline";
pub(crate) const BUCKET: &str = "trueline";

/// DynamoDB and S3 in a folder that goes away with them.
pub(crate) struct Stack {
    pub(crate) dynamodb: DynamoDb,
    pub(crate) object_store: ObjectStore,
    pub(crate) folder: TempDir,
}

impl Stack {
    pub(crate) async fn start() -> Result<Self> {
        Self::start_in(tempfile::tempdir()?).await
    }

    pub(crate) async fn start_in(folder: TempDir) -> Result<Self> {
        let dynamodb = DynamoDb::start(folder.path(), 0)?;
        let object_store = ObjectStore::start(&folder.path().join("s3"), 0)?;
        create_table(&clients::dynamodb(&dynamodb.endpoint()), TABLE, &["phase"]).await?;
        create_bucket(&clients::s3(&object_store.endpoint()), BUCKET).await?;
        Ok(Self { dynamodb, object_store, folder })
    }

    /// Stops both services and starts them again on the same files.
    pub(crate) async fn restart(self) -> Result<Self> {
        self.dynamodb.stop()?;
        self.object_store.stop()?;
        Self::start_in(self.folder).await
    }

    pub(crate) fn table(&self) -> Client {
        clients::dynamodb(&self.dynamodb.endpoint())
    }

    pub(crate) fn bucket(&self) -> aws_sdk_s3::Client {
        clients::s3(&self.object_store.endpoint())
    }
}

/// An item with nothing but its keys.
pub(crate) fn item(pk: &str, sk: &str) -> HashMap<String, AttributeValue> {
    let text = |text: &str| AttributeValue::S(text.to_owned());
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}
