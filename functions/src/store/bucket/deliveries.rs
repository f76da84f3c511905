//! Deliveries exactly as received, which wait below `spill/` and `quarantine/`.
//!
//! Invariant: an object holds the body exactly as received; what else is known of the delivery is
//! in its metadata. A body is in `quarantine/` once, however often somebody sends it.

use std::collections::HashMap;

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use event_archive::Headers;
use task_timeline::EpochMs;

use super::key::digest;
use super::objects::{Bucket, BucketError, failed};

const SPILL: &str = "spill/";
/// What S3 did not do when a delivery is not kept.
const KEEP: &str = "keep the delivery";

/// A delivery exactly as received.
#[derive(Clone, Copy, Debug)]
pub struct RawDelivery<'a> {
    /// Its body.
    pub body: &'a [u8],
    /// When we received it.
    pub arrived_at: EpochMs,
    /// The headers that are kept.
    pub headers: Headers<'a>,
}

/// A delivery that was spilled.
#[derive(Clone, Debug)]
pub struct Spilled {
    key: String,
    /// Its body.
    pub body: Vec<u8>,
    /// When we received it.
    pub arrived_at: EpochMs,
    timestamp: Option<String>,
    version: Option<String>,
}

impl Spilled {
    /// The headers that were kept.
    pub fn headers(&self) -> Headers<'_> {
        Headers { timestamp: self.timestamp.as_deref(), version: self.version.as_deref() }
    }

    /// The delivery exactly as received.
    pub fn raw(&self) -> RawDelivery<'_> {
        RawDelivery { body: &self.body, arrived_at: self.arrived_at, headers: self.headers() }
    }
}

impl Bucket {
    /// Keeps a delivery that DynamoDB did not take.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn spill(&self, delivery: RawDelivery<'_>) -> Result<(), BucketError> {
        let key = format!("{SPILL}{:013}-{}.json", delivery.arrived_at.0, digest([delivery.body]));
        let put = self.put(key, delivery, None).send().await;
        put.map(drop).map_err(|error| failed(KEEP, error))
    }

    /// Keeps a genuine delivery that cannot be read, for people to look at. One whose body is there
    /// already changes nothing: a recorded delivery may be replayed, again and again.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn quarantine(
        &self,
        delivery: RawDelivery<'_>,
        reason: &str,
    ) -> Result<(), BucketError> {
        let key = format!("quarantine/{}.json", digest([delivery.body]));
        match self.put(key, delivery, Some(reason)).if_none_match("*").send().await {
            Err(error) if !is_there_already(&error) => Err(failed(KEEP, error)),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn put(
        &self,
        key: String,
        delivery: RawDelivery<'_>,
        reason: Option<&str>,
    ) -> PutObjectFluentBuilder {
        self.client
            .put_object()
            .bucket(&self.name)
            .key(key)
            .content_type("application/json")
            .body(ByteStream::from(delivery.body.to_vec()))
            .set_metadata(Some(metadata(delivery, reason)))
    }

    /// The oldest deliveries that wait in `spill/`, up to a thousand.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn spilled(&self) -> Result<Vec<String>, BucketError> {
        let list = self.client.list_objects_v2().bucket(&self.name).prefix(SPILL).send().await;
        let list = list.map_err(|error| failed("list the spilled deliveries", error))?;
        Ok(list.contents().iter().filter_map(|object| object.key.clone()).collect())
    }

    /// Reads a delivery that was spilled.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn read_spilled(&self, key: String) -> Result<Spilled, BucketError> {
        let cannot = "read a spilled delivery";
        let object = self.client.get_object().bucket(&self.name).key(&key).send().await;
        let object = object.map_err(|error| failed(cannot, error))?;
        let metadata = object.metadata.unwrap_or_default();
        let body = object.body.collect().await.map_err(|error| failed(cannot, error))?.to_vec();
        let text = |name: &str| metadata.get(name).cloned();
        let arrived_at = text("arrived-at").and_then(|time| time.parse().ok()).map(EpochMs);
        let (timestamp, version) = (text("dispatched"), text("webhook-version"));
        let arrived_at = arrived_at.unwrap_or_default();
        Ok(Spilled { key, body, arrived_at, timestamp, version })
    }

    /// Deletes a spilled delivery that is stored now.
    ///
    /// # Errors
    /// When it is not certain that it is gone.
    pub async fn forget(&self, spilled: Spilled) -> Result<(), BucketError> {
        let delete = self.client.delete_object().bucket(&self.name).key(spilled.key).send().await;
        delete.map(drop).map_err(|error| failed("delete a spilled delivery", error))
    }
}

fn metadata(delivery: RawDelivery<'_>, reason: Option<&str>) -> HashMap<String, String> {
    let known = [
        ("arrived-at", Some(delivery.arrived_at.to_string())),
        ("dispatched", delivery.headers.timestamp.map(printable)),
        ("webhook-version", delivery.headers.version.map(printable)),
        ("reason", reason.map(printable)),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// What may stand in a header: S3 keeps metadata there.
fn printable(text: &str) -> String {
    let printable = |c: char| if c == ' ' || c.is_ascii_graphic() { c } else { '?' };
    text.chars().take(200).map(printable).collect()
}

/// Whether a put that asks for `If-None-Match: *` failed because of that.
fn is_there_already(error: &SdkError<PutObjectError>) -> bool {
    error.as_service_error().is_some_and(|error| error.code() == Some("PreconditionFailed"))
}
