//! The first half of a rebuild: every file read by threads that help one another.
//!
//! Invariant: every block of every file is taken by exactly one worker.

use std::iter::Enumerate;
use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::vec::IntoIter;

use task_timeline::EpochMs;

use crate::input::buckets::Orgs;
use crate::input::file_reader::{FileReader, FileResult};
use crate::input::intake::Intake;
use crate::input::listing::InputFile;
use crate::input::rejected::Rejections;
use crate::input::scatter::Scatterer;
use crate::progress::Progress;

/// Reads all files with `workers` threads, in a run at `now`.
pub fn read_files(
    files: Vec<InputFile>,
    workers: NonZero<usize>,
    now: EpochMs,
    progress: &Progress,
) -> Intake {
    let files = Files {
        unopened: Mutex::new(files.into_iter().enumerate()),
        open: (0..workers.get()).map(|_| Mutex::default()).collect(),
    };
    let mut intake = Intake::default();
    let (orgs, rejections) = (Orgs::default(), Rejections::default());
    let done: Vec<Worker<'_>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.get())
            .map(|number| {
                let mut worker = Worker::new(Scatterer::new(number, &orgs, &rejections, now));
                let files = &files;
                scope.spawn(move || {
                    worker.read_all(files, progress);
                    worker
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join()).collect::<Result<_, _>>()
    })
    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let mut results = Vec::new();
    for worker in done {
        intake.counts.add(worker.scatterer.counts);
        results.extend(worker.results);
        intake.scattered.push(worker.scatterer.scattered);
    }
    intake.rejected = rejections.into_rejected();
    intake.orgs = orgs;
    results.sort_unstable_by_key(|(number, ..)| *number);
    intake.files = results.into_iter().map(|(_, name, result)| (name, result)).collect();
    intake
}

/// The files that nobody has opened, and those that are being read, one for each worker. A worker
/// without a file of its own helps the others.
struct Files {
    unopened: Mutex<Enumerate<IntoIter<InputFile>>>,
    open: Vec<Mutex<Option<OpenFile>>>,
}

/// A file that is being read.
struct OpenFile {
    /// Its place among all files.
    number: usize,
    reader: FileReader,
}

/// One thread.
struct Worker<'a> {
    scatterer: Scatterer<'a>,
    /// The results of the files that it has read to their end.
    results: Vec<(usize, String, FileResult)>,
    /// The bodies that are being read.
    text: Vec<u8>,
}

impl<'a> Worker<'a> {
    fn new(scatterer: Scatterer<'a>) -> Worker<'a> {
        Worker { scatterer, results: Vec::new(), text: Vec::new() }
    }

    /// Takes block after block, first from its own files, then from those of other workers.
    fn read_all(&mut self, files: &Files, progress: &Progress) {
        let own = &files.open[self.scatterer.number];
        loop {
            let next = lock(&files.unopened).next();
            let Some((number, file)) = next else { break };
            *lock(own) = Some(OpenFile { number, reader: FileReader::new(file) });
            self.read_file(own, progress);
        }
        let others =
            files.open.iter().cycle().skip(self.scatterer.number + 1).take(files.open.len() - 1);
        others.for_each(|other| self.read_file(other, progress));
    }

    /// Takes blocks of a file up to its end, while others may do the same.
    fn read_file(&mut self, file: &Mutex<Option<OpenFile>>, progress: &Progress) {
        loop {
            let mut open = lock(file);
            let Some(OpenFile { number, reader }) = open.as_mut() else { break };
            let name = reader.name().to_owned();
            if let Some(block) = reader.next_block(&mut self.text) {
                drop(open);
                progress.read(self.scatterer.take_block(&name, &block, &self.text));
            } else {
                self.results.extend(reader.result().map(|result| (*number, name, result)));
                *open = None;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
