//! A file that is read once from beginning to end, a row group at a time.
//!
//! Invariant: the rows of a task are in memory together, whatever row groups they lie in.

use std::ops::Range;

use anyhow::Result;
use polars::prelude::DataFrame;

use super::read_columns::{Read, Text};
use crate::output::row_groups::RowGroups;
use crate::output::run_folder::RunFolder;

/// The columns of a file that the page needs.
pub(super) trait Columns: Sized {
    /// The name of the file.
    const FILE: &str;
    /// The names of the columns, and of those that say which task it is.
    const NAMES: &[&str];

    /// The columns of some rows.
    fn new(frame: &DataFrame) -> Result<Self>;
}

/// The part of a file that is in memory.
pub(super) struct Window<C> {
    groups: RowGroups,
    frame: DataFrame,
    pub(super) org: Text,
    pub(super) task: Text,
    pub(super) columns: C,
    /// The first row that was not handed out yet.
    next: usize,
}

impl<C: Columns> Window<C> {
    /// Opens the file.
    pub(super) fn open(folder: &RunFolder) -> Result<Window<C>> {
        let groups = RowGroups::open(folder.path(C::FILE), C::NAMES)?;
        let frame = groups.none()?;
        let (org, task) = ids(&frame)?;
        let columns = C::new(&frame)?;
        Ok(Window { groups, frame, org, task, columns, next: 0 })
    }

    /// Reads on, and drops the rows that were handed out. Returns whether there was more.
    fn read_on(&mut self) -> Result<bool> {
        let Some(group) = self.groups.next()? else { return Ok(false) };
        let rest = self.frame.height() - self.next;
        let mut frame = self.frame.tail(Some(rest));
        frame.vstack_mut_owned(group)?;
        frame.rechunk_mut();
        (self.org, self.task) = ids(&frame)?;
        self.columns = C::new(&frame)?;
        (self.frame, self.next) = (frame, 0);
        Ok(true)
    }

    /// The next row; `None` after the last one.
    pub(super) fn take_one(&mut self) -> Result<Option<usize>> {
        if self.next == self.frame.height() && !self.read_on()? {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }

    /// The next rows, as long as they belong to the task.
    pub(super) fn take(&mut self, org: &str, task: &str) -> Result<Rows<'_, C>> {
        let end = loop {
            let belongs = |&row: &usize| self.task.get(row) == task && self.org.get(row) == org;
            let rows = self.next..self.frame.height();
            let end = rows.start + rows.clone().take_while(belongs).count();
            if end < rows.end || !self.read_on()? {
                break end;
            }
        };
        let range = self.next..end;
        self.next = end;
        Ok(Rows { columns: &self.columns, range })
    }
}

fn ids(frame: &DataFrame) -> Result<(Text, Text)> {
    Ok((Text::new(frame.column("org_id")?)?, Text::new(frame.column("task_id")?)?))
}

/// Some rows of a window.
pub(super) struct Rows<'a, C> {
    pub(super) columns: &'a C,
    pub(super) range: Range<usize>,
}
