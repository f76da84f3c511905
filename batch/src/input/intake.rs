//! The first half of a rebuild: every file read, every delivery packed and scattered by task.
//!
//! Invariant: what is in an [`Intake`] does not depend on the order of files or on the number
//! of workers, except for how rows are spread over workers, which nobody can see.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::iter::Enumerate;
use std::num::NonZero;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::vec::IntoIter;

use anyhow::Error;
use event_archive::ReadEvent;
use serde::Serialize;
use task_timeline::{EpochMs, EventType, Id};
use webhook::{Layouts, Lines, Webhook};

use crate::input::archive::ArchiveFile;
use crate::input::buckets::{Orgs, Scattered};
use crate::input::event_row::{Dictionaries, EventRow};
use crate::input::file_reader::{Block, FileReader, FileReport};
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

impl Intake {
    /// Files that could not be read, wholly or in part.
    pub fn rejected_files(&self) -> impl Iterator<Item = &(String, FileReport)> {
        self.files.iter().filter(|(_, file)| file.error.is_some())
    }

    /// What a row refers to.
    pub fn dictionaries(&self, row: &EventRow) -> &Dictionaries {
        &self.scattered[usize::from(row.worker)].dictionaries
    }

    /// The task of a row.
    pub fn task_id(&self, row: &EventRow) -> Option<Id> {
        row.task_id(self.dictionaries(row))
    }
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
    /// Folders of days that cannot matter to the period, and were not read.
    pub skipped_days: u64,
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
    let files = Files {
        unopened: Mutex::new(files.into_iter().enumerate()),
        open: (0..workers.get()).map(|_| Mutex::default()).collect(),
    };
    let mut intake = Intake::default();
    let orgs = Orgs::default();
    let done: Vec<Worker<'_>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers.get())
            .map(|number| {
                let mut worker = Worker::new(number, &orgs);
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
    let mut reports = Vec::new();
    for worker in done {
        intake.counts.add(worker.counts);
        reports.extend(worker.reports);
        intake.rejected.extend(worker.rejected);
        intake.scattered.push(worker.scattered);
    }
    intake.rejected.sort_unstable();
    intake.orgs = orgs;
    reports.sort_unstable_by_key(|(number, ..)| *number);
    intake.files = reports.into_iter().map(|(_, name, report)| (name, report)).collect();
    intake
}

/// The files: those that nobody has opened, and those that are being read, one for each worker.
/// A worker without a file of its own helps the others with theirs.
struct Files {
    unopened: Mutex<Enumerate<IntoIter<ArchiveFile>>>,
    open: Vec<Mutex<Option<OpenFile>>>,
}

/// A file that is being read.
struct OpenFile {
    /// Its place among all files.
    number: usize,
    reader: FileReader,
}

/// One thread's part.
struct Worker<'a> {
    number: usize,
    orgs: &'a Orgs,
    counts: IntakeCounts,
    rejected: Vec<RejectedLine>,
    /// What files turned out to be that it has read to their end.
    reports: Vec<(usize, String, FileReport)>,
    scattered: Scattered,
    /// The lines that are being read.
    text: Vec<u8>,
    layouts: Layouts,
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
            reports: Vec::new(),
            scattered: Scattered::default(),
            text: Vec::new(),
            layouts: Layouts::default(),
            last_org: None,
        }
    }

    /// Takes block after block, first of files of its own, in the end of those of others.
    fn read_all(&mut self, files: &Files, progress: &Progress) {
        let own = &files.open[self.number];
        loop {
            let next = lock(&files.unopened).next();
            let Some((number, file)) = next else { break };
            *lock(own) = Some(OpenFile { number, reader: FileReader::new(file) });
            self.read_file(own, progress);
        }
        let others = files.open.iter().cycle().skip(self.number + 1).take(files.open.len() - 1);
        others.for_each(|other| self.read_file(other, progress));
    }

    /// Takes blocks of a file to its end, and so does whoever helps.
    fn read_file(&mut self, file: &Mutex<Option<OpenFile>>, progress: &Progress) {
        loop {
            let mut open = lock(file);
            let Some(OpenFile { number, reader }) = open.as_mut() else { break };
            let name = reader.name().to_owned();
            if let Some(block) = reader.next_block(&mut self.text) {
                drop(open);
                progress.read(self.take_block(&name, &block));
            } else {
                self.reports.extend(reader.report().map(|report| (*number, name, report)));
                *open = None;
            }
        }
    }

    fn take_block(&mut self, file: &str, block: &Block) -> u64 {
        let before = self.counts.deliveries;
        match block {
            Block::Lines { first_line } => {
                let whole = std::mem::take(&mut self.text);
                let mut lines = Lines::new(&whole);
                for number in *first_line.. {
                    let Some((line, webhook)) = self.layouts.read(&mut lines) else { break };
                    if !line.is_empty() {
                        let event = webhook.map(unknown_arrival).map_err(describe);
                        self.take(file, number, event, || String::from_utf8_lossy(line));
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
                    let event = match &body {
                        Ok(body) => Webhook::from_json(body).map(unknown_arrival).map_err(describe),
                        Err(error) => Err(error.clone()),
                    };
                    self.take(file, row.line, event, || match &row.record {
                        Ok(record) => {
                            let fields: Vec<_> =
                                record.iter().map(String::from_utf8_lossy).collect();
                            fields.join(",").into()
                        }
                        Err(_) => Cow::default(),
                    });
                }
            }
            Block::Events { first_row, events } => {
                for (row, event) in (*first_row..).zip(events.iter()) {
                    let body = event.as_ref().err().and_then(|row| row.body).unwrap_or_default();
                    self.take(file, row, event.map_err(|row| describe(row.error)), || {
                        String::from_utf8_lossy(body)
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
        event: Result<ReadEvent<'_>, String>,
        content: impl Fn() -> Cow<'t, str>,
    ) {
        let packed = event.and_then(|event| self.scatter(&event));
        if let Err(error) = packed {
            let (file, content) = (file.to_owned(), content().into_owned());
            self.rejected.push(RejectedLine { file, line, error, content });
        }
    }

    fn scatter(&mut self, event: &ReadEvent<'_>) -> Result<(), String> {
        let webhook = &event.webhook;
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
                let dictionaries = &mut self.scattered.dictionaries;
                let row = EventRow::pack(event, task, worker, dictionaries);
                self.scattered.push(row, org, task);
            }
        }
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A webhook that somebody else kept: nobody knows when it came.
fn unknown_arrival(webhook: Webhook<'_>) -> ReadEvent<'_> {
    ReadEvent { webhook, arrived_at: None }
}

/// An error with all its causes, in one line.
fn describe(error: impl Into<Error>) -> String {
    format!("{:#}", error.into())
}
