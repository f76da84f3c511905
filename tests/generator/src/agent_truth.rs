//! The truth about an agent who works whole shifts: states and half hours, with the columns and words
//! of the outputs.
//!
//! Invariant: it is read from what the agent did ([`crate::roster`]), never from notices. A lost
//! logout is the one thing that no webhook tells: then the shift ends at the next login, or before a
//! silence of more than 12 h.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::notice::{AgentState, Version};
use crate::org::{Id, Org};
use crate::record::{Basis, OfferOutcome};
use crate::roster::{Roster, Shift};
use crate::truth::offer_outcome;

const SILENCE_MS: u64 = 12 * 3_600_000;
const HALF_HOUR_MS: u64 = 1_800_000;

/// One line of the truth about agents. Times are epoch milliseconds.
#[derive(Clone, Debug, Serialize)]
pub struct AgentTruth {
    /// Organization.
    pub org_id: Id,
    /// `agentId`.
    pub agent_id: Id,
    /// The states: those without a channel, then those of calls.
    pub states: Vec<Span>,
    /// The half hours: those of all channels, then those of calls.
    pub intervals: Vec<Interval>,
}

/// The agent's time in one state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The channel; `None` in version 1.
    pub channel: Option<&'static str>,
    /// Its number within the channel, from 0.
    pub seq: usize,
    /// The state.
    pub state: Does,
    /// Why the agent is idle.
    pub idle_code: Option<Id>,
    /// When it began.
    pub started_at: u64,
    /// When it ended.
    pub ended_at: u64,
    /// With which task.
    pub task_id: Option<Id>,
    /// How the end is known.
    pub basis: Basis,
}

/// What an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words are those of the outputs")]
pub enum Does {
    Available,
    Idle,
    Ringing,
    Connected,
    OnHold,
    Consulting,
    Conferencing,
    Wrapup,
    NotResponding,
}

/// Half an hour of an agent. Lengths are in milliseconds.
#[derive(Clone, Debug, Default, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Interval {
    pub channel: &'static str,
    pub interval_start: u64,
    pub logged_in_ms: u64,
    pub available_ms: u64,
    pub idle_ms: u64,
    pub idle_codes: Vec<Option<Id>>,
    pub idle_code_ms: Vec<u64>,
    pub ringing_ms: u64,
    pub talk_ms: u64,
    pub hold_ms: u64,
    pub wrapup_ms: u64,
    pub not_responding_ms: u64,
    pub offers: usize,
    pub answered: usize,
    pub rona: usize,
    pub declined: usize,
    pub handled: usize,
    #[serde(skip)]
    idle: BTreeMap<Option<Id>, u64>,
}

