//! The days whose tasks are rebuilt.
//!
//! Invariant: a period is not empty, and its days are those of one time zone.

use anyhow::{Context, Result, ensure};
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use task_timeline::EpochMs;

/// The days from `from` to `to`, both included; open on a side that is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    from: Option<Date>,
    to: Option<Date>,
    start: Option<EpochMs>,
    end: Option<EpochMs>,
}

impl Period {
    /// The days in the time zone `zone`.
    ///
    /// # Errors
    /// When `from` is after `to`, or a date is out of range.
    pub fn new(from: Option<Date>, to: Option<Date>, zone: &TimeZone) -> Result<Period> {
        let midnight = |date: Date| -> Result<EpochMs> {
            let start = date.to_zoned(zone.clone()).context("a date is out of range")?;
            Ok(EpochMs(start.timestamp().as_millisecond()))
        };
        let after = to.map(|date| date.checked_add(Span::new().days(1))).transpose();
        let after = after.context("a date is out of range")?;
        ensure!(from <= to || to.is_none(), "--from is after --to: no day lies between them");
        let start = from.map(midnight).transpose()?;
        let end = after.map(midnight).transpose()?;
        Ok(Period { from, to, start, end })
    }

    /// The first day.
    pub fn from(&self) -> Option<Date> {
        self.from
    }

    /// The last day.
    pub fn to(&self) -> Option<Date> {
        self.to
    }

    /// The first moment.
    pub fn start(&self) -> Option<EpochMs> {
        self.start
    }

    /// The first moment after it.
    pub fn end(&self) -> Option<EpochMs> {
        self.end
    }

    /// Whether `at` lies within the period.
    pub fn contains(&self, at: EpochMs) -> bool {
        self.start.is_none_or(|start| at >= start) && self.end.is_none_or(|end| at < end)
    }

    /// Whether the time from `from` until `until`, or until now, touches the period.
    pub fn overlaps(&self, from: EpochMs, until: Option<EpochMs>) -> bool {
        self.end.is_none_or(|end| from < end)
            && self.start.is_none_or(|start| until.is_none_or(|until| until > start))
    }
}
