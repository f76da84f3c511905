//! The row groups of an archive in our own format, one after the other.
//!
//! Invariant: rows are numbered from 1 through all groups.

use anyhow::Error;
use event_archive::{Archive, Events};

/// The row groups of an archive that are still to be read.
pub(crate) struct ArchiveGroups {
    archive: Archive,
    next: usize,
    next_row: u64,
}

impl ArchiveGroups {
    pub(crate) fn new(archive: Archive) -> ArchiveGroups {
        ArchiveGroups { archive, next: 0, next_row: 1 }
    }

    /// The next group and the number of its first row; `None` at the end. A damaged group ends the
    /// file, and `error` says so.
    pub(crate) fn read(&mut self, error: &mut Option<String>) -> Option<(u64, Events)> {
        if error.is_some() || self.next == self.archive.groups() {
            return None;
        }
        match self.archive.events(self.next) {
            Ok(events) => {
                let first_row = self.next_row;
                self.next_row += events.rows() as u64;
                self.next += 1;
                Some((first_row, events))
            }
            Err(damage) => {
                *error = Some(format!("breaks off: {:#}", Error::new(damage)));
                None
            }
        }
    }
}
