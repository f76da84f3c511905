//! The few S3 operations of the job, for threads that may block.
//!
//! Invariant: nothing is connected before a location in S3 is used, and then with the settings
//! that every SDK takes from its environment: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, profiles, roles,
//! `AWS_ENDPOINT_URL_S3`. With a custom endpoint, the bucket stands in the path.

use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Error, Result, anyhow};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::list_objects_v2::builders::ListObjectsV2FluentBuilder;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use tokio::runtime::{Builder, Handle, Runtime};

/// How S3 is reached.
pub struct S3(Reached);

enum Reached {
    /// With a runtime of its own, started when it is first needed.
    ByEnvironment(LazyLock<Result<(Connection, Runtime)>>),
    Given(Connection),
}

impl S3 {
    /// Configured by the environment, for programs without a runtime.
    pub fn from_environment() -> S3 {
        S3(Reached::ByEnvironment(LazyLock::new(|| {
            let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            let client = runtime.block_on(client_from_environment());
            Ok((Connection { client, runtime: runtime.handle().clone() }, runtime))
        })))
    }

    /// With the caller's client and runtime, which has more than one thread. The job must not run on
    /// one of them, but in `spawn_blocking`.
    pub fn with_client(client: Client, runtime: Handle) -> S3 {
        S3(Reached::Given(Connection { client, runtime }))
    }

    pub(crate) fn connection(&self) -> Result<Connection> {
        match &self.0 {
            Reached::Given(connection) => Ok(connection.clone()),
            Reached::ByEnvironment(lazily) => match &**lazily {
                Ok((connection, _)) => Ok(connection.clone()),
                Err(error) => Err(anyhow!("cannot start a client for S3: {error:#}")),
            },
        }
    }
}

async fn client_from_environment() -> Client {
    let http = aws_account::clients::http_client();
    aws_account::clients::s3(&aws_config::from_env().http_client(http).load().await)
}

/// A client, and where its requests run.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) runtime: Handle,
}

/// The content of an object, and its version.
pub(crate) struct Version {
    pub(crate) content: Vec<u8>,
    pub(crate) etag: Option<String>,
}

impl Connection {
    /// All keys below `prefix`, sorted.
    pub(crate) fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<String>> {
        let request = self.client.list_objects_v2().bucket(bucket).prefix(prefix);
        let (mut keys, _folders) = self.list_all(request)?;
        keys.sort_unstable();
        Ok(keys)
    }

    /// The keys directly in a folder, and the prefixes of its subfolders.
    pub(crate) fn list_folder(
        &self,
        bucket: &str,
        folder: &str,
    ) -> Result<(Vec<String>, Vec<String>)> {
        let request = self.client.list_objects_v2().bucket(bucket).prefix(folder);
        self.list_all(request.delimiter("/"))
    }

    /// All keys and prefixes of an answer of many pages.
    fn list_all(&self, request: ListObjectsV2FluentBuilder) -> Result<(Vec<String>, Vec<String>)> {
        self.runtime.block_on(async {
            let (mut keys, mut prefixes) = (Vec::new(), Vec::new());
            let mut pages = request.into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = page.map_err(plain)?;
                keys.extend(page.contents.into_iter().flatten().filter_map(|object| object.key));
                let folders = page.common_prefixes.into_iter().flatten();
                prefixes.extend(folders.filter_map(|folder| folder.prefix));
            }
            Ok((keys, prefixes))
        })
    }

    /// The object, or `None` if there is none.
    pub(crate) fn get(&self, bucket: &str, key: &str) -> Result<Option<Version>> {
        let request = self.client.get_object().bucket(bucket).key(key);
        self.runtime.block_on(async {
            match request.send().await {
                Ok(object) => {
                    let content = object.body.collect().await?.to_vec();
                    Ok(Some(Version { content, etag: object.e_tag }))
                }
                Err(SdkError::ServiceError(error)) if error.err().is_no_such_key() => Ok(None),
                Err(error) => Err(plain(error)),
            }
        })
    }

    /// A request to put an object.
    pub(crate) fn put(&self, bucket: &str, key: &str) -> PutObjectFluentBuilder {
        self.client.put_object().bucket(bucket).key(key).content_type(content_type(key))
    }

    /// Puts a file. One request takes up to 5 GB, several times what a run writes.
    pub(crate) fn put_file(&self, bucket: &str, key: &str, file: &Path) -> Result<()> {
        self.runtime.block_on(async {
            let body = ByteStream::from_path(file).await.context("cannot read it back")?;
            self.put(bucket, key).body(body).send().await.map(|_| ()).map_err(plain)
        })
    }
}

/// The content type of an object. Without it, a browser would download a page instead of showing it.
fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.') {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "json")) => "application/json",
        Some(_) | None => "application/octet-stream",
    }
}

/// An error in one line: what S3 answered, or why it could not be reached.
pub(crate) fn plain<E>(error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match (error.code(), error.message()) {
        (Some(code), Some(message)) => anyhow!("{message} ({code})"),
        (Some(code), None) => anyhow!("{code}"),
        (None, _) => Error::new(error),
    }
}
