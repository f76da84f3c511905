//! A shift: what the agent does on each channel and as a whole, as long as the agent is logged in.
//!
//! Invariant: what the agent does as a whole follows every change on a channel.

use crate::agent_timeline::agent_event::AgentEvent;
use crate::agent_timeline::span::{AgentSink, AgentSpan};
use crate::agent_timeline::status::AgentStatus;
use crate::basis::Basis;
use crate::channel_kind::ChannelKind;
use crate::id::Id;
use crate::time::EpochMs;

/// How and when something ended.
#[derive(Clone, Copy)]
pub(super) struct SpanEnd {
    pub(super) at: Option<EpochMs>,
    pub(super) basis: Basis,
}

impl SpanEnd {
    /// An event says so.
    pub(super) fn observed(at: EpochMs) -> SpanEnd {
        SpanEnd { at: Some(at), basis: Basis::Observed }
    }

    /// Nothing says so, but it cannot have gone on.
    pub(super) fn inferred(at: EpochMs) -> SpanEnd {
        SpanEnd { at: Some(at), basis: Basis::Inferred }
    }

    /// It goes on.
    pub(super) const OPEN: SpanEnd = SpanEnd { at: None, basis: Basis::Observed };
}

/// What the agent does, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stay {
    status: AgentStatus,
    idle_code: Option<Id>,
    task: Option<Id>,
    since: EpochMs,
    /// Whether only a login says so.
    is_login: bool,
}

impl Stay {
    fn new(event: &AgentEvent, status: AgentStatus) -> Stay {
        let idle_code = event.idle_code.clone().filter(|_| status == AgentStatus::Idle);
        let task = event.task.clone().filter(|_| status.is_busy());
        Stay { status, idle_code, task, since: event.position.at, is_login: event.is_login }
    }

    /// G3: whether `next` is the same state again; then its code and its task are known from now on.
    fn continues_as(&mut self, next: &Stay) -> bool {
        let agree =
            |one: &Option<Id>, other: &Option<Id>| one.is_none() || other.is_none() || one == other;
        let is_same = self.status == next.status
            && agree(&self.idle_code, &next.idle_code)
            && agree(&self.task, &next.task);
        if is_same {
            self.idle_code = self.idle_code.take().or_else(|| next.idle_code.clone());
            self.task = self.task.take().or_else(|| next.task.clone());
            self.is_login &= next.is_login;
        }
        is_same
    }

    /// It ends on its channel.
    fn leave(self, channel: Option<ChannelKind>, end: SpanEnd, sink: &mut impl AgentSink) {
        if let Some(span) = self.into_span(channel, end) {
            sink.on_channel(span);
        }
    }

    /// It ends for the agent as a whole.
    fn leave_as_a_whole(self, end: SpanEnd, sink: &mut impl AgentSink) {
        if let Some(span) = self.into_span(None, end) {
            sink.as_a_whole(span);
        }
    }

    /// The span up to `end`; none if it has no length.
    fn into_span(self, channel: Option<ChannelKind>, end: SpanEnd) -> Option<AgentSpan> {
        let Stay { status, idle_code, task, since: started_at, is_login: _ } = self;
        let SpanEnd { at: ended_at, basis } = end;
        let has_length = ended_at != Some(started_at);
        has_length.then_some(AgentSpan {
            channel,
            status,
            idle_code,
            task,
            started_at,
            ended_at,
            basis,
        })
    }
}

/// A shift that goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shift {
    pub(super) began_at: EpochMs,
    /// What the agent does on each channel.
    stays: Vec<(Option<ChannelKind>, Stay)>,
    /// What the agent does as a whole.
    whole: Option<Stay>,
}

impl Shift {
    pub(super) fn begin(at: EpochMs) -> Shift {
        Shift { began_at: at, stays: Vec::new(), whole: None }
    }

    /// The agent does something on the channel of the event.
    pub(super) fn enter(
        &mut self,
        event: &AgentEvent,
        status: AgentStatus,
        sink: &mut impl AgentSink,
    ) {
        let (next, at) = (Stay::new(event, status), event.position.at);
        if event.channel.is_some() {
            self.end_login(at, sink);
        }
        match self.stays.iter_mut().find(|(channel, _)| *channel == event.channel) {
            None => self.stays.push((event.channel, next)),
            Some((channel, stay)) => {
                if !stay.continues_as(&next) {
                    let before = std::mem::replace(stay, next);
                    before.leave(*channel, SpanEnd::observed(at), sink);
                }
            }
        }
        self.follow(at, sink);
    }

    /// G4: what a login says without a channel holds until an event names a channel.
    fn end_login(&mut self, at: EpochMs, sink: &mut impl AgentSink) {
        let of_login =
            |(channel, stay): &mut (Option<ChannelKind>, Stay)| channel.is_none() && stay.is_login;
        for (channel, stay) in self.stays.extract_if(.., of_login) {
            stay.leave(channel, SpanEnd::observed(at), sink);
        }
    }

    /// G4: the agent logs out of one channel. Returns whether the agent is on another one by name.
    pub(super) fn leave(
        &mut self,
        channel: ChannelKind,
        at: EpochMs,
        sink: &mut impl AgentSink,
    ) -> bool {
        if let Some(place) = self.stays.iter().position(|(of, _)| *of == Some(channel)) {
            let (channel, stay) = self.stays.remove(place);
            stay.leave(channel, SpanEnd::observed(at), sink);
        }
        let stays_on = self.stays.iter().any(|(channel, _)| channel.is_some());
        if stays_on {
            self.follow(at, sink);
        }
        stays_on
    }

    /// The shift is over, or the events are.
    pub(super) fn end(self, end: SpanEnd, sink: &mut impl AgentSink) {
        for (channel, stay) in self.stays {
            stay.leave(channel, end, sink);
        }
        if let Some(whole) = self.whole {
            whole.leave_as_a_whole(end, sink);
        }
    }

    /// G6: what the agent does as a whole follows the channels.
    fn follow(&mut self, at: EpochMs, sink: &mut impl AgentSink) {
        let by_name = self.stays.iter().filter(|(channel, _)| channel.is_some());
        let counts = by_name.min_by_key(|(_, stay)| stay.status).or(self.stays.first());
        let Some((_, stay)) = counts else { return };
        let next = Stay { task: None, since: at, ..stay.clone() };
        if self.whole.as_mut().is_some_and(|whole| whole.continues_as(&next)) {
            return;
        }
        if let Some(before) = self.whole.replace(next) {
            before.leave_as_a_whole(SpanEnd::observed(at), sink);
        }
    }
}
