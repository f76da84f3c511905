//! The options of an archive, the same for the command line and the library.
//!
//! Invariant: an archive is a function of its options and of nothing else: no clock, machine or
//! thread has an influence.

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::kinds::KINDS;
use crate::org::DESKS;
use crate::quirks::Quirks;

/// Options of an archive.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Seed of all random choices.
    #[arg(long, default_value_t = Options::default().seed)]
    pub seed: u64,
    /// Number of tasks.
    #[arg(long, default_value_t = Options::default().tasks, conflicts_with = "events")]
    pub tasks: u64,
    /// Approximate number of lines, instead of tasks; the last task is not cut off.
    #[arg(long)]
    pub events: Option<u64>,
    /// Number of agents who work whole shifts, up to 40. Their calls come in addition to the tasks.
    #[arg(long, default_value_t = Options::default().shifts)]
    pub shifts: usize,
    /// Number of days on which tasks start, 1 to 10, so that no task is stale at the end.
    #[arg(long, default_value_t = Options::default().days)]
    pub days: u64,
    /// Start of the first day in epoch milliseconds; the default is 2026-03-02, a Monday.
    #[arg(long, value_name = "MS", default_value_t = Options::default().start_ms)]
    pub start_ms: u64,
    /// How the events are written.
    #[arg(long, value_enum, default_value_t = Options::default().format)]
    pub format: Format,
    /// Number of files, up to 1 000.
    #[arg(long, default_value_t = Options::default().files)]
    pub files: usize,
    /// How lines are dealt to the files.
    #[arg(long, value_enum, default_value_t = Options::default().deal)]
    pub deal: Deal,
    /// Weight of a kind of task, such as `callback=0`; may be repeated.
    #[arg(long = "weight", value_name = "KIND=WEIGHT", value_parser = weight)]
    pub weights: Vec<(String, u32)>,
    /// How the events are delivered.
    #[command(flatten)]
    pub quirks: Quirks,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            seed: 1,
            tasks: 1_000,
            events: None,
            shifts: 0,
            days: 3,
            start_ms: 1_772_409_600_000,
            format: Format::Ndjson,
            files: 1,
            deal: Deal::ByTime,
            weights: Vec::new(),
            quirks: Quirks::default(),
        }
    }
}

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One webhook body per line.
    Ndjson,
    /// The same, compressed with gzip.
    Gz,
    /// The same, compressed with zstd.
    Zst,
    /// Rows with the sample's columns, which say nothing about agents.
    Csv,
    /// The archive's own format, one object per batch; unreadable lines are left out.
    Parquet,
}

/// How lines are dealt to files, always in order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deal {
    /// Each file holds a period of time.
    ByTime,
    /// Each line goes to the next file, so that a task is spread over many.
    RoundRobin,
}

impl Options {
    /// Options of an archive with only these kinds, equally frequent.
    pub fn only(kinds: &[&str]) -> Self {
        let weight = |name: &str| u32::from(kinds.contains(&name));
        let weights = KINDS.iter().map(|kind| (kind.name.to_owned(), weight(kind.name))).collect();
        Options { weights, ..Options::default() }
    }

    /// # Errors
    /// When a number is out of its range, or a weight names no kind.
    pub fn check(&self) -> Result<()> {
        ensure!((1..=10).contains(&self.days), "days must be 1 to 10, not {}", self.days);
        ensure!((1..=1_000).contains(&self.files), "files must be 1 to 1000, not {}", self.files);
        ensure!(self.shifts <= DESKS, "shifts must be up to {DESKS}, not {}", self.shifts);
        ensure!(self.events.unwrap_or(self.tasks) > 0, "an archive needs at least one task");
        let quirks = &self.quirks;
        let rates = [
            quirks.shared_ids,
            quirks.drift,
            quirks.repeats,
            quirks.disorder,
            quirks.loss,
            quirks.unreadable,
        ];
        ensure!(rates.iter().all(|rate| (0.0..=1.0).contains(rate)), "a rate must be 0 to 1");
        for (name, _) in &self.weights {
            if !KINDS.iter().any(|kind| kind.name == name) {
                let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
                bail!("no kind is named {name}; kinds are {}", names.join(", "));
            }
        }
        Ok(())
    }
}

fn weight(text: &str) -> Result<(String, u32)> {
    let (name, weight) = text.split_once('=').context("expected KIND=WEIGHT")?;
    Ok((name.to_owned(), weight.parse().context("a weight is a whole number")?))
}
