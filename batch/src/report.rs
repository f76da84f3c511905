//! `report.html`: the page for people.
//!
//! Invariant: every number on the page comes from the Parquet files of the run, read back, or from the
//! counts in its receipt. The page is a function of these and of the names, so the same archive
//! gives the same bytes.

mod agents;
mod days;
mod intervals;
mod labels;
mod outcomes;
mod packed;
mod page;
mod read_columns;
mod rows;
mod task_rows;
mod timelines;
mod waits;
mod window;

use std::io::Write as _;

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::agents::{AgentRow, agent_rows};
use self::days::{DayRow, Days};
use self::intervals::Intervals;
use self::labels::{Label, Labels};
use self::outcomes::{Outcomes, OutcomesRow, Totals};
use self::packed::Packed;
use self::task_rows::TaskReader;
use self::timelines::Timelines;
use self::waits::{WaitsRow, waits_rows};
use crate::hashed::hex;
use crate::input::display_names::DisplayNames;
use crate::job::Job;
use crate::output::output_file::{OutputFile, json_text};
use crate::output::receipt::Receipt;
use crate::output::run_folder::RunFolder;

/// The name of the page.
pub const NAME: &str = "report.html";

/// The page stays below 2 MB.
const MOST_BYTES: usize = 1_990_000;

/// The number of inputs listed on the page; the receipt lists all.
const INPUTS_SHOWN: usize = 20;

/// All data of the page except the timelines.
#[derive(Serialize)]
struct Data {
    receipt: Value,
    /// The hash of the receipt without this page: the page cannot hold a hash that covers itself.
    receipt_sha256: String,
    inputs: usize,
    queues: Vec<Label>,
    agents: Vec<Label>,
    intervals: Intervals,
    waits: Vec<WaitsRow>,
    totals: Totals,
    outcomes: Vec<OutcomesRow>,
    days: Vec<DayRow>,
    agent_rows: Vec<AgentRow>,
}

/// Writes the page of a run whose other files are complete and listed in `receipt`.
///
/// # Errors
/// When the files cannot be read back, or the page cannot be written.
pub fn write(
    folder: &RunFolder,
    receipt: &Receipt,
    names: &DisplayNames,
    job: &Job,
) -> Result<OutputFile> {
    let (data, timelines) =
        collect(folder, receipt, names, job).context("cannot read back what the report shows")?;
    let mut packed = Packed::new();
    serde_json::to_writer(&mut packed, &data)?;
    let data = packed.finish()?;
    let room = MOST_BYTES.saturating_sub(data.len() + page::own_bytes());
    let page = page::assemble(&data, &timelines.pack(room)?);
    let mut file = folder.file(NAME)?;
    file.write_all(page.as_bytes()).context("cannot write the report")?;
    file.finish(page.lines().count() as u64)
}

/// One pass over all tables.
fn collect(
    folder: &RunFolder,
    receipt: &Receipt,
    names: &DisplayNames,
    job: &Job,
) -> Result<(Data, Timelines)> {
    let (mut queues, mut agents) = (Labels::default(), Labels::default());
    let intervals = Intervals::read(folder, &job.timezone, &mut queues)?;
    let waits = waits_rows(folder, &mut queues)?;
    let (mut totals, mut outcomes) = (Totals::default(), Outcomes::default());
    let mut days = Days::new(&job.timezone);
    let mut timelines = Timelines::choose(folder, job.task.as_deref())?;
    let mut tasks = TaskReader::open(folder)?;
    while let Some(rows) = tasks.next()? {
        totals.add(&rows.task);
        outcomes.add(&rows);
        days.add(&rows);
        timelines.add(&rows, &mut queues, &mut agents)?;
    }
    let agent_rows = agent_rows(folder, &mut agents)?;
    let text = json_text(receipt)?;
    let mut shown: Value = serde_json::from_slice(&text)?;
    let inputs = shown["inputs"].as_array_mut().map_or(0, |inputs| {
        let all = inputs.len();
        inputs.truncate(INPUTS_SHOWN);
        all
    });
    let data = Data {
        receipt: shown,
        receipt_sha256: hex(&Sha256::digest(&text)),
        inputs,
        queues: queues.finish(names),
        agents: agents.finish(names),
        intervals,
        waits,
        totals,
        outcomes: outcomes.rows(),
        days: days.rows(),
        agent_rows,
    };
    Ok((data, timelines))
}
