//! Which days of Trueline's own archive can matter to the tasks of a period.
//!
//! The archive keeps the events of each date (UTC, `createdTime`) in a folder `date=2026-11-22`. A
//! task belongs to the day of its first event and is rebuilt whole, so days around the period
//! matter too.
//!
//! Invariant: a day is left out only if it is further from the period than `--stale-after` plus a
//! day, and one before it, than the 7 days that say who works for a queue (G10) plus a day. Only two kinds of tasks of the period have events there: a task that was silent for all that
//! time before, which then seems to begin later, and a task that continued for all that time after,
//! which then seems silent from there on.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use task_timeline::{EpochMs, WORKS_FOR_MS};
use webhook::CLOCK_TOLERANCE_MS;

use crate::job::Job;

const DAY_MS: i64 = 86_400_000;

/// The days whose folders are read.
#[derive(Clone, Debug, Default)]
pub struct ReadDays {
    first: Option<Date>,
    last: Option<Date>,
    /// The newest day up to this one is read too, because it gives the as-of time. Only a clock that
    /// is ahead (I9) dates events after the time of the run.
    newest_until: Option<Date>,
}

impl ReadDays {
    /// All days.
    pub fn all() -> ReadDays {
        ReadDays::default()
    }

    /// Those that can matter to the period of a job.
    ///
    /// # Errors
    /// When the dates are out of range.
    pub fn new(job: &Job) -> Result<ReadDays> {
        let margin_ms = job.stale_after_ms + DAY_MS;
        let before_ms = margin_ms.max(WORKS_FOR_MS + DAY_MS);
        let first =
            job.period.start().map(|start| date(EpochMs(start.0 - before_ms))).transpose()?;
        let last = job.period.end().map(|end| date(EpochMs(end.0 + margin_ms))).transpose()?;
        let newest_until = job.as_of.is_none().then(|| date(job.now + CLOCK_TOLERANCE_MS));
        Ok(ReadDays { first, last, newest_until: newest_until.transpose()? })
    }

    /// Whether no day is left out.
    pub(crate) fn are_all(&self) -> bool {
        self.first.is_none() && self.last.is_none()
    }

    /// Which of these folders are those of days that cannot matter.
    pub(crate) fn skipped(&self, folders: impl Iterator<Item = String>) -> BTreeSet<String> {
        let days: Vec<(Date, String)> =
            folders.filter_map(|folder| Some((day_of(&folder)?, folder))).collect();
        let dates = days.iter().map(|(date, _)| *date);
        let newest = self
            .newest_until
            .and_then(|until| dates.clone().filter(|date| *date <= until).max().or(dates.max()));
        let matters = |date: Date| {
            let in_reach = self.first.is_none_or(|first| first <= date)
                && self.last.is_none_or(|last| date <= last);
            in_reach || Some(date) == newest
        };
        days.into_iter().filter(|(date, _)| !matters(*date)).map(|(_, folder)| folder).collect()
    }
}

/// The day of a folder like `date=2026-11-22`.
fn day_of(folder: &str) -> Option<Date> {
    let text = folder.strip_prefix("date=").filter(|text| text.len() == "2026-11-22".len())?;
    text.parse().ok()
}

fn date(at: EpochMs) -> Result<Date> {
    let at = Timestamp::from_millisecond(at.0).context("a date is out of range")?;
    Ok(at.to_zoned(TimeZone::UTC).date())
}
