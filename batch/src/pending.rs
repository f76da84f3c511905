//! Work that was handed to the workers and whose result is collected later.
//!
//! Invariant: work is begun in the order in which it was spawned. So a caller that collects
//! results in that order keeps all workers busy, and their order does not depend on the workers.

use std::sync::mpsc;

use anyhow::{Context, Result};
use rayon::ScopeFifo;

/// The result of work that may not be done yet.
pub(crate) struct Pending<T>(mpsc::Receiver<T>);

impl<T: Send> Pending<T> {
    /// Hands `work` to a worker.
    pub(crate) fn spawn<'scope>(
        workers: &ScopeFifo<'scope>,
        work: impl FnOnce() -> T + Send + 'scope,
    ) -> Pending<T>
    where
        T: 'scope,
    {
        let (sender, receiver) = mpsc::sync_channel(1);
        // After a failure elsewhere nobody waits for the result.
        workers.spawn_fifo(move |_| drop(sender.send(work())));
        Pending(receiver)
    }

    /// Waits for the result.
    ///
    /// # Errors
    /// When the worker has panicked; the panic continues where the workers' scope ends.
    pub(crate) fn wait(self) -> Result<T> {
        self.0.recv().context("a worker has panicked")
    }

    /// The result, if it is there already.
    pub(crate) fn if_done(&self) -> Option<T> {
        self.0.try_recv().ok()
    }
}
