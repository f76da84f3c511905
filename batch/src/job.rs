//! What a rebuild is asked for: the options, checked and converted once.
//!
//! Invariant: wrong options are rejected here, before any work. The command line and the Lambda
//! each make a [`Job`]; everything else takes its options from it.

use std::num::NonZero;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use jiff::tz::TimeZone;
use task_timeline::{EpochMs, FigureOptions, Id, Limits};

use crate::args::Args;
use crate::location::Location;
use crate::period::Period;

/// One rebuild.
#[derive(Clone, Debug)]
pub struct Job {
    /// Where the archived webhooks lie.
    pub events: Location,
    /// Where the outputs go; without it, none are written.
    pub out: Option<Location>,
    /// The folder on this machine that the tables go to as CSV files, besides.
    pub csv: Option<PathBuf>,
    /// Whether the outputs include a report.
    pub writes_report: bool,
    /// The task to show: its id, or how it begins.
    pub task: Option<String>,
    /// Only tasks whose first event lies in this period.
    pub period: Period,
    /// The time zone of days and half hours.
    pub timezone: TimeZone,
    /// The time of the run. All that is read was there by then.
    pub now: EpochMs,
    /// The as-of time of the figures; by default the time of the newest event.
    pub as_of: Option<EpochMs>,
    /// The service level threshold: the longest live wait of a call answered in time.
    pub service_level_ms: i64,
    /// A call without talk that ended within this time is short; 0 for none.
    pub short_call_ms: i64,
    /// An open task without events for longer than this is considered ended.
    pub stale_after_ms: i64,
    /// After-call work longer than this is unknown.
    pub wrapup_limit_ms: i64,
    /// The display names of queues and agents.
    pub names: Option<Location>,
    /// The times without a subscription.
    pub gaps: Option<Location>,
    /// The number of threads; by default one per core.
    pub threads: Option<NonZero<usize>>,
}

impl Job {
    /// The job that a command line asks for, that was [resolved](Args::resolve), in a run at `now`.
    ///
    /// # Errors
    /// When `--events` is missing, the dates are out of range, `--task` is not an id, or there is
    /// `--csv` without `--out`.
    pub fn from_args(args: &Args, now: EpochMs) -> Result<Job> {
        ensure!(args.last_days.is_none(), "--last-days have not been resolved");
        ensure!(
            args.task.as_deref().is_none_or(|task| Id::new(task).is_some()),
            "--task is not a task id"
        );
        ensure!(args.csv.is_none() || args.out.is_some(), "--csv needs --out, where the run goes");
        Ok(Job {
            events: args.events.clone().context("--events is missing")?,
            out: args.out.clone(),
            csv: args.csv.clone(),
            writes_report: !args.no_report,
            period: Period::new(args.from, args.to, &args.timezone)?,
            task: args.task.clone(),
            timezone: args.timezone.clone(),
            now,
            as_of: args.as_of.map(|at| EpochMs(at.as_millisecond())),
            service_level_ms: args.service_level.ms,
            short_call_ms: args.short_call.ms,
            stale_after_ms: args.stale_after.ms,
            wrapup_limit_ms: args.wrapup_limit.ms,
            names: args.names.clone(),
            gaps: args.gaps.clone(),
            threads: args.threads,
        })
    }

    /// The options of the figures, for an archive whose newest event is at `newest`.
    pub fn figure_options(&self, newest: Option<EpochMs>) -> FigureOptions {
        FigureOptions {
            as_of: self.as_of.or(newest).unwrap_or_default(),
            stale_after_ms: self.stale_after_ms,
            short_call_ms: self.short_call_ms,
            limits: Limits { wrapup_ms: self.wrapup_limit_ms },
        }
    }
}
