//! What a run did: inputs, counts that add up, options, definitions, outputs.
//!
//! Invariant: nothing in a receipt depends on the clock, the machine, the order of files or
//! the number of threads.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::args::Args;
use crate::fold::tasks::FoldCounts;
use crate::input::display_names::DisplayNames;
use crate::input::file_reader::{FileKind, FileReport};
use crate::input::gaps::Gap;
use crate::input::intake::{Intake, IntakeCounts};
use crate::output::metrics::DEFINITIONS;
use crate::output::output_file::OutputFile;

/// The content of `receipt.json`.
#[derive(Debug, Serialize)]
pub struct Receipt {
    program: &'static str,
    version: &'static str,
    options: Options,
    definitions: BTreeMap<&'static str, &'static str>,
    inputs: Vec<InputFile>,
    gaps: Vec<Gap>,
    counts: Counts,
    outputs: Vec<OutputFile>,
}

#[derive(Debug, Serialize)]
struct Options {
    from: Option<String>,
    to: Option<String>,
    as_of: String,
    service_level_ms: i64,
    short_call_ms: i64,
    stale_after_ms: i64,
    timezone: String,
    asa_includes_ringing: bool,
    names_sha256: Option<String>,
    task: Option<String>,
}

#[derive(Debug, Serialize)]
struct InputFile {
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
    #[serde(flatten)]
    intake: IntakeCounts,
    #[serde(flatten)]
    fold: FoldCounts,
}

impl Receipt {
    /// The receipt of a run.
    pub fn new(
        args: &Args,
        as_of: String,
        intake: &Intake,
        counts: &FoldCounts,
        outputs: Vec<OutputFile>,
        names: &DisplayNames,
    ) -> Self {
        Receipt {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            options: Options {
                from: args.from.map(|date| date.to_string()),
                to: args.to.map(|date| date.to_string()),
                as_of,
                service_level_ms: args.service_level.ms,
                short_call_ms: args.short_call.ms,
                stale_after_ms: args.stale_after.ms,
                timezone: args.timezone.iana_name().unwrap_or("UTC").to_owned(),
                asa_includes_ringing: false,
                names_sha256: names.sha256().map(str::to_owned),
                task: args.task.clone(),
            },
            definitions: DEFINITIONS.iter().copied().collect(),
            inputs: intake.files.iter().filter_map(|(name, file)| input(name, file)).collect(),
            gaps: Vec::new(),
            counts: Counts {
                rejected_lines: intake.rejected.len() as u64,
                rejected_files: intake.rejected_files().count() as u64,
                intake: intake.counts.clone(),
                fold: counts.clone(),
            },
            outputs,
        }
    }

    /// The task that was asked for.
    pub(crate) fn task(&self) -> Option<&str> {
        self.options.task.as_deref()
    }

    /// Says in which times there was no subscription.
    pub fn set_gaps(&mut self, gaps: Vec<Gap>) {
        self.gaps = gaps;
    }

    /// Adds an output that was made with the receipt of the others at hand.
    pub fn add_output(&mut self, output: OutputFile) {
        self.outputs.push(output);
    }
}

fn input(name: &str, file: &FileReport) -> Option<InputFile> {
    (file.kind != FileKind::Unrelated).then(|| InputFile {
        name: name.to_owned(),
        bytes: file.bytes,
        sha256: file.sha256.clone(),
        error: file.error.clone(),
    })
}
