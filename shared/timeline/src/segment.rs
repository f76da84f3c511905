//! The customer's view of a task: contiguous segments, each in one phase.
//!
//! Invariant: the segments of a task touch, never overlap, and none has zero length.

use serde::{Deserialize, Serialize};

use crate::event::Identity;
use crate::id::Id;
use crate::sink::Sink;
use crate::time::EpochMs;

/// What the customer is going through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// In the flow (IVR), before a queue or after the agent left.
    SelfService,
    /// On the line, waiting in a queue.
    Queued,
    /// Off the line, waiting to be called back.
    CallbackWait,
    /// Waiting while an agent's phone rings.
    Offered,
    /// Being called back: the agent is on, the customer's phone rings.
    Dialing,
    /// With an agent.
    Talking,
    /// With an agent who put the customer on hold.
    OnHold,
    /// With an agent who consults another one.
    Consulting,
    /// With two agents.
    Conferencing,
}

impl Phase {
    /// Every phase, in the order of the columns of a report.
    pub const ALL: [Phase; 9] = [
        Phase::SelfService,
        Phase::Queued,
        Phase::CallbackWait,
        Phase::Offered,
        Phase::Dialing,
        Phase::Talking,
        Phase::OnHold,
        Phase::Consulting,
        Phase::Conferencing,
    ];

    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Phase::SelfService => "self_service",
            Phase::Queued => "queued",
            Phase::CallbackWait => "callback_wait",
            Phase::Offered => "offered",
            Phase::Dialing => "dialing",
            Phase::Talking => "talking",
            Phase::OnHold => "on_hold",
            Phase::Consulting => "consulting",
            Phase::Conferencing => "conferencing",
        }
    }

    /// The phase of that name.
    pub fn from_name(name: &str) -> Option<Phase> {
        Phase::ALL.into_iter().find(|phase| phase.name() == name)
    }

    /// Whether the customer is with an agent, talking or held.
    pub fn is_with_agent(self) -> bool {
        matches!(self, Phase::Talking | Phase::OnHold | Phase::Consulting | Phase::Conferencing)
    }
}

/// How it is known what happened.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Basis {
    /// An event said so at the time.
    #[default]
    Observed,
    /// Later events leave no other reading.
    Inferred,
    /// The Search API said so.
    Reconciled,
}

impl Basis {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Observed => "observed",
            Basis::Inferred => "inferred",
            Basis::Reconciled => "reconciled",
        }
    }

    /// The basis of that name.
    pub fn from_name(name: &str) -> Option<Basis> {
        [Basis::Observed, Basis::Inferred, Basis::Reconciled]
            .into_iter()
            .find(|basis| basis.name() == name)
    }
}

/// A stretch of time that the customer spent in one phase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Which one of the task it is, from 0.
    pub seq: u32,
    /// What the customer was going through.
    pub phase: Phase,
    /// When it began.
    pub started_at: EpochMs,
    /// When it ended; `None` while it is open.
    pub ended_at: Option<EpochMs>,
    /// The queue that the task was in, or came from.
    pub queue: Option<Id>,
    /// The [`Offer`](crate::Offer) that it belongs to, by `seq`; its agent is the segment's.
    pub offer: Option<u32>,
    /// How the phase is known.
    pub basis: Basis,
    /// The event that began it.
    pub cause: Identity,
}

impl Segment {
    /// Its length in milliseconds; `None` while it is open.
    pub fn duration_ms(&self) -> Option<i64> {
        self.ended_at.map(|ended_at| ended_at - self.started_at)
    }

    /// Whether `next` would only say the same again.
    fn continues(&self, next: &Segment) -> bool {
        self.phase == next.phase
            && self.queue == next.queue
            && self.offer == next.offer
            && self.basis == next.basis
    }
}

/// Milliseconds spent in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseSums([i64; Phase::ALL.len()]);

impl PhaseSums {
    /// Milliseconds in `phase`.
    pub fn ms(&self, phase: Phase) -> i64 {
        self.0[phase as usize]
    }

    /// Milliseconds in all phases together.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    fn add(&mut self, segment: &Segment) {
        self.0[segment.phase as usize] += segment.duration_ms().unwrap_or_default();
    }
}

/// The segments of a task while it is being told: one open, the one before it, and the sums of
/// all that went to the sink.
///
/// The last closed segment is kept back because a stay of zero length in between may turn out
/// to have been none: then the segment goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentLog {
    emitted: u32,
    sums: PhaseSums,
    closed: Option<Segment>,
    open: Option<Segment>,
}

impl SegmentLog {
    /// The segment that goes on.
    pub(crate) fn open(&self) -> Option<&Segment> {
        self.open.as_ref()
    }

    /// Begins `next` where the open segment ends, unless that only goes on.
    pub(crate) fn enter(&mut self, next: Segment, sink: &mut impl Sink) {
        if self.open.as_ref().is_some_and(|open| open.continues(&next)) {
            return;
        }
        let at = next.started_at;
        self.close(at, sink);
        let goes_on = |closed: &mut Segment| closed.ended_at == Some(at) && closed.continues(&next);
        self.open = match self.closed.take_if(goes_on) {
            Some(closed) => Some(Segment { ended_at: None, ..closed }),
            None => Some(next),
        };
    }

    /// Ends the open segment.
    pub(crate) fn close(&mut self, at: EpochMs, sink: &mut impl Sink) {
        let Some(open) = self.open.take().filter(|open| open.started_at < at) else { return };
        self.flush(sink);
        self.closed = Some(Segment { ended_at: Some(at), ..open });
    }

    /// Turns the open segment, from `since` on, into what it really was.
    pub(crate) fn reinterpret(
        &mut self,
        since: EpochMs,
        phase: Phase,
        basis: Basis,
        sink: &mut impl Sink,
    ) {
        let Some(open) = self.open.take() else { return };
        let started_at = since.max(open.started_at);
        let truth = Segment { phase, basis, started_at, ..open.clone() };
        self.open = Some(open).filter(|open| open.started_at < started_at);
        self.enter(truth, sink);
    }

    /// Says that the end of the last closed segment was inferred.
    pub(crate) fn infer_end(&mut self) {
        if let Some(closed) = &mut self.closed {
            closed.basis = Basis::Inferred;
        }
    }

    /// Hands out all that is left and returns the sums of the closed segments.
    pub(crate) fn finish(mut self, sink: &mut impl Sink) -> PhaseSums {
        self.flush(sink);
        if let Some(open) = self.open.take() {
            sink.segment(Segment { seq: self.emitted, ..open });
        }
        self.sums
    }

    fn flush(&mut self, sink: &mut impl Sink) {
        if let Some(closed) = self.closed.take() {
            self.sums.add(&closed);
            sink.segment(Segment { seq: self.emitted, ..closed });
            self.emitted += 1;
        }
    }
}
