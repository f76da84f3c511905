//! What a rebuild is asked for: the options, checked and converted once.
//!
//! Invariant: what can be wrong with the options is found here, before any work. The command line
//! and the Lambda each make a [`Job`]; everything else takes its options from that.

use std::num::NonZero;

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use task_timeline::{EpochMs, FigureOptions, Id};

use crate::args::Args;
use crate::location::Location;
use crate::period::Period;

/// One rebuild.
#[derive(Clone, Debug)]
pub struct Job {
    /// Where the archived webhooks lie.
    pub events: Location,
    /// Where the outputs go; none are written without it.
    pub out: Option<Location>,
    /// Whether a report is among them.
    pub writes_report: bool,
    /// The task to show.
    pub task: Option<Id>,
    /// Only tasks whose first event lies in it.
    pub period: Period,
    /// The time zone of days and half hours.
    pub timezone: TimeZone,
    /// The as-of time; without it that of the newest event.
    pub as_of: Option<EpochMs>,
    /// A call counts into the service level when answered within this live wait; in milliseconds.
    pub service_level_ms: i64,
    /// A call without talk that ended within this is short; in milliseconds, 0 for none.
    pub short_call_ms: i64,
    /// An open task without an event for longer than this is over; in milliseconds.
    pub stale_after_ms: i64,
    /// The display names of queues and agents.
    pub names: Option<Location>,
    /// The times without a subscription.
    pub gaps: Option<Location>,
    /// How many threads; without it one for each core.
    pub threads: Option<NonZero<usize>>,
}

impl Job {
    /// The job that a command line asks for, whose [`Args::last_days`] have been resolved.
    ///
    /// # Errors
    /// When there is nothing to read, the dates are out of range or the task's id is none.
    pub fn from_args(args: &Args) -> Result<Job> {
        ensure!(args.last_days.is_none(), "--last-days have not been resolved");
        let id = |text: &String| Id::new(text).context("--task is no task id");
        Ok(Job {
            events: args.events.clone().context("--events is missing")?,
            out: args.out.clone(),
            writes_report: !args.no_report,
            period: Period::new(args.from, args.to, &args.timezone)?,
            task: args.task.as_ref().map(id).transpose()?,
            timezone: args.timezone.clone(),
            as_of: args.as_of.map(|at| EpochMs(at.as_millisecond())),
            service_level_ms: args.service_level.ms,
            short_call_ms: args.short_call.ms,
            stale_after_ms: args.stale_after.ms,
            names: args.names.clone(),
            gaps: args.gaps.clone(),
            threads: args.threads,
        })
    }

    /// How the figures of an archive are made whose newest event is that of `newest`.
    pub fn figure_options(&self, newest: Option<EpochMs>) -> FigureOptions {
        FigureOptions {
            as_of: self.as_of.or(newest).unwrap_or_default(),
            stale_after_ms: self.stale_after_ms,
            short_call_ms: self.short_call_ms,
        }
    }
}
