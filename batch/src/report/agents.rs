//! What each agent did, from `agent_intervals.parquet`.
//!
//! Invariant: each offer counts for one agent, or for the unknown one, and each moment of an agent once.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::DataFrame;
use serde::Serialize;

use super::labels::Labels;
use super::read_columns::{Count, Ms, Read, Text};
use crate::fold::agent_sums::ALL_CHANNELS;
use crate::output::row_groups::RowGroups;
use crate::output::run_folder::RunFolder;

/// The columns that say whose a row is.
const KEY: [&str; 2] = ["agent_id", "channel"];

/// The sums that the page shows.
const COUNTS: [&str; 4] = ["offers", "answered", "rona", "declined"];
const DURATIONS: [&str; 6] =
    ["logged_in_ms", "idle_ms", "ringing_ms", "talk_ms", "hold_ms", "wrapup_ms"];

/// The sums of an agent, by column.
#[derive(Default, Serialize)]
pub(super) struct AgentRow {
    /// The unknown one has no number.
    agent: Option<usize>,
    #[serde(flatten)]
    sums: BTreeMap<&'static str, i64>,
}

/// Reads the sums of all agents back, over all channels and half hours.
pub(super) fn agent_rows(folder: &RunFolder, agents: &mut Labels) -> Result<Vec<AgentRow>> {
    let names: Vec<&str> = KEY.into_iter().chain(COUNTS).chain(DURATIONS).collect();
    let mut groups = RowGroups::open(folder.path("agent_intervals.parquet"), &names)?;
    let mut rows = BTreeMap::new();
    while let Some(group) = groups.next()? {
        add_group(&mut rows, &group, agents)?;
    }
    Ok(rows.into_values().collect())
}

fn add_group(
    rows: &mut BTreeMap<Option<usize>, AgentRow>,
    group: &DataFrame,
    agents: &mut Labels,
) -> Result<()> {
    let [agent, channel] = KEY.map(|name| Text::new(group.column(name)?));
    let (agent, channel) = (agent?, channel?);
    let rows_of_group = 0..group.height();
    let mut columns: Vec<(&str, Vec<i64>)> = Vec::new();
    for name in COUNTS {
        let column = Count::new(group.column(name)?)?;
        columns.push((name, rows_of_group.clone().map(|row| column.get(row).into()).collect()));
    }
    for name in DURATIONS {
        let column = Ms::new(group.column(name)?)?;
        columns.push((name, rows_of_group.clone().map(|row| column.get(row)).collect()));
    }
    for row in rows_of_group.filter(|&row| channel.get(row) == ALL_CHANNELS) {
        let agent = agents.number(agent.get(row));
        let of_agent =
            rows.entry(agent).or_insert_with(|| AgentRow { agent, ..AgentRow::default() });
        for (name, values) in &columns {
            *of_agent.sums.entry(name).or_default() += values[row];
        }
    }
    Ok(())
}
