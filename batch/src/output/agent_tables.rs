//! The tables about agents, column by column.
//!
//! Invariant: every value comes from the fold; nothing is computed here.

use task_timeline::{AgentSpan, ChannelKind, EpochMs, Id};

use crate::fold::agent_sums::AgentSums;
use crate::output::columns::{
    Build, Counts, Durations, IdRuns, Ids, Kinds, Lists, MaybeDurations, Quotients, Texts, Times,
};
use crate::output::table::columns;

/// A stretch of an agent's time in one state.
pub struct AgentStateItem<'a> {
    /// The organization.
    pub org: &'a Id,
    /// The agent.
    pub agent: Option<&'a Id>,
    /// Which one of the agent and channel it is, from 0.
    pub seq: u32,
    /// The span.
    pub span: &'a AgentSpan,
}

columns! {
    /// `agent_states.parquet`
    AgentStates of AgentStateItem<'_> as row {
        org_id: Ids = Some(row.org),
        agent_id: Ids = row.agent,
        channel: Kinds = row.span.channel.map(ChannelKind::name),
        seq: Counts = row.seq,
        state: Kinds = Some(row.span.status.name()),
        idle_code: Ids = row.span.idle_code.as_ref(),
        started_at: Times = Some(row.span.started_at),
        ended_at: Times = row.span.ended_at,
        duration_ms: MaybeDurations = row.span.duration_ms(),
        task_id: IdRuns = row.span.task.as_ref(),
        basis: Kinds = Some(row.span.basis.name()),
    }
}

/// What an agent did on a channel in half an hour.
pub struct AgentIntervalItem<'a> {
    /// The organization.
    pub org: &'a Id,
    /// The agent; none for offers to nobody knows whom.
    pub agent: Option<&'a Id>,
    /// The channel, or all of them.
    pub channel: &'static str,
    /// When the half hour begins.
    pub start: EpochMs,
    /// The sums.
    pub sums: &'a AgentSums,
}

type TextLists = Lists<Texts>;
type DurationLists = Lists<Durations>;

columns! {
    /// `agent_intervals.parquet`
    ///
    /// The two lists belong together: engines unnest them side by side, which no map or JSON text
    /// would allow in all of them.
    AgentIntervals of AgentIntervalItem<'_> as row {
        org_id: Ids = Some(row.org),
        agent_id: Ids = row.agent,
        channel: Kinds = Some(row.channel),
        interval_start: Times = Some(row.start),
        logged_in_ms: Durations = row.sums.logged_in_ms(),
        available_ms: Durations = row.sums.available_ms,
        idle_ms: Durations = row.sums.idle_ms(),
        idle_codes: TextLists = row.sums.idle_codes().iter().map(Option::as_deref).collect(),
        idle_code_ms: DurationLists = row.sums.idle_ms_by_code.values().copied().collect(),
        ringing_ms: Durations = row.sums.ringing_ms,
        talk_ms: Durations = row.sums.talk_ms,
        hold_ms: Durations = row.sums.hold_ms,
        wrapup_ms: Durations = row.sums.wrapup_ms,
        not_responding_ms: Durations = row.sums.not_responding_ms,
        offers: Counts = row.sums.offers,
        answered: Counts = row.sums.answered,
        rona: Counts = row.sums.rona,
        declined: Counts = row.sums.declined,
        handled: Counts = row.sums.handled,
        occupancy: Quotients = row.sums.occupancy(),
    }
}

/// The tables of some agents.
#[derive(Default)]
pub struct AgentTables {
    /// `agent_states.parquet`
    pub states: AgentStates,
    /// `agent_intervals.parquet`
    pub intervals: AgentIntervals,
}
