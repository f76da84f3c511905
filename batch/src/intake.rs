//! The first half of a rebuild: every file read, every delivery packed and scattered by task.
//!
//! Invariant: what is in an [`Intake`] does not depend on the order of files or on the number
//! of workers, except for how rows are spread over workers, which nobody can see.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Mutex, PoisonError, TryLockError};

use serde::Serialize;
use task_timeline::{EpochMs, EventType, Id, Webhook};

use crate::archive::{ArchiveFile, Block, FileReader, FileReport};
use crate::buckets::{Orgs, Scattered};
use crate::event_row::EventRow;
use crate::progress::Progress;

/// All that was read.
#[derive(Debug, Default)]
pub struct Intake {
    /// Rows and texts, worker by worker.
    pub scattered: Vec<Scattered>,
    /// The organizations.
    pub orgs: Orgs,
    /// Counts.
    pub counts: IntakeCounts,
    /// Lines that could not be read, by file and line.
    pub rejected: Vec<RejectedLine>,
    /// Every file with what it turned out to be, by name.
    pub files: Vec<(String, FileReport)>,
}

/// What the deliveries were, before repeats are dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IntakeCounts {
    /// Deliveries that could be read.
    pub deliveries: u64,
    /// Those about an agent outside any task.
    pub without_task: u64,
    /// Deliveries of types that are not known, by type.
    pub unknown_types: BTreeMap<String, u64>,
    /// The newest event.
    #[serde(skip)]
    pub newest: Option<EpochMs>,
}

impl IntakeCounts {
    fn add(&mut self, other: IntakeCounts) {
        self.deliveries += other.deliveries;
        self.without_task += other.without_task;
        self.newest = self.newest.max(other.newest);
        for (name, count) in other.unknown_types {
            *self.unknown_types.entry(name).or_default() += count;
        }
    }
}

/// A line that is no webhook, set aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RejectedLine {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub error: String,
    /// What it says; bytes that are not UTF-8 are replaced.
    pub content: String,
}

/// Reads all files with `workers` threads.
pub fn read(files: Vec<ArchiveFile>, workers: NonZero<usize>, progress: &Progress) -> Intake {
    let readers: Vec<Mutex<FileReader>> =
        files.into_iter().map(|file| Mutex::new(FileReader::new(file))).collect();
    let mut intake = Intake::default();
    let orgs = Orgs::default();
    let done: Vec<Worker<'_>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.get())
            .map(|number| {
                let mut worker = Worker::new(number, &orgs);
                let readers = &readers;
                scope.spawn(move || {
                    worker.read_all(readers, progress);
                    worker
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join()).collect::<Result<_, _>>()
    })
    .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    for worker in done {
        intake.counts.add(worker.counts);
        intake.rejected.extend(worker.rejected);
        intake.scattered.push(worker.scattered);
    }
    intake.rejected.sort_unstable();
    intake.orgs = orgs;
    intake.files = readers
        .into_iter()
        .filter_map(|reader| {
            let reader = reader.into_inner().unwrap_or_else(PoisonError::into_inner);
            Some((reader.name().to_owned(), reader.report()?))
        })
        .collect();
    intake
}

/// One thread's part.
struct Worker<'a> {
    number: usize,
    orgs: &'a Orgs,
    counts: IntakeCounts,
    rejected: Vec<RejectedLine>,
    scattered: Scattered,
    /// The lines that are being read.
    text: Vec<u8>,
    /// Nearly always the next one's too.
    last_org: Option<(Id, u16)>,
}

