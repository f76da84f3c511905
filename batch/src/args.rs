//! The command line.
//!
//! Invariant: an option that is wrong on its own is rejected here; options that do not fit together
//! are rejected by [`Job`](crate::Job).

use std::num::NonZero;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use clap::{ArgGroup, Parser, Subcommand};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::location::Location;

/// Rebuild corrected task timelines from archived Webex Contact Center webhooks.
///
/// Reads all events below --events, in any order and with any repeats, and writes what really
/// happened next to what the webhooks alone would have said. Without --events it rebuilds the
/// built-in sample and shows both of its tasks.
#[derive(Clone, Debug, Parser)]
#[command(version, max_term_width = 80, after_help = EXIT_CODES)]
#[command(group = ArgGroup::new("destination").multiple(true), args_conflicts_with_subcommands = true)]
pub struct Args {
    /// What else is asked for than a rebuild
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The same as --events; without --out or --task the figures are only printed
    #[arg(value_name = "PLACE", conflicts_with = "events")]
    pub place: Option<Location>,

    /// Folder (or one file) of archived webhooks, or s3://bucket/prefix, read recursively:
    /// archives of Trueline, NDJSON (plain, gzip or zstd), and CSV with the columns type, taskId,
    /// createdTime, … (in UTC unless a time has an offset or the heading names a zone); the format
    /// is detected from the content
    #[arg(long, value_name = "PLACE", requires = "destination")]
    pub events: Option<Location>,

    /// Folder for the outputs, created if needed, or s3://bucket/prefix; `latest` and
    /// `latest.json` in it point to the last complete run
    #[arg(long, value_name = "PLACE", group = "destination")]
    pub out: Option<Location>,

    /// Folder on this machine for the tables as CSV files, besides the Parquet in --out; files of
    /// an earlier run are replaced, all others are left as they are. Times are in UTC, null is
    /// empty, `;` joins lists. A text that begins with one of = + - @ ' or a tab or line break
    /// has a ' in front, so that no spreadsheet runs it: take one off to get the value
    #[arg(long, value_name = "DIR", value_parser = folder)]
    pub csv: Option<PathBuf>,

    /// Print the corrected timeline of this task, with its ledger; the report shows it first. The
    /// beginning of its id is enough, if no other task begins so
    #[arg(long, value_name = "ID", group = "destination")]
    pub task: Option<String>,

    /// Only tasks whose first event is on this day or later, in the time zone of
    /// --timezone
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,

    /// Only tasks whose first event is on this day or earlier, in the time zone of
    /// --timezone
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,

    /// Only tasks whose first event is on one of the last N full days, in the time zone of
    /// --timezone: up to the day before --as-of, or up to yesterday
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "to"])]
    pub last_days: Option<NonZero<u16>>,

    /// As-of time of the figures, like 2026-11-22T06:00:00Z [default: time of the newest event, but
    /// for those with a clock that is ahead]
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<Timestamp>,

    /// Service level threshold: the longest live wait of a call answered in time (s, m, h, d)
    #[arg(long, value_name = "TIME", default_value = "20s")]
    pub service_level: Length,

    /// A call without talk that ended within this time is short, not abandoned; 0s for none
    #[arg(long, value_name = "TIME", default_value = "0s")]
    pub short_call: Length,

    /// An open task without events for longer than this is considered ended
    #[arg(long, value_name = "TIME", default_value = "14d")]
    pub stale_after: Length,

    /// After-call work (wrap-up) longer than this is unknown
    #[arg(long, value_name = "TIME", default_value = "1h")]
    pub wrapup_limit: Length,

    /// Time zone of days and half hours, like Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = time_zone)]
    pub timezone: TimeZone,

    /// CSV with the ids and names of queues and agents, for report and timelines; a file or
    /// s3://bucket/key
    #[arg(long, value_name = "PLACE")]
    pub names: Option<Location>,

    /// Times without a subscription, for the report and the receipt: the folder or
    /// s3://bucket/gaps that watch-subscriptions writes to
    #[arg(long, value_name = "PLACE", requires = "destination")]
    pub gaps: Option<Location>,

    /// Open the report in the browser
    #[arg(long)]
    pub open: bool,

    /// Write the tables only, no report
    #[arg(long, conflicts_with = "open")]
    pub no_report: bool,

    /// Number of threads; the outputs are the same for any number [default: one per core]
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZero<usize>>,
}

/// What else can be done with an archive.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Check archives of Trueline: that they are as they were written, and that their columns are
    /// what the bodies say
    ///
    /// Every file is read whole, whatever its date. Its checksums are checked, each body is parsed
    /// again, and each column is compared with what the body says. A rebuild checks the checksum of
    /// each file that it reads, and does not read the bodies.
    ///
    /// Exit codes: 0 nothing is wrong; 1 failed, also if there are no archives; 2 wrong options;
    /// 3 files are damaged, or rows are not what their bodies say.
    Verify {
        /// Folder (or one file) of archives, or s3://bucket/prefix, read recursively
        place: Location,

        /// What `trueline erase` wrote instead of a person (--replacement): a row whose body
        /// contains it keeps the identity that the body had before
        #[arg(long, value_name = "TEXT", default_value = "erased")]
        erased: String,
    },
}

