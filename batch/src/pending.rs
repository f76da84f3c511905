//! Work that was handed to the workers and whose result is collected later.
//!
//! Invariant: work is begun in the order in which it was spawned. So a caller that collects
//! results in that order keeps all workers busy, and their order does not depend on the workers.

use std::collections::VecDeque;
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

/// The results of work, in order. Workers do some of it ahead, and no more than that, so that
/// results do not pile up.
pub(crate) struct Ahead<'a, 'scope, W, T> {
    workers: &'a ScopeFifo<'scope>,
    work: W,
    begun: VecDeque<Pending<T>>,
}

impl<'a, 'scope, W, T> Ahead<'a, 'scope, W, T>
where
    W: Iterator<Item: FnOnce() -> T + Send + 'scope>,
    T: Send + 'scope,
{
    /// Begins the first `ahead` pieces of the work.
    pub(crate) fn new(
        workers: &'a ScopeFifo<'scope>,
        work: W,
        ahead: usize,
    ) -> Ahead<'a, 'scope, W, T> {
        let mut results = Ahead { workers, work, begun: VecDeque::new() };
        (0..ahead).for_each(|_| results.begin());
        results
    }

    fn begin(&mut self) {
        self.begun.extend(self.work.next().map(|work| Pending::spawn(self.workers, work)));
    }
}

impl<'scope, W, T> Iterator for Ahead<'_, 'scope, W, T>
where
    W: Iterator<Item: FnOnce() -> T + Send + 'scope>,
    T: Send + 'scope,
{
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let result = self.begun.pop_front()?.wait();
        self.begin();
        Some(result)
    }
}