impl<'a> Worker<'a> {
    fn new(number: usize, orgs: &'a Orgs) -> Worker<'a> {
        Worker {
            number,
            orgs,
            counts: IntakeCounts::default(),
            rejected: Vec::new(),
            scattered: Scattered::default(),
            text: Vec::new(),
            last_org: None,
        }
    }

    /// Takes block after block from whichever file is free, starting with its own share.
    fn read_all(&mut self, readers: &[Mutex<FileReader>], progress: &Progress) {
        let mut at = self.number;
        let mut open: Vec<usize> = (0..readers.len()).collect();
        while !open.is_empty() {
            at %= open.len();
            let last_chance = open.len() == 1;
            let file = &readers[open[at]];
            let mut reader = match file.try_lock() {
                Ok(reader) => reader,
                Err(TryLockError::WouldBlock) if !last_chance => {
                    at += 1;
                    std::thread::yield_now();
                    continue;
                }
                Err(_) => file.lock().unwrap_or_else(PoisonError::into_inner),
            };
            let (name, block) = (reader.name().to_owned(), reader.next_block(&mut self.text));
            drop(reader);
            match block {
                Some(block) => progress.read(self.take_block(&name, &block)),
                None => {
                    open.remove(at);
                }
            }
        }
    }

    fn take_block(&mut self, file: &str, block: &Block) -> u64 {
        let before = self.counts.deliveries;
        match block {
            Block::Lines { first_line } => {
                let whole = std::mem::take(&mut self.text);
                for (line, text) in (*first_line..).zip(lines(&whole)) {
                    let text = text.trim_ascii();
                    if !text.is_empty() {
                        self.take(file, line, Webhook::parse(text).map_err(describe), || {
                            String::from_utf8_lossy(text)
                        });
                    }
                }
                self.text = whole;
            }
            Block::Rows { columns, rows } => {
                for row in rows {
                    let body = match &row.record {
                        Ok(record) => columns.webhook(record),
                        Err(error) => Err(error.to_string()),
                    };
                    let webhook = match &body {
                        Ok(body) => Webhook::from_json(body).map_err(describe),
                        Err(error) => Err(error.clone()),
                    };
                    self.take(file, row.line, webhook, || match &row.record {
                        Ok(record) => {
                            let fields: Vec<_> =
                                record.iter().map(String::from_utf8_lossy).collect();
                            fields.join(",").into()
                        }
                        Err(_) => Cow::default(),
                    });
                }
            }
        }
        self.counts.deliveries - before
    }

    fn take<'t>(
        &mut self,
        file: &str,
        line: u64,
        webhook: Result<Webhook<'_>, String>,
        content: impl Fn() -> Cow<'t, str>,
    ) {
        let packed = webhook.and_then(|webhook| self.scatter(&webhook));
        if let Err(error) = packed {
            let (file, content) = (file.to_owned(), content().into_owned());
            self.rejected.push(RejectedLine { file, line, error, content });
        }
    }

    fn scatter(&mut self, webhook: &Webhook<'_>) -> Result<(), String> {
        let org = match &self.last_org {
            Some((org, number)) if *org == webhook.org => *number,
            _ => {
                let number = self.orgs.number(&webhook.org);
                let number = number.ok_or("more organizations than one archive can hold")?;
                self.last_org.insert((webhook.org.clone(), number)).1
            }
        };
        self.counts.deliveries += 1;
        self.counts.newest = self.counts.newest.max(Some(webhook.event.at));
        if webhook.event.kind == EventType::Unknown {
            *self.counts.unknown_types.entry(webhook.type_name.to_string()).or_default() += 1;
        }
        match &webhook.task {
            None => self.counts.without_task += 1,
            Some(task) => {
                let worker = u16::try_from(self.number).unwrap_or(u16::MAX);
                let names = &mut self.scattered.names;
                let row = EventRow::pack(webhook, task, org, worker, names);
                self.scattered.push(row, task);
            }
        }
        Ok(())
    }
}

/// The lines of a text; the last one may lack its line feed.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    let ends = memchr::memchr_iter(b'\n', text).chain([text.len()]);
    ends.map(move |end| {
        let line = &text[from..end];
        from = end + 1;
        line
    })
}

/// An error with all its causes, in one line.
fn describe(error: task_timeline::WebhookError) -> String {
    format!("{:#}", anyhow::Error::new(error))
}
