//! The bucket, and its objects by their keys.
//!
//! Invariant: what is not there is `None`, and never an error.

use aws_account::gap::Gap;
use aws_sdk_s3::Client;
use thiserror::Error;

/// Where names of queues and agents may be, as CSV of ids and names.
pub const NAMES: &str = "names.csv";

/// The bucket.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub(super) client: Client,
    pub(super) name: String,
}

/// Why the bucket could not be read or written.
#[derive(Debug, Error)]
#[error("S3 did not {request}")]
pub struct BucketError {
    request: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl Bucket {
    /// The bucket of that name.
    pub fn new(client: Client, name: String) -> Bucket {
        Bucket { client, name }
    }

    /// Archives a batch of events of one date.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn write_archive(&self, key: &str, object: Vec<u8>) -> Result<(), BucketError> {
        let put = self.client.put_object().bucket(&self.name).key(key);
        let put = put.content_type("application/vnd.apache.parquet").body(object.into());
        put.send().await.map(drop).map_err(|error| failed("write the archive", error))
    }

    /// The table of names of queues and agents, [`NAMES`], if there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn names(&self) -> Result<Option<Vec<u8>>, BucketError> {
        self.get(NAMES, "read the names").await
    }

    /// All keys below `prefix`, in order.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, BucketError> {
        let list = self.client.list_objects_v2().bucket(&self.name).prefix(prefix);
        let mut pages = list.into_paginator().send();
        let mut keys = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed("list objects", error))?;
            keys.extend(page.contents.unwrap_or_default().into_iter().filter_map(|it| it.key));
        }
        Ok(keys)
    }

    /// The object under `key`, if there is one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn object(&self, key: &str) -> Result<Option<Vec<u8>>, BucketError> {
        self.get(key, "read an object").await
    }

    async fn get(&self, key: &str, request: &'static str) -> Result<Option<Vec<u8>>, BucketError> {
        match self.client.get_object().bucket(&self.name).key(key).send().await {
            Ok(object) => {
                let bytes = object.body.collect().await.map_err(|error| failed(request, error))?;
                Ok(Some(bytes.to_vec()))
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => {
                Ok(None)
            }
            Err(error) => Err(failed(request, error)),
        }
    }

    /// Stores a gap, over the same gap as it was before.
    ///
    /// # Errors
    /// When it is not certain that it is stored.
    pub async fn put_gap(&self, gap: &Gap) -> Result<(), BucketError> {
        let key = Gap::key(&gap.resource, gap.from);
        let put = self.client.put_object().bucket(&self.name).key(key);
        let put = put.content_type("application/json").body(gap.json().into_bytes().into());
        put.send().await.map(drop).map_err(|error| failed("write a gap", error))
    }
}

pub(super) fn failed(
    request: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> BucketError {
    BucketError { request, source: source.into() }
}
