//! What API Gateway does: it hands HTTP requests to a function, and its answers back.
//!
//! The function gets each request whole, as `lambda_http` gives it in AWS. It runs to its end even
//! if the client has gone.

use std::error::Error;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::Request as Incoming;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response as Outgoing};
use lambda_http::{Body, Request, RequestExt, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::error::Elapsed;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::http_server::{PATIENCE, serve};

/// API Gateway's limit to a request's body.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// A port at which a function answers; it closes when dropped.
#[derive(Debug)]
pub struct HttpApi {
    address: SocketAddr,
    stop: DropGuard,
    serving: JoinHandle<()>,
}

impl HttpApi {
    /// Hands requests to `port` of 127.0.0.1 to `function`; port 0 takes any free one.
    ///
    /// # Errors
    ///
    /// When the port cannot be used.
    pub async fn start<H, F>(port: u16, function: H) -> Result<Self>
    where
        H: Fn(Request) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        Self::with_patience(PATIENCE, port, function).await
    }

    /// The same, but a client has the time `patience` to go on with a request, or to begin the next.
    ///
    /// # Errors
    ///
    /// When the port cannot be used.
    pub async fn with_patience<H, F>(patience: Duration, port: u16, function: H) -> Result<Self>
    where
        H: Fn(Request) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .with_context(|| format!("cannot listen on port {port}"))?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(move |request| answer(request, function.clone()));
        let stop = CancellationToken::new();
        let serving = tokio::spawn(serve(listener, router, stop.clone(), patience));
        Ok(Self { address, stop: stop.drop_guard(), serving })
    }

    /// The URL of the root.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no new requests, and returns when the running ones are answered.
    ///
    /// # Errors
    ///
    /// When the server had failed before.
    pub async fn stop(self) -> Result<()> {
        drop(self.stop);
        Ok(self.serving.await?)
    }
}

async fn answer<H, F>(request: Incoming, function: H) -> Outgoing
where
    H: Fn(Request) -> F,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let (parts, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(error) if is_timeout(&error) => {
            return problem(StatusCode::REQUEST_TIMEOUT, "Request Timeout");
        }
        Err(_too_large) => return problem(StatusCode::PAYLOAD_TOO_LARGE, "Request Too Long"),
    };
    let body = match String::from_utf8(body.into()) {
        Ok(text) if text.is_empty() => Body::Empty,
        Ok(text) => Body::Text(text),
        Err(error) => Body::Binary(error.into_bytes()),
    };
    let path = parts.uri.path().to_owned();
    let request = Request::from_parts(parts, body).with_raw_http_path(path);
    match tokio::spawn(function(request)).await {
        Ok(response) => response.map(|body| axum::body::Body::from(body.to_vec())),
        Err(error) => {
            tracing::error!(%error, "the function failed");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

/// Whether the error is, or comes from, a body that did not go on.
fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    error.is::<Elapsed>() || error.source().is_some_and(is_timeout)
}

/// API Gateway's own answers look like this.
fn problem(status: StatusCode, message: &str) -> Outgoing {
    (status, [("content-type", "application/json")], format!(r#"{{"message":"{message}"}}"#))
        .into_response()
}
