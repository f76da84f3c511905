//! An HTTP server that waits for no client for ever.
//!
//! Invariant: a connection on which a request does not go on for the given patience is closed: its head
//! is not whole by then, the next piece of its body does not come, or no next request begins. A
//! request that is whole has all the time that it needs.

use std::future::ready;
use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::middleware::map_request;
use axum::serve::Listener;
use axum::{BoxError, Router};
use futures_util::{StreamExt, stream};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a server waits for a client.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until `stop` is cancelled. Returns when the running requests are answered.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    patience: Duration,
) {
    let router = router.layer(map_request(move |request: Request| {
        let request =
            request.map(|body| if body.is_end_stream() { body } else { moving(body, patience) });
        ready(request)
    }));
    let connections = TaskTracker::new();
    while let Some((stream, _peer)) =
        stop.run_until_cancelled(Listener::accept(&mut listener)).await
    {
        connections.spawn(serve_connection(stream, router.clone(), stop.clone(), patience));
    }
    drop(listener);
    connections.close();
    connections.wait().await;
}

async fn serve_connection(
    stream: TcpStream,
    router: Router,
    stop: CancellationToken,
    patience: Duration,
) {
    // The timeout begins with the wait for a request, so it closes connections without one too.
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(patience);
    let service = TowerToHyperService::new(router);
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    let served = match stop.run_until_cancelled(connection.as_mut()).await {
        Some(served) => served,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke off");
    }
}

/// The same body; an error instead of a piece that does not come.
fn moving(body: Body, patience: Duration) -> Body {
    Body::from_stream(stream::unfold(body.into_data_stream(), move |mut pieces| async move {
        let piece = match timeout(patience, pieces.next()).await {
            Ok(piece) => piece?.map_err(BoxError::from),
            Err(elapsed) => Err(elapsed.into()),
        };
        Some((piece, pieces))
    }))
}
