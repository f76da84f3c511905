//! The timeline of one agent: events in, spans out.
//!
//! Invariant: `apply` is total. A missing login or logout is not an error.

use crate::agent_timeline::agent_event::AgentEvent;
use crate::agent_timeline::shift::{Shift, SpanEnd};
use crate::agent_timeline::span::AgentSink;
use crate::agent_timeline::status::AgentStatus;
use crate::position::Position;
use crate::time::EpochMs;

/// G5: a longer silence, in milliseconds, ends a shift.
pub const SILENCE_MS: i64 = 12 * 60 * 60 * 1_000;

/// G4: events this close after the begin or the end of a shift belong to it, in milliseconds: the
/// clocks of Webex's services differ by less.
pub const SHIFT_EDGE_MS: i64 = 1_000;

/// The state of one agent's fold: what later events can still change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentTimeline {
    last: Option<Position>,
    shift: Option<Shift>,
    logged_out_at: Option<EpochMs>,
}

impl AgentTimeline {
    /// The timeline after all `events` of one agent, in whatever order they are given.
    pub fn fold(mut events: Vec<AgentEvent>, sink: &mut impl AgentSink) -> AgentTimeline {
        events.sort_by_key(|event| event.position);
        let mut timeline = AgentTimeline::default();
        events.iter().for_each(|event| timeline.apply(event, sink));
        timeline
    }

    /// Takes the agent's next event. One that does not come after the last one is a repeat, or late: it
    /// changes nothing here.
    pub fn apply(&mut self, event: &AgentEvent, sink: &mut impl AgentSink) {
        if self.last.is_some_and(|last| event.position <= last) {
            return;
        }
        let at = event.position.at;
        self.end_if_silent(at, sink);
        self.last = Some(event.position);
        if event.is_login && !self.begins_shift(at, sink) {
            return;
        }
        match event.status {
            Some(AgentStatus::LoggedOut) => self.log_out(event, sink),
            Some(status) if event.is_login || !self.is_straggler(at) => {
                self.shift.get_or_insert_with(|| Shift::begin(at)).enter(event, status, sink);
            }
            Some(_) | None => {}
        }
    }

    /// Hands out what is still open at `as_of`, the as-of time.
    pub fn finish(mut self, as_of: EpochMs, sink: &mut impl AgentSink) {
        self.end_if_silent(as_of, sink);
        if let Some(shift) = self.shift {
            shift.end(SpanEnd::OPEN, sink);
        }
    }

    /// G5: a long silence ended the shift at the last event before it.
    fn end_if_silent(&mut self, now: EpochMs, sink: &mut impl AgentSink) {
        let Some(last) = self.last else { return };
        if now - last.at > SILENCE_MS
            && let Some(shift) = self.shift.take()
        {
            shift.end(SpanEnd::inferred(last.at), sink);
        }
    }

    /// Whether a login begins a shift. G4: it may be the second one of a shift that has just begun.
    /// G5: it ends a shift whose logout was lost.
    fn begins_shift(&mut self, at: EpochMs, sink: &mut impl AgentSink) -> bool {
        match self.shift.take() {
            None => true,
            Some(shift) if at - shift.began_at <= SHIFT_EDGE_MS => {
                self.shift = Some(shift);
                false
            }
            Some(shift) => {
                shift.end(SpanEnd::inferred(at), sink);
                true
            }
        }
    }

    /// G4: the agent logs out of a channel, or of all.
    fn log_out(&mut self, event: &AgentEvent, sink: &mut impl AgentSink) {
        let at = event.position.at;
        let stays_on = match (&mut self.shift, event.channel) {
            (Some(shift), Some(channel)) => shift.leave(channel, at, sink),
            (Some(_), None) | (None, Some(_) | None) => false,
        };
        if !stays_on {
            self.logged_out_at = Some(at);
            if let Some(shift) = self.shift.take() {
                shift.end(SpanEnd::observed(at), sink);
            }
        }
    }

    /// G4: whether an event only trails the logout.
    fn is_straggler(&self, at: EpochMs) -> bool {
        let trails = |logged_out_at| at - logged_out_at <= SHIFT_EDGE_MS;
        self.shift.is_none() && self.logged_out_at.is_some_and(trails)
    }
}
