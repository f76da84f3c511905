//! The receipt of a run: inputs, counts that add up, options, definitions, outputs.
//!
//! Invariant: nothing in a receipt depends on the machine, the order of files or the number of
//! threads, nor on the clock, unless an event is dated after the run (I9).

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;
use task_timeline::EpochMs;

use crate::fold::counts::FoldCounts;
use crate::input::display_names::DisplayNames;
use crate::input::file_reader::{FileKind, FileResult};
use crate::input::gaps::ShownGap;
use crate::input::intake::{Intake, IntakeCounts};
use crate::job::Job;
use crate::output::definitions::DEFINITIONS;
use crate::output::output_file::OutputFile;

/// The content of `receipt.json`.
#[derive(Debug, Serialize)]
pub struct Receipt {
    program: &'static str,
    version: &'static str,
    options: Options,
    definitions: BTreeMap<&'static str, &'static str>,
    inputs: Vec<Input>,
    gaps: Vec<ShownGap>,
    counts: Counts,
    outputs: Vec<OutputFile>,
}

/// The options of a job, as a receipt shows them.
#[derive(Debug, Serialize)]
pub struct Options {
    from: Option<String>,
    to: Option<String>,
    as_of: String,
    service_level_ms: i64,
    short_call_ms: i64,
    stale_after_ms: i64,
    wrapup_limit_ms: i64,
    timezone: String,
    asa_includes_ringing: bool,
    names_sha256: Option<String>,
    task: Option<String>,
}

#[derive(Debug, Serialize)]
struct Input {
    name: String,
    bytes: u64,
    sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// `deliveries + rejected_lines` is all lines; `deliveries` is the sum of `without_task`,
/// `events`, `duplicates`, `copies`, `deliveries_outside` and `deliveries_without_timeline`.
#[derive(Debug, Serialize)]
struct Counts {
    rejected_lines: u64,
    rejected_files: u64,
    unrelated_files: u64,
    files_without_checksum: u64,
    #[serde(flatten)]
    intake: IntakeCounts,
    #[serde(flatten)]
    fold: FoldCounts,
}

impl Options {
    /// The options of a job, with the as-of time and the display names that were used.
    ///
    /// # Errors
    /// When the as-of time is out of range.
    pub fn new(job: &Job, as_of: EpochMs, names: &DisplayNames) -> Result<Options> {
        Ok(Options {
            from: job.period.from().map(|date| date.to_string()),
            to: job.period.to().map(|date| date.to_string()),
            as_of: Timestamp::from_millisecond(as_of.0)?.to_string(),
            service_level_ms: job.service_level_ms,
            short_call_ms: job.short_call_ms,
            stale_after_ms: job.stale_after_ms,
            wrapup_limit_ms: job.wrapup_limit_ms,
            timezone: job.timezone.iana_name().unwrap_or("UTC").to_owned(),
            asa_includes_ringing: false,
            names_sha256: names.sha256().map(str::to_owned),
            task: job.task.clone(),
        })
    }
}

impl Receipt {
    /// The receipt of a run, without outputs yet.
    pub fn new(
        options: Options,
        gaps: Vec<ShownGap>,
        intake: &Intake,
        counts: &FoldCounts,
    ) -> Self {
        Receipt {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            options,
            definitions: DEFINITIONS.iter().copied().collect(),
            inputs: intake.files.iter().filter_map(|(name, file)| input(name, file)).collect(),
            gaps,
            counts: Counts {
                rejected_lines: intake.rejected.count(),
                rejected_files: intake.rejected_files().count() as u64,
                unrelated_files: intake.unrelated_files().count() as u64,
                files_without_checksum: intake.files_without_checksum(),
                intake: intake.counts.clone(),
                fold: counts.clone(),
            },
            outputs: Vec::new(),
        }
    }

    /// Adds outputs. The report comes last, because it shows the receipt of the others.
    pub fn add_outputs(&mut self, outputs: impl IntoIterator<Item = OutputFile>) {
        self.outputs.extend(outputs);
    }
}

fn input(name: &str, file: &FileResult) -> Option<Input> {
    (!matches!(file.kind, FileKind::Unrelated { .. })).then(|| Input {
        name: name.to_owned(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        error: file.error.clone(),
    })
}
