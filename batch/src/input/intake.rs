//! All that was read, and counts of it.
//!
//! Invariant: what is in an [`Intake`] does not depend on the order of files or on the number
//! of workers, except for how rows are spread over workers, which has no visible effect.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::{EpochMs, Event, Id};

use crate::input::buckets::{Orgs, Scattered};
use crate::input::event_row::{Dictionaries, EventRow};
use crate::input::file_reader::{FileKind, FileResult};
use crate::input::rejected::{Rejected, RejectedLine};

/// All that was read.
#[derive(Debug, Default)]
pub struct Intake {
    /// Rows and texts, worker by worker.
    pub scattered: Vec<Scattered>,
    /// The organizations.
    pub orgs: Orgs,
    /// Counts.
    pub counts: IntakeCounts,
    /// Lines that could not be read.
    pub rejected: Rejected,
    /// Every file with its result, by name.
    pub files: Vec<(String, FileResult)>,
}

impl Intake {
    /// Files that could not be read, wholly or in part.
    pub fn rejected_files(&self) -> impl Iterator<Item = &(String, FileResult)> {
        self.files.iter().filter(|(_, file)| file.error.is_some())
    }

    /// How many files and lines were set aside, wholly or in part.
    pub fn count_rejected(&self) -> u64 {
        self.rejected_files().count() as u64 + self.rejected.count()
    }

    /// Files that hold no webhooks and do not claim to, with what is said of them.
    pub fn unrelated_files(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.files.iter().filter_map(|(name, file)| match file.kind {
            FileKind::Unrelated { reason } => Some((name.as_str(), reason)),
            FileKind::Webhooks | FileKind::Unreadable => None,
        })
    }

    /// How many archives have no checksum.
    pub fn files_without_checksum(&self) -> u64 {
        self.files.iter().filter(|(_, file)| file.lacks_checksum).count() as u64
    }

    /// The reasons for which files and lines were set aside: those of files, then those of the lines that
    /// are kept.
    pub fn rejections(&self) -> [Vec<String>; 2] {
        let file = |(name, file): &(String, FileResult)| {
            format!("{name} {}", file.error.as_deref().unwrap_or_default())
        };
        let line = |line: &RejectedLine| format!("{}:{} {}", line.file, line.line, line.error);
        [self.rejected_files().map(file).collect(), self.rejected.kept().iter().map(line).collect()]
    }

    /// What a row refers to.
    fn dictionaries(&self, row: &EventRow) -> &Dictionaries {
        &self.scattered[usize::from(row.worker)].dictionaries
    }

    /// The task of a row.
    pub fn task_id(&self, row: &EventRow) -> Option<Id> {
        row.task_id(self.dictionaries(row))
    }

    /// The event of a row.
    pub fn event(&self, row: &EventRow) -> Option<Event> {
        row.unpack(self.dictionaries(row))
    }

    /// When the delivery of a row arrived, if that is known.
    pub fn arrived_at(&self, row: &EventRow) -> Option<EpochMs> {
        row.arrived_at(self.dictionaries(row))
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
    /// More names of files and folders that were read under another one: links.
    pub other_names: u64,
    /// Deliveries of events that are dated by a clock that is ahead (I9).
    pub clock_ahead: u64,
    /// The newest event, but for those.
    #[serde(skip)]
    newest: Option<EpochMs>,
    /// The newest of those.
    #[serde(skip)]
    newest_ahead: Option<EpochMs>,
}

impl IntakeCounts {
    /// I9: the time of the newest event; a clock that is ahead counts only if there is no other.
    pub fn newest(&self) -> Option<EpochMs> {
        self.newest.or(self.newest_ahead)
    }

    /// Takes the time of a delivery's event.
    pub(crate) fn note_time(&mut self, at: EpochMs, is_clock_ahead: bool) {
        self.clock_ahead += u64::from(is_clock_ahead);
        let newest = if is_clock_ahead { &mut self.newest_ahead } else { &mut self.newest };
        *newest = (*newest).max(Some(at));
    }

    /// Adds the counts of another worker.
    pub(crate) fn add(&mut self, other: IntakeCounts) {
        self.deliveries += other.deliveries;
        self.without_task += other.without_task;
        self.clock_ahead += other.clock_ahead;
        self.newest = self.newest.max(other.newest);
        self.newest_ahead = self.newest_ahead.max(other.newest_ahead);
        for (name, count) in other.unknown_types {
            *self.unknown_types.entry(name).or_default() += count;
        }
    }
}
