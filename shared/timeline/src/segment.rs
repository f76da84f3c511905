//! The customer's view of a task: contiguous segments, each in one phase.
//!
//! Invariant: the segments of a task touch, never overlap, and none has zero length (P1, P2).

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::id::Id;
use crate::output_names::output_names;
use crate::position::Identity;
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
    /// Not on the line: the contact centre's own call waits for an agent.
    OutboundQueued,
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

output_names! {
    Phase {
        SelfService = "self_service",
        Queued = "queued",
        CallbackWait = "callback_wait",
        Offered = "offered",
        OutboundQueued = "outbound_queued",
        Dialing = "dialing",
        Talking = "talking",
        OnHold = "on_hold",
        Consulting = "consulting",
        Conferencing = "conferencing",
    }
}

impl Phase {
    /// Whether the customer waits for an agent and no agent's phone rings.
    pub fn is_wait(self) -> bool {
        matches!(self, Phase::Queued | Phase::CallbackWait | Phase::OutboundQueued)
    }

    /// Whether the customer is with an agent, talking or held.
    pub fn is_with_agent(self) -> bool {
        matches!(self, Phase::Talking | Phase::OnHold | Phase::Consulting | Phase::Conferencing)
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

    /// P2: whether `next` would only say the same again. Waits are one, however each is known.
    pub(crate) fn continues(&self, next: &Segment) -> bool {
        self.phase == next.phase
            && self.queue == next.queue
            && self.offer == next.offer
            && (self.basis == next.basis || self.phase.is_wait())
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

    pub(crate) fn add(&mut self, segment: &Segment) {
        self.0[segment.phase as usize] += segment.duration_ms().unwrap_or_default();
    }
}
