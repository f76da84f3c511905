//! S3: s3s-fs over a folder, a bucket being a folder in it and an object a file.
//!
//! Signatures are verified, with the credentials of [`clients`](crate::clients).

use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use axum::response::Response;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use crate::clients::{ACCESS_KEY, SECRET_KEY};
use crate::http_server::{self, PATIENCE};
use crate::loopback::Loopback;

/// An embedded S3; it stops when dropped.
#[derive(Debug)]
pub struct ObjectStore {
    server: Loopback,
}

impl ObjectStore {
    /// Serves the buckets in `folder` on `port` of 127.0.0.1; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// When the folder or the port cannot be used.
    pub fn start(folder: &Path, port: u16) -> Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        let files = FileSystem::new(folder).map_err(|error| anyhow!("{error:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let serialized =
            Serialized { service: service.build(), changes: Arc::new(RwLock::new(())) };
        let server = Loopback::start("object-store", port, |listener, stop| {
            serve(listener, serialized, stop)
        })?;
        Ok(Self { server })
    }

    /// The endpoint URL for an SDK client.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.server.endpoint()
    }

    /// Lets running requests finish, then frees the port.
    ///
    /// # Errors
    ///
    /// When the server had failed before.
    pub fn stop(self) -> Result<()> {
        self.server.stop()
    }
}

/// The service, with conditional requests one at a time.
///
/// s3s-fs looks at the condition before it takes the body, so of several writers that ask for
/// `If-None-Match: *` more than one would succeed.
#[derive(Clone)]
struct Serialized {
    service: S3Service,
    /// Held alone by a conditional change, together by all others.
    changes: Arc<RwLock<()>>,
}

async fn serve(listener: TcpListener, s3: Serialized, stop: CancellationToken) -> Result<()> {
    let router = Router::new().fallback(handle).with_state(s3);
    http_server::serve(listener, router, stop, PATIENCE).await;
    Ok(())
}

async fn handle(State(s3): State<Serialized>, request: Request) -> Result<Response, Infallible> {
    let headers = request.headers();
    let reads = request.method().is_safe();
    let conditional = headers.contains_key(IF_NONE_MATCH) || headers.contains_key(IF_MATCH);
    let _alone = if conditional && !reads { Some(s3.changes.write().await) } else { None };
    let _together = if conditional || reads { None } else { Some(s3.changes.read().await) };
    let answer = s3.service.call(request.map(s3s::Body::http_body_unsync)).await;
    Ok(answer.map_or_else(|error| failed(&error), |response| response.map(Body::new)))
}

fn failed(error: &s3s::HttpError) -> Response {
    tracing::error!(?error, "the object store failed");
    let mut response = Response::default();
    *response.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
    response
}
