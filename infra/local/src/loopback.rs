//! A server that only this machine can reach, on a thread and a runtime of its own.
//!
//! The embedded services block while they read and write files. With a runtime of their own they
//! hold up nobody else's tasks, and they outlive the runtime of a single test.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use tokio::net::TcpListener;
use tokio::runtime;
use tokio_util::sync::CancellationToken;

/// How long running requests may take after the stop.
const GRACE: Duration = Duration::from_secs(2);

/// A running server; it stops when dropped.
#[derive(Debug)]
pub(crate) struct Loopback {
    address: SocketAddr,
    stop: CancellationToken,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Loopback {
    /// Binds `port` of 127.0.0.1, or any free one for 0, and runs `serve` until the token it is
    /// given is cancelled.
    pub(crate) fn start<S, F>(name: &str, port: u16, serve: S) -> Result<Self>
    where
        S: FnOnce(TcpListener, CancellationToken) -> F + Send + 'static,
        F: Future<Output = Result<()>>,
    {
        let listener = bind(port)?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        let stopped = stop.clone();
        let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = thread::Builder::new().name(name.to_owned()).spawn(move || {
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener)?;
                tokio::select! {
                    served = serve(listener, stopped.clone()) => served,
                    () = grace_is_over(&stopped) => Ok(()),
                }
            })
        })?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Lets running requests finish, then frees port and files.
    pub(crate) fn stop(mut self) -> Result<()> {
        self.join()
    }

    fn join(&mut self) -> Result<()> {
        self.stop.cancel();
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(ended) => ended.map_err(|_| anyhow!("the server at {} panicked", self.address))?,
        }
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        if let Err(error) = self.join() {
            tracing::error!(error = format!("{error:#}"), "server failed");
        }
    }
}

/// Binds `port` of 127.0.0.1, ready for use in a runtime.
pub(crate) fn bind(port: u16) -> Result<StdListener> {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("cannot listen on port {port}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn grace_is_over(stopped: &CancellationToken) {
    stopped.cancelled().await;
    tokio::time::sleep(GRACE).await;
}