const EXIT_CODES: &str = "\
S3 is configured as for any AWS tool: AWS_REGION, AWS_PROFILE,
AWS_ACCESS_KEY_ID, roles; AWS_ENDPOINT_URL_S3 names another S3 server.

Exit codes: 0 all events read; 1 failed, nothing written, also if not one event
can be read; 2 wrong options; 3 done, but lines or files were rejected (see
rejected.ndjson and receipt.json).

A period without any task is no failure: its figures are zero.";

/// A length of time: a number and s, m, h or d.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length {
    /// In milliseconds.
    pub ms: i64,
}

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Length, String> {
        let wrong = || format!("{text:?} is not a length of time like 20s, 5m, 2h or 14d");
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, unit) = text.split_at(unit_at);
        let unit_ms: i64 = match unit {
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        let number: i64 = number.parse().map_err(|_| wrong())?;
        let ms = number.checked_mul(unit_ms).filter(|&ms| ms <= 366 * 86_400_000);
        ms.map(|ms| Length { ms }).ok_or_else(|| format!("{text:?} is longer than a year"))
    }
}

fn time_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| format!("{name:?} is no time zone like UTC or Europe/Berlin"))
}

fn folder(place: &str) -> Result<PathBuf, String> {
    match place.parse()? {
        Location::Folder(folder) => Ok(folder),
        Location::S3 { .. } => Err("a folder on this machine is needed, not S3".to_owned()),
    }
}

impl Args {
    /// Replaces a bare place by `--events`, and `--last-days` by the `--from` and `--to` that it
    /// stands for. The clock is read only if `--as-of` does not say what day it is.
    ///
    /// # Errors
    /// When the dates are out of range.
    pub fn resolve(&mut self, clock: impl FnOnce() -> Timestamp) -> Result<()> {
        self.events = self.place.take().or(self.events.take());
        let Some(days) = self.last_days.take() else { return Ok(()) };
        let today = self.as_of.unwrap_or_else(clock).to_zoned(self.timezone.clone()).date();
        let before = |days: u16| today.checked_sub(Span::new().days(i64::from(days)));
        self.from = Some(before(days.get()).context("--last-days is out of range")?);
        self.to = Some(before(1).context("--last-days is out of range")?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_units() {
        assert_eq!("20s".parse(), Ok(Length { ms: 20_000 }));
        assert_eq!("14d".parse(), Ok(Length { ms: 14 * 86_400_000 }));
        for wrong in ["20", "s", "-5s", "5 s", "5w", "999999d", "99999999999999999999s", ""] {
            assert!(wrong.parse::<Length>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn last_days_end_yesterday_in_the_time_zone() {
        let days = |options: &[&str]| {
            let line = ["rebuild-timelines", "--events", "e", "--out", "o"];
            let mut args = Args::try_parse_from(line.iter().chain(options)).unwrap();
            let clock = || "2026-03-01T23:30:00Z".parse().unwrap();
            args.resolve(clock).unwrap();
            [args.from, args.to].map(|date| date.unwrap().to_string())
        };
        assert_eq!(days(&["--last-days", "1"]), ["2026-02-28", "2026-02-28"]);
        assert_eq!(
            days(&["--last-days", "2", "--timezone", "Europe/Berlin"]),
            ["2026-02-28", "2026-03-01"]
        );
        assert_eq!(
            days(&["--last-days", "7", "--as-of", "2026-01-03T12:00:00Z"]),
            ["2025-12-27", "2026-01-02"]
        );
    }

    #[test]
    fn last_days_are_days_and_exclude_dates() {
        let line = ["rebuild-timelines", "--events", "e", "--out", "o"];
        for wrong in [
            ["--last-days", "0"].as_slice(),
            &["--last-days", "2", "--from", "2026-01-01"],
            &["--last-days", "2", "--to", "2026-01-01"],
        ] {
            assert!(Args::try_parse_from(line.iter().chain(wrong)).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_command_takes_the_place_of_a_rebuild() {
        let parse =
            |options: &[&str]| Args::try_parse_from([&["rebuild-timelines"], options].concat());
        let args = parse(&["verify", "archive"]).unwrap();
        assert!(matches!(args.command, Some(Command::Verify { .. })));
        assert!(parse(&["archive"]).unwrap().command.is_none());
        assert!(parse(&["--out", "o", "verify", "archive"]).is_err());
        assert!(parse(&["verify"]).is_err());
    }

    #[test]
    fn the_command_line_is_well_formed() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
