//! `report.html`: the page that people look at.
//!
//! Invariant: every number on it comes from the Parquet files of the run, read back, or from the
//! counts in its receipt. The page is a function of these and of the names, so the same archive
//! gives the same bytes.

mod agents;
mod days;
mod history;
mod intervals;
mod labels;
mod names;
mod outcomes;
mod packed;
mod page;
mod read;
mod timelines;

use std::io::Write as _;

use anyhow::{Context, Result};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::agents::{AgentRow, Agents};
use self::days::{DayRow, Days};
use self::history::Histories;
use self::intervals::Intervals;
use self::labels::{Label, Labels};
pub use self::names::Names;
use self::outcomes::{Outcomes, OutcomesRow};
use self::packed::Packed;
use self::timelines::Timelines;
use crate::hashed::hex;
use crate::output::{OutputFile, RunFolder, json_text};
use crate::receipt::Receipt;

/// The name of the page.
pub const NAME: &str = "report.html";

/// Inputs that are named on the page; the receipt names all.
const INPUTS_SHOWN: usize = 20;

/// All numbers of the page but the timelines.
#[derive(Serialize)]
struct Data {
    receipt: Value,
    /// Of the receipt as it is without this page, which cannot hold the hash of its own hash.
    receipt_sha256: String,
    inputs: usize,
    queues: Vec<Label>,
    agents: Vec<Label>,
    intervals: Intervals,
    outcomes: Vec<OutcomesRow>,
    days: Vec<DayRow>,
    agent_rows: Vec<AgentRow>,
    longest_live_wait_ms: i64,
    naive_longest_live_wait_ms: i64,
    first_started_at: Option<i64>,
    tasks: usize,
    timelines: usize,
}

/// Writes the page of a run whose other files are complete; `receipt` is that of those.
///
/// # Errors
/// When the files cannot be read back, or the page cannot be written.
pub fn write(
    folder: &RunFolder,
    receipt: &Receipt,
    names: &Names,
    zone: &TimeZone,
) -> Result<OutputFile> {
    let receipt = json_text(receipt)?;
    let (data, timelines) =
        collect(folder, &receipt, names, zone).context("cannot read back what the report shows")?;
    let mut packed = Packed::new();
    serde_json::to_writer(&mut packed, &data)?;
    let page = page::assemble(&packed.finish()?, &timelines);
    let mut file = folder.file(NAME)?;
    file.write_all(page.as_bytes())
        .and_then(|()| file.flush())
        .context("cannot write the report")?;
    folder.describe(NAME, page.lines().count() as u64)
}

/// The numbers, and the timelines packed.
fn collect(
    folder: &RunFolder,
    receipt: &[u8],
    names: &Names,
    zone: &TimeZone,
) -> Result<(Data, String)> {
    let (mut queues, mut agents) = (Labels::default(), Labels::default());
    let intervals = Intervals::read(folder, zone, &mut queues)?;
    let histories = Histories::read(folder)?;
    let mut outcomes = Outcomes::default();
    let mut days = Days::new(zone);
    let mut agent_rows = Agents::default();
    let mut timelines = Timelines::default();
    let (mut longest, mut naive_longest) = (0, 0);
    let mut first_started_at: Option<i64> = None;
    for history in histories.iter() {
        let task = &history.task;
        outcomes.add(task);
        days.add(&history);
        agent_rows.add(&history, &mut agents);
        timelines.consider(&history);
        longest = longest.max(task.live_wait_ms);
        naive_longest = naive_longest.max(task.naive_live_wait_ms.unwrap_or_default());
        let earlier = first_started_at.is_none_or(|first| task.started_at < first);
        first_started_at = if earlier { Some(task.started_at) } else { first_started_at };
    }
    let (timelines, embedded) = timelines.pack(&histories, &mut queues, &mut agents)?;
    let mut shown: Value = serde_json::from_slice(receipt)?;
    let inputs = shown["inputs"].as_array_mut().map_or(0, |inputs| {
        let all = inputs.len();
        inputs.truncate(INPUTS_SHOWN);
        all
    });
    let data = Data {
        receipt: shown,
        receipt_sha256: hex(&Sha256::digest(receipt)),
        inputs,
        queues: queues.finish(names),
        agents: agents.finish(names),
        intervals,
        outcomes: outcomes.rows(),
        days: days.rows(),
        agent_rows: agent_rows.rows(),
        longest_live_wait_ms: longest,
        naive_longest_live_wait_ms: naive_longest,
        first_started_at,
        tasks: histories.len(),
        timelines: embedded,
    };
    Ok((data, timelines))
}
