//! Work that is handed to the workers, and what comes of it.
//!
//! Invariant: what is asked for first is begun first. So who collects in the order of asking
//! keeps all workers busy, and the order of results does not depend on the workers.

use std::sync::mpsc;

use anyhow::{Context, Result};
use rayon::ScopeFifo;

/// A thing that a worker makes.
pub struct Promised<T>(mpsc::Receiver<T>);

impl<T: Send> Promised<T> {
    /// Has a worker make it.
    pub fn by<'scope>(
        workers: &ScopeFifo<'scope>,
        make: impl FnOnce() -> T + Send + 'scope,
    ) -> Promised<T>
    where
        T: 'scope,
    {
        let (sender, receiver) = mpsc::sync_channel(1);
        // Nobody waits for it any more after a failure elsewhere.
        workers.spawn_fifo(move |_| drop(sender.send(make())));
        Promised(receiver)
    }

    /// The thing, as soon as it is made.
    ///
    /// # Errors
    /// When the worker has panicked; the panic goes on where the workers' scope ends.
    pub fn get(self) -> Result<T> {
        self.0.recv().context("a worker has panicked")
    }

    /// The thing, if it is made.
    pub fn if_made(&self) -> Option<T> {
        self.0.try_recv().ok()
    }
}
