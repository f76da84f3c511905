//! The rows of `tasks`, `segments`, `offers` and `corrections`, task by task.
//!
//! Invariant: the four files are sorted alike, by organization and task, so that one pass over
//! each finds the rows of every task, a row group at a time.

use std::ops::Range;

use anyhow::Result;
use polars::prelude::DataFrame;

use super::read::{Count, MaybeMs, Ms, Read, RowGroups, Text};
use crate::output::run_folder::RunFolder;

/// All tasks of a run, one after the other.
pub(super) struct Histories {
    tasks: Window<Tasks>,
    segments: Window<Segments>,
    offers: Window<Offers>,
    corrections: Window<Corrections>,
}

/// A task with the rows that belong to it.
pub(super) struct History<'a> {
    /// Its id.
    pub(super) id: &'a str,
    pub(super) task: Task<'a>,
    segments: Rows<'a, Segments>,
    offers: Rows<'a, Offers>,
    corrections: Rows<'a, Corrections>,
}

/// The columns of a file that the page needs.
trait Columns: Sized {
    const FILE: &str;
    const NAMES: &[&str];

    fn of(frame: &DataFrame) -> Result<Self>;
}

/// Declares the columns of a file that the page needs, and a row of them.
macro_rules! rows {
    ($(#[$doc:meta])* $columns:ident of $row:ident in $file:literal {
        $($name:ident: $column:ident,)+
    }) => {
        struct $columns {
            $($name: $column,)+
        }

        $(#[$doc])*
        pub(super) struct $row<'a> {
            $(pub(super) $name: <$column as Read>::Item<'a>,)+
        }

        impl Columns for $columns {
            const FILE: &str = $file;
            const NAMES: &[&str] = &["org_id", "task_id", $(stringify!($name)),+];

            fn of(frame: &DataFrame) -> Result<$columns> {
                Ok($columns { $($name: $column::new(frame.column(stringify!($name))?)?,)+ })
            }
        }

        impl $columns {
            fn row(&self, row: usize) -> $row<'_> {
                $row { $($name: self.$name.get(row),)+ }
            }
        }
    };
}

rows! {
    /// What a task comes to.
    Tasks of Task in "tasks.parquet" {
        channel: Text,
        direction: Text,
        started_at: Ms,
        ended_at: MaybeMs,
        outcome: Text,
        terminating_party: Text,
        reason: Text,
        callback: Text,
        false_ends: Count,
        live_wait_ms: Ms,
        naive_ended_at: MaybeMs,
        naive_live_wait_ms: MaybeMs,
        naive_talk_ms: MaybeMs,
        naive_outcome: Text,
    }
}

rows! {
    /// A stretch of the customer's time.
    Segments of Segment in "segments.parquet" {
        phase: Text,
        started_at: Ms,
        ended_at: MaybeMs,
        queue_id: Text,
        agent_id: Text,
        basis: Text,
    }
}

rows! {
    /// A ring at an agent.
    Offers of Offer in "offers.parquet" {
        offered_at: Ms,
        agent_id: Text,
        answered_at: MaybeMs,
        customer_connected_at: MaybeMs,
        released_at: MaybeMs,
        wrapup_ms: MaybeMs,
        outcome: Text,
    }
}

rows! {
    /// A row of the ledger.
    Corrections of Correction in "corrections.parquet" {
        rule: Text,
        at: Ms,
        said: Text,
        is: Text,
    }
}

/// The part of a file that is being looked at.
struct Window<C> {
    groups: RowGroups,
    frame: DataFrame,
    org: Text,
    task: Text,
    columns: C,
    /// The first row that was not handed out.
    next: usize,
}

impl<C: Columns> Window<C> {
    fn open(folder: &RunFolder) -> Result<Window<C>> {
        let groups = RowGroups::open(folder.path(C::FILE), C::NAMES)?;
        let frame = groups.none()?;
        let (org, task) = ids(&frame)?;
        let columns = C::of(&frame)?;
        Ok(Window { groups, frame, org, task, columns, next: 0 })
    }

    /// Reads on, and forgets what was handed out. Whether there was more.
    fn read_on(&mut self) -> Result<bool> {
        let Some(group) = self.groups.next()? else { return Ok(false) };
        let rest = self.frame.height() - self.next;
        let mut frame = self.frame.tail(Some(rest));
        frame.vstack_mut_owned(group)?;
        frame.rechunk_mut();
        (self.org, self.task) = ids(&frame)?;
        self.columns = C::of(&frame)?;
        (self.frame, self.next) = (frame, 0);
        Ok(true)
    }

    /// The next row; `None` after the last one.
    fn take_one(&mut self) -> Result<Option<usize>> {
        if self.next == self.frame.height() && !self.read_on()? {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }

    /// The next rows as far as they belong to a task.
    fn take(&mut self, org: &str, task: &str) -> Result<Rows<'_, C>> {
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
        Ok(Rows { of: &self.columns, range })
    }
}

fn ids(frame: &DataFrame) -> Result<(Text, Text)> {
    Ok((Text::new(frame.column("org_id")?)?, Text::new(frame.column("task_id")?)?))
}

/// Some rows of a window.
struct Rows<'a, C> {
    of: &'a C,
    range: Range<usize>,
}

impl Histories {
    /// Opens the files.
    pub(super) fn open(folder: &RunFolder) -> Result<Histories> {
        Ok(Histories {
            tasks: Window::open(folder)?,
            segments: Window::open(folder)?,
            offers: Window::open(folder)?,
            corrections: Window::open(folder)?,
        })
    }

    /// The next task, in the order of the files; `None` after the last one.
    pub(super) fn next(&mut self) -> Result<Option<History<'_>>> {
        let Some(row) = self.tasks.take_one()? else { return Ok(None) };
        let (org, id) = (self.tasks.org.get(row), self.tasks.task.get(row));
        Ok(Some(History {
            id,
            task: self.tasks.columns.row(row),
            segments: self.segments.take(org, id)?,
            offers: self.offers.take(org, id)?,
            corrections: self.corrections.take(org, id)?,
        }))
    }
}

impl<'a> History<'a> {
    /// Its segments, in order.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        let of = self.segments.of;
        self.segments.range.clone().map(|row| of.row(row))
    }

    /// Its offers, in order.
    pub(super) fn offers(&self) -> impl Iterator<Item = Offer<'a>> {
        let of = self.offers.of;
        self.offers.range.clone().map(|row| of.row(row))
    }

    /// Its ledger, in order.
    pub(super) fn corrections(&self) -> impl Iterator<Item = Correction<'a>> {
        let of = self.corrections.of;
        self.corrections.range.clone().map(|row| of.row(row))
    }

    /// Milliseconds that the webhooks alone show as waiting on the line, while the customer was
    /// off it: callback waits that ended by the first ring.
    pub(super) fn false_live_ms(&self) -> i64 {
        let Some(first) = self.offers().next() else { return 0 };
        let ended_by_then = |segment: Segment<'_>| {
            let ended_at = segment.ended_at.filter(|&at| at <= first.offered_at)?;
            (segment.phase == "callback_wait").then_some(ended_at - segment.started_at)
        };
        self.segments().filter_map(ended_by_then).sum()
    }
}