type Intervals = BTreeMap<(&'static str, u64), Interval>;

impl AgentTruth {
    /// The truth about the agent of these shifts.
    pub fn new(org: &Org, roster: &Roster) -> AgentTruth {
        let mut states: Vec<Span> = Vec::new();
        let mut intervals = Intervals::new();
        let nexts = roster.shifts.iter().skip(1).map(|next| next.steps[0].at);
        for (shift, next_login) in roster.shifts.iter().zip(nexts.map(Some).chain([None])) {
            let (ended_at, basis) = end_of(shift, next_login);
            for &version in shift.versions {
                let spans = spans(org, shift, version, (ended_at, basis));
                let is_newest = shift.versions.last() == Some(&version);
                for span in &spans {
                    let rows = [is_newest.then_some("all"), span.channel];
                    rows.into_iter().flatten().for_each(|row| add_span(&mut intervals, row, span));
                }
                states.extend(spans);
            }
        }
        add_offers(&mut intervals, roster);
        states.sort_by_key(|span| (span.channel, span.started_at));
        number(&mut states);
        AgentTruth {
            org_id: org.id,
            agent_id: org.agents[roster.agent].id,
            states,
            intervals: intervals.into_values().map(Interval::finished).collect(),
        }
    }
}

/// When the shift ended, as far as it can be known.
fn end_of(shift: &Shift, next_login: Option<u64>) -> (u64, Basis) {
    if let Some(logout_at) = shift.logout_at {
        return (logout_at, Basis::Observed);
    }
    let is_told = |state: AgentState| {
        shift.versions.iter().any(|&version| state.as_told_by(version).is_some())
    };
    let told = shift.steps.iter().filter(|step| is_told(step.state)).map(|step| step.at);
    let last = told.max().unwrap_or_default();
    let at = next_login.filter(|login| login - last <= SILENCE_MS).unwrap_or(last);
    (at, Basis::Inferred)
}

/// The shift as one version tells it. Only the newest one tells the login.
fn spans(org: &Org, shift: &Shift, version: Version, (end, basis): (u64, Basis)) -> Vec<Span> {
    let channel = (version == Version::V2).then_some("telephony");
    let is_newest = shift.versions.last() == Some(&version);
    let mut spans: Vec<Span> = Vec::new();
    for step in shift.steps.iter().skip(usize::from(!is_newest)) {
        let Some(state) = step.state.as_told_by(version).and_then(Does::from_state) else {
            continue;
        };
        let idle_code = step.idle_code.filter(|_| version == Version::V2);
        let next = Span {
            channel,
            seq: 0,
            state,
            idle_code: idle_code.map(|code| org.idle_codes[code]),
            started_at: step.at,
            ended_at: end,
            task_id: step.task.filter(|_| !matches!(state, Does::Idle | Does::Available)),
            basis,
        };
        match spans.last_mut() {
            Some(last) if last.is_same(&next) => {
                last.idle_code = last.idle_code.or(next.idle_code);
                last.task_id = last.task_id.or(next.task_id);
            }
            last => {
                if let Some(last) = last {
                    (last.ended_at, last.basis) = (step.at, Basis::Observed);
                }
                spans.push(next);
            }
        }
    }
    spans.retain(|span| span.started_at < span.ended_at);
    spans
}

fn number(states: &mut [Span]) {
    for channel in [None, Some("telephony")] {
        let of_channel = states.iter_mut().filter(|span| span.channel == channel);
        of_channel.enumerate().for_each(|(seq, span)| span.seq = seq);
    }
}

fn add_span(intervals: &mut Intervals, row: &'static str, span: &Span) {
    let mut at = span.started_at;
    while at < span.ended_at {
        let start = at - at % HALF_HOUR_MS;
        let until = span.ended_at.min(start + HALF_HOUR_MS);
        interval(intervals, row, start).add(span, until - at);
        at = until;
    }
}

fn add_offers(intervals: &mut Intervals, roster: &Roster) {
    let rings = roster.calls.iter().flat_map(|call| &call.story.rings);
    for ring in rings.filter(|ring| ring.agent == roster.agent) {
        for row in ["all", "telephony"] {
            let interval = interval(intervals, row, ring.at - ring.at % HALF_HOUR_MS);
            let outcome = offer_outcome(ring);
            interval.offers += 1;
            interval.answered += usize::from(outcome == OfferOutcome::Answered);
            interval.rona += usize::from(outcome == OfferOutcome::NoAnswer);
            interval.declined += usize::from(outcome == OfferOutcome::Declined);
            interval.handled += usize::from(ring.customer.is_some());
        }
    }
}

fn interval<'i>(
    intervals: &'i mut Intervals,
    channel: &'static str,
    interval_start: u64,
) -> &'i mut Interval {
    let interval = intervals.entry((channel, interval_start)).or_default();
    (interval.channel, interval.interval_start) = (channel, interval_start);
    interval
}

impl Span {
    /// Whether `next` is the same state again. One of the two may name what the other does not.
    fn is_same(&self, next: &Span) -> bool {
        let agree =
            |one: Option<Id>, other: Option<Id>| one.is_none() || other.is_none() || one == other;
        self.state == next.state
            && agree(self.idle_code, next.idle_code)
            && agree(self.task_id, next.task_id)
    }
}

impl Interval {
    fn add(&mut self, span: &Span, ms: u64) {
        self.logged_in_ms += ms;
        *match span.state {
            Does::Available => &mut self.available_ms,
            Does::Idle => {
                *self.idle.entry(span.idle_code).or_default() += ms;
                &mut self.idle_ms
            }
            Does::Ringing => &mut self.ringing_ms,
            Does::Connected | Does::Conferencing => &mut self.talk_ms,
            Does::OnHold | Does::Consulting => &mut self.hold_ms,
            Does::Wrapup => &mut self.wrapup_ms,
            Does::NotResponding => &mut self.not_responding_ms,
        } += ms;
    }

    fn finished(mut self) -> Interval {
        self.idle_codes = self.idle.keys().copied().collect();
        self.idle_code_ms = self.idle.values().copied().collect();
        self
    }
}

impl Does {
    fn from_state(state: AgentState) -> Option<Does> {
        match state {
            AgentState::Idle => Some(Does::Idle),
            AgentState::Available | AgentState::WrapupDone => Some(Does::Available),
            AgentState::Ringing => Some(Does::Ringing),
            AgentState::NotResponding => Some(Does::NotResponding),
            AgentState::Connected
            | AgentState::HoldDone
            | AgentState::ConsultDone
            | AgentState::ConferenceDone => Some(Does::Connected),
            AgentState::OnHold => Some(Does::OnHold),
            AgentState::Consulting => Some(Does::Consulting),
            AgentState::Conferencing => Some(Does::Conferencing),
            AgentState::Wrapup => Some(Does::Wrapup),
            AgentState::Monitoring => None,
        }
    }
}
