//! What archive to generate: the one set of options of the command line and of the library.
//!
//! The invariant: an archive is a function of its options; nothing else (clock, machine, thread)
//! has a say.

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::kinds::KINDS;
use crate::quirks::Quirks;

/// Options of an archive.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// Everything random follows from it.
    #[arg(long, default_value_t = Options::default().seed)]
    pub seed: u64,
    /// How many tasks.
    #[arg(long, default_value_t = Options::default().tasks, conflicts_with = "events")]
    pub tasks: u64,
    /// About how many lines instead; the last task is not cut short.
    #[arg(long)]
    pub events: Option<u64>,
    /// Over how many days tasks start, 1 to 10: so that no task is stale at the end.
    #[arg(long, default_value_t = Options::default().days)]
    pub days: u64,
    /// When the first day begins, epoch milliseconds; the default is 2026-03-02, a Monday.
    #[arg(long, value_name = "MS", default_value_t = Options::default().start_ms)]
    pub start_ms: u64,
    /// How the events are written.
    #[arg(long, value_enum, default_value_t = Options::default().format)]
    pub format: Format,
    /// Over how many files, up to 1 000.
    #[arg(long, default_value_t = Options::default().files)]
    pub files: usize,
    /// How lines are dealt to the files.
    #[arg(long, value_enum, default_value_t = Options::default().deal)]
    pub deal: Deal,
    /// Another weight for a kind of task, such as `callback=0`; repeatable.
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
    /// One webhook body a line.
    Ndjson,
    /// The same, compressed with gzip.
    Gz,
    /// The same, compressed with zstd.
    Zst,
    /// Rows with the sample's columns, which say nothing of agents.
    Csv,
    /// The archive's own format, an object for each batch; unreadable lines are left out.
    Parquet,
}

/// How lines are dealt to files, always in order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deal {
    /// Each file holds a stretch of time.
    ByTime,
    /// Each line goes to the next file, so that a task is spread over many.
    RoundRobin,
}

impl Options {
    /// Options of an archive in which only these kinds occur, equally often.
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
