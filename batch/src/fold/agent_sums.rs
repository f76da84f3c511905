//! What one agent did, summed up by channel and half hour.
//!
//! Invariant: in every row the time logged in is the sum of the time in each state, and the rows of
//! channel `all` count each moment once.

use std::collections::BTreeMap;

use task_timeline::{AgentRecord, AgentSpan, AgentStatus, EpochMs, Id, OfferOutcome};

use crate::fold::agent_offers::AgentOffer;
use crate::fold::half_hours::HalfHours;
use crate::period::Period;

/// G7: the channel of rows about the agent as a whole.
pub const ALL_CHANNELS: &str = "all";

/// G7, G8: what an agent did in half an hour. Durations are in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentSums {
    /// Ready.
    pub available_ms: i64,
    /// Not ready, by idle code; none where no code was named.
    pub idle_ms_by_code: BTreeMap<Option<Id>, i64>,
    /// Was offered a task.
    pub ringing_ms: i64,
    /// With the customer, conferences included.
    pub talk_ms: i64,
    /// On hold, consultations included.
    pub hold_ms: i64,
    /// After-call work (wrap-up).
    pub wrapup_ms: i64,
    /// Did not answer, and was offered nothing.
    pub not_responding_ms: i64,
    /// Offers to the agent.
    pub offers: u32,
    /// Those that the agent answered.
    pub answered: u32,
    /// Those that the agent did not answer (RONA).
    pub rona: u32,
    /// Those that the agent declined.
    pub declined: u32,
    /// Those that connected agent and customer.
    pub handled: u32,
}

impl AgentSums {
    /// Not ready, whatever the code.
    pub fn idle_ms(&self) -> i64 {
        self.idle_ms_by_code.values().sum()
    }

    /// The codes of the time that was idle, in order.
    pub fn idle_codes(&self) -> Vec<Option<String>> {
        self.idle_ms_by_code.keys().map(|code| code.as_ref().map(Id::to_string)).collect()
    }

    /// G9: in the states that count as occupied.
    fn occupied_ms(&self) -> i64 {
        self.ringing_ms + self.talk_ms + self.hold_ms + self.wrapup_ms
    }

    /// The sum of all states.
    pub fn logged_in_ms(&self) -> i64 {
        self.available_ms + self.idle_ms() + self.occupied_ms() + self.not_responding_ms
    }

    /// G9.
    pub fn occupancy(&self) -> Option<f64> {
        let ready_ms = self.logged_in_ms() - self.idle_ms();
        (ready_ms > 0).then(|| self.occupied_ms() as f64 / ready_ms as f64)
    }

    fn add_time(&mut self, span: &AgentSpan, ms: i64) {
        match span.status {
            AgentStatus::Available => self.available_ms += ms,
            AgentStatus::Idle => {
                *self.idle_ms_by_code.entry(span.idle_code.clone()).or_default() += ms;
            }
            AgentStatus::Ringing => self.ringing_ms += ms,
            AgentStatus::Connected | AgentStatus::Conferencing => self.talk_ms += ms,
            AgentStatus::OnHold | AgentStatus::Consulting => self.hold_ms += ms,
            AgentStatus::Wrapup => self.wrapup_ms += ms,
            AgentStatus::NotResponding => self.not_responding_ms += ms,
            AgentStatus::LoggedOut => {}
        }
    }

    fn add_offer(&mut self, offer: &AgentOffer) {
        self.offers += 1;
        self.handled += u32::from(offer.is_handled);
        match offer.outcome {
            OfferOutcome::Answered => self.answered += 1,
            OfferOutcome::NoAnswer => self.rona += 1,
            OfferOutcome::Declined => self.declined += 1,
            OfferOutcome::Unreachable
            | OfferOutcome::Failed
            | OfferOutcome::Withdrawn
            | OfferOutcome::Open => {}
        }
    }
}

/// A channel, or all of them, and when a half hour begins.
type Interval = (&'static str, EpochMs);

/// The sums of one agent by channel and half hour.
pub(crate) struct AgentIntervalSums<'a> {
    half_hours: HalfHours<'a>,
    period: &'a Period,
    as_of: EpochMs,
    sums: SumsByInterval,
}

impl<'a> AgentIntervalSums<'a> {
    pub(crate) fn new(
        half_hours: HalfHours<'a>,
        period: &'a Period,
        as_of: EpochMs,
    ) -> AgentIntervalSums<'a> {
        AgentIntervalSums { half_hours, period, as_of, sums: SumsByInterval::default() }
    }

    /// G7: counts all spans.
    pub(crate) fn add_record(&mut self, record: &AgentRecord) {
        for span in &record.on_channels {
            if let Some(channel) = span.channel {
                self.add_span(channel.name(), span);
            }
        }
        for span in &record.as_a_whole {
            self.add_span(ALL_CHANNELS, span);
        }
    }

    fn add_span(&mut self, channel: &'static str, span: &AgentSpan) {
        let from = self.period.start().map_or(span.started_at, |start| start.max(span.started_at));
        let until = span.ended_at.unwrap_or(self.as_of);
        let to = self.period.end().map_or(until, |end| end.min(until));
        for (start, ms) in self.half_hours.split(from, to) {
            self.sums.of(channel, start).add_time(span, ms);
        }
    }

    /// G8: counts an offer.
    pub(crate) fn add_offer(&mut self, offer: &AgentOffer) {
        let start = self.half_hours.start(offer.offered_at);
        for channel in [offer.channel.name(), ALL_CHANNELS] {
            self.sums.of(channel, start).add_offer(offer);
        }
    }

    /// The sums, by channel and half hour.
    pub(crate) fn finish(self) -> impl Iterator<Item = (Interval, AgentSums)> {
        self.sums.0.into_iter().flat_map(|(channel, half_hours)| {
            half_hours.into_iter().map(move |(start, sums)| ((channel, start), sums))
        })
    }
}

/// Sums by channel and half hour.
#[derive(Default)]
struct SumsByInterval(BTreeMap<&'static str, Vec<(EpochMs, AgentSums)>>);

impl SumsByInterval {
    /// The sums of a half hour. Spans ask in the order of time, so it is nearly always the last one or
    /// a new one.
    fn of(&mut self, channel: &'static str, start: EpochMs) -> &mut AgentSums {
        let half_hours = self.0.entry(channel).or_default();
        let place = match half_hours.last() {
            Some((last, _)) if *last == start => half_hours.len() - 1,
            Some((last, _)) if *last > start => {
                half_hours.partition_point(|(other, _)| *other < start)
            }
            Some(_) | None => half_hours.len(),
        };
        if half_hours.get(place).is_none_or(|(other, _)| *other != start) {
            half_hours.insert(place, (start, AgentSums::default()));
        }
        &mut half_hours[place].1
    }
}
