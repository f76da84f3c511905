//! Objects with all their versions, for erasing from what is kept.
//!
//! Invariant: what is not there is `None`, and never an error.

use std::collections::HashMap;

use aws_sdk_s3::error::ProvideErrorMetadata;

use super::objects::{Bucket, BucketError, failed};

/// An object, or an older version of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion {
    /// Its key.
    pub key: String,
    /// Its version, where the bucket keeps versions.
    pub version: Option<String>,
    /// Whether it is what a reader gets without asking for a version.
    pub is_current: bool,
}

/// What an object holds, with all that has to be written again with it.
#[derive(Clone, Debug)]
pub struct ObjectContent {
    /// Its bytes.
    pub bytes: Vec<u8>,
    content_type: Option<String>,
    metadata: Option<HashMap<String, String>>,
}

impl Bucket {
    /// All objects below `prefix`, older versions included where the store keeps versions.
    ///
    /// # Errors
    /// When they cannot be listed.
    pub async fn versions(&self, prefix: &str) -> Result<Vec<ObjectVersion>, BucketError> {
        let mut stored = Vec::new();
        let mut next: (Option<String>, Option<String>) = (None, None);
        loop {
            let list = self.client.list_object_versions().bucket(&self.name).prefix(prefix);
            let list = list.set_key_marker(next.0).set_version_id_marker(next.1);
            let page = match list.send().await {
                Ok(page) => page,
                // A store that knows no versions has none.
                Err(error) if error.code() == Some("NotImplemented") => {
                    let current = |key| ObjectVersion { key, version: None, is_current: true };
                    return Ok(self.keys(prefix).await?.into_iter().map(current).collect());
                }
                Err(error) => return Err(failed("list versions of objects", error)),
            };
            for version in page.versions.unwrap_or_default() {
                let is_current = version.is_latest.unwrap_or_default();
                let (Some(key), version) = (version.key, version.version_id) else { continue };
                stored.push(ObjectVersion { key, version, is_current });
            }
            next = (page.next_key_marker, page.next_version_id_marker);
            if !page.is_truncated.unwrap_or_default() {
                return Ok(stored);
            }
        }
    }

    /// What is in an object; `None` if it is gone.
    ///
    /// # Errors
    /// When it cannot be read, for example because it is in a storage class from which it must be
    /// restored first.
    pub async fn content(
        &self,
        stored: &ObjectVersion,
    ) -> Result<Option<ObjectContent>, BucketError> {
        let cannot = "read an object";
        let get = self.client.get_object().bucket(&self.name).key(&stored.key);
        match get.set_version_id(stored.version.clone()).send().await {
            Ok(object) => {
                let (content_type, metadata) = (object.content_type, object.metadata);
                let bytes = object.body.collect().await.map_err(|error| failed(cannot, error))?;
                Ok(Some(ObjectContent { bytes: bytes.to_vec(), content_type, metadata }))
            }
            Err(error) if matches!(error.code(), Some("NoSuchKey" | "NoSuchVersion")) => Ok(None),
            Err(error) => Err(failed(cannot, error)),
        }
    }

    /// Writes an object again, with the content type and metadata that it had.
    ///
    /// # Errors
    /// When it is not certain that it is written.
    pub async fn rewrite(
        &self,
        stored: &ObjectVersion,
        content: &ObjectContent,
        bytes: Vec<u8>,
    ) -> Result<(), BucketError> {
        let put = self.client.put_object().bucket(&self.name).key(&stored.key).body(bytes.into());
        let put = put.set_content_type(content.content_type.clone());
        let put = put.set_metadata(content.metadata.clone());
        put.send().await.map(drop).map_err(|error| failed("rewrite an object", error))
    }

    /// Deletes one version of an object for good. Without a version there is nothing to delete:
    /// the object was written over.
    ///
    /// # Errors
    /// When it is not certain that it is gone.
    pub async fn delete_version(&self, stored: &ObjectVersion) -> Result<(), BucketError> {
        let Some(version) = &stored.version else { return Ok(()) };
        let delete = self.client.delete_object().bucket(&self.name).key(&stored.key);
        let done = delete.version_id(version).send().await;
        done.map(drop).map_err(|error| failed("delete an old version", error))
    }
}
