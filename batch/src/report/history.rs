//! The rows of `tasks`, `segments`, `offers` and `corrections`, task by task.
//!
//! Invariant: the four files are sorted alike, by organization and task, so that one pass over
//! each finds the rows of every task.

use std::ops::Range;

use anyhow::Result;

use super::read::{Count, MaybeMs, Ms, Read, Text, read};
use crate::output::RunFolder;

/// All tasks of a run.
pub(super) struct Histories {
    tasks: Tasks,
    segments: Segments,
    offers: Offers,
    corrections: Corrections,
}

/// A task with the rows that belong to it.
pub(super) struct History<'a> {
    of: &'a Histories,
    pub(super) task: Task<'a>,
    pub(super) rows: Rows,
}

/// Where the rows of a task lie in the files.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    task: usize,
    segments: Range<usize>,
    offers: Range<usize>,
    corrections: Range<usize>,
}

/// The ids of the tasks that rows belong to.
struct Keys {
    org: Text,
    task: Text,
    rows: usize,
}

impl Keys {
    /// The rows from `start` on that belong to the same task as `row` of `other`.
    fn same_as(&self, other: &Keys, row: usize, start: usize) -> Range<usize> {
        let (org, task) = (other.org.get(row), other.task.get(row));
        let belongs = |&row: &usize| self.task.get(row) == task && self.org.get(row) == org;
        start..start + (start..self.rows).take_while(belongs).count()
    }
}

/// Declares the columns of a file that the page needs, and a row of them.
macro_rules! rows {
    ($(#[$doc:meta])* $rows:ident of $row:ident in $file:literal {
        $($name:ident: $column:ident,)+
    }) => {
        struct $rows {
            keys: Keys,
            $($name: $column,)+
        }

        $(#[$doc])*
        pub(super) struct $row<'a> {
            $(pub(super) $name: <$column as Read>::Item<'a>,)+
        }

        impl $rows {
            fn read(folder: &RunFolder) -> Result<$rows> {
                let names = ["org_id", "task_id", $(stringify!($name)),+];
                let frame = read(&folder.path($file), &names)?;
                let text = |name| Text::new(frame.column(name)?);
                let (org, task, rows) = (text("org_id")?, text("task_id")?, frame.height());
                Ok($rows {
                    keys: Keys { org, task, rows },
                    $($name: $column::new(frame.column(stringify!($name))?)?,)+
                })
            }

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
        corrections: Count,
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

impl Histories {
    /// Reads the files back.
    pub(super) fn read(folder: &RunFolder) -> Result<Histories> {
        Ok(Histories {
            tasks: Tasks::read(folder)?,
            segments: Segments::read(folder)?,
            offers: Offers::read(folder)?,
            corrections: Corrections::read(folder)?,
        })
    }

    /// How many tasks there are.
    pub(super) fn len(&self) -> usize {
        self.tasks.keys.rows
    }

    /// All tasks, in the order of the files.
    pub(super) fn iter(&self) -> impl Iterator<Item = History<'_>> {
        let (mut segment, mut offer, mut correction) = (0, 0, 0);
        (0..self.tasks.keys.rows).map(move |row| {
            let keys = &self.tasks.keys;
            let segments = self.segments.keys.same_as(keys, row, segment);
            let offers = self.offers.keys.same_as(keys, row, offer);
            let corrections = self.corrections.keys.same_as(keys, row, correction);
            (segment, offer, correction) = (segments.end, offers.end, corrections.end);
            let rows = Rows { task: row, segments, offers, corrections };
            self.at(rows)
        })
    }

    /// A task that was met before.
    pub(super) fn at(&self, rows: Rows) -> History<'_> {
        History { of: self, task: self.tasks.row(rows.task), rows }
    }
}

impl<'a> History<'a> {
    /// Its id.
    pub(super) fn id(&self) -> &'a str {
        self.of.tasks.keys.task.get(self.rows.task)
    }

    /// Its segments, in order.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        let of = self.of;
        self.rows.segments.clone().map(|row| of.segments.row(row))
    }

    /// Its offers, in order.
    pub(super) fn offers(&self) -> impl Iterator<Item = Offer<'a>> {
        let of = self.of;
        self.rows.offers.clone().map(|row| of.offers.row(row))
    }

    /// Its ledger, in order.
    pub(super) fn corrections(&self) -> impl Iterator<Item = Correction<'a>> {
        let of = self.of;
        self.rows.corrections.clone().map(|row| of.corrections.row(row))
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
