//! One task's state and [`Timeline::apply`]: the only place where a state changes.
//! [`step`] holds the effect of each event, [`finish`] what it comes to.
//!
//! Invariant: events applied in the order of their [`Position`] give the same timeline, however
//! they are grouped; an event that comes out of that order changes nothing, and the answer
//! says so. `apply` is total: every event in every state has a defined result.
//!
//! Two things cannot be known at the moment of an agent event, only a second later: whether a
//! customer picked up, and whether an agent left early. Such an [`Inference`] waits for the
//! next event that moves the task.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::correction::{Correction, Rule};
use crate::event::{Channel, Direction, Event, Party};
use crate::event_type::EventType;
use crate::id::Id;
use crate::machine::agents::Agents;
use crate::machine::first_events::FirstEvents;
use crate::machine::offer_book::OfferBook;
use crate::machine::segment_log::SegmentLog;
use crate::machine::step::Step;
use crate::offer::OfferOutcome;
use crate::position::{Identity, Position};
use crate::reason::Reason;
use crate::segment::{Phase, Segment};
use crate::sink::Sink;
use crate::time::EpochMs;

/// An agent event and a task event nearer than this tell of the same moment; in milliseconds.
pub(super) const SAME_MOMENT_MS: i64 = 1_000;
/// What follows a hang-up within this is a straggler, not life; in milliseconds.
pub(super) const HANG_UP_RACE_MS: i64 = 1_000;

/// What became of an event that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It comes after all others and is part of the state now.
    InOrder,
    /// It is the last event once more; nothing changed.
    Repeated,
    /// It belongs before the last event; nothing changed, the task must be folded anew.
    Behind,
}

/// One task's state: all that is needed to take the next event and to give every figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    pub(super) last: Option<Position>,
    pub(super) events: u32,
    pub(super) digest: u128,
    pub(super) duplicates: u32,
    pub(super) late: u32,

    pub(super) started_at: Option<EpochMs>,
    pub(super) channel: Option<Channel>,
    pub(super) direction: Option<Direction>,
    pub(super) outdial: bool,
    pub(super) first_queue: Option<Id>,
    pub(super) queue: Option<Id>,

    pub(super) segments: SegmentLog,
    /// The last `task:parked` that found the customer on the line.
    pub(super) on_line_at: Option<EpochMs>,
    pub(super) brackets: Brackets,
    pub(super) talked: bool,
    pub(super) callback: Option<Callback>,
    /// The first `task:connected` of the offer, on a pending callback: the agent's leg.
    pub(super) agent_leg: Option<(EpochMs, Identity)>,
    pub(super) inference: Option<Inference>,
    pub(super) offers: OfferBook,
    pub(super) agents: Agents,
    pub(super) end: Option<End>,

    pub(super) false_ends: u32,
    pub(super) corrections: u32,
    pub(super) naive: FirstEvents,
}

/// A courtesy callback of the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Callback {
    pub(super) pending: bool,
    pub(super) basis: Basis,
}

/// What the agent does with the customer besides talking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Brackets {
    pub(super) hold: bool,
    pub(super) consult: bool,
    pub(super) conference: bool,
}

impl Brackets {
    pub(super) fn phase(self) -> Phase {
        match (self.conference, self.consult, self.hold) {
            (true, _, _) => Phase::Conferencing,
            (false, true, _) => Phase::Consulting,
            (false, false, true) => Phase::OnHold,
            (false, false, false) => Phase::Talking,
        }
    }
}

/// What an agent event suggests, until the next event that moves the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Inference {
    /// The customer answered a callback.
    PickedUp { at: EpochMs, cause: Identity },
    /// The only agent left the customer.
    AgentLeft { at: EpochMs, cause: Identity },
}

/// The end of the task, until more life is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) at: EpochMs,
    pub(super) cause: Identity,
    /// Inferred from the recording; the segments are still open.
    pub(super) inferred: bool,
    pub(super) party: Option<Party>,
    pub(super) reason: Option<Reason>,
    pub(super) by_customer: bool,
}

/// What the customer goes through at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current<'a> {
    /// The phase.
    pub phase: Phase,
    /// Since when.
    pub since: EpochMs,
    /// The queue that the task is in, or came from; none in self-service.
    pub queue: Option<&'a Id>,
    /// The agent who rings or talks, if known.
    pub agent: Option<&'a Id>,
    /// How the phase is known.
    pub basis: Basis,
}

impl Timeline {
    /// Takes the next event of the task. What is certain now goes to `sink`.
    pub fn apply(&mut self, event: &Event, sink: &mut impl Sink) -> Applied {
        let position = event.position();
        match self.last.map_or(Ordering::Greater, |last| position.cmp(&last)) {
            Ordering::Less => return Applied::Behind,
            Ordering::Equal => return Applied::Repeated,
            Ordering::Greater => {}
        }
        self.last = Some(position);
        self.events += 1;
        self.digest ^= event.identity.0;
        self.naive.note(event);
        Step { state: self, event, sink }.take();
        Applied::InOrder
    }

    /// Counts deliveries of events that are part of the state already.
    pub fn count_duplicates(&mut self, deliveries: u32) {
        self.duplicates += deliveries;
    }

    /// Counts deliveries that came after a later event had been applied.
    pub fn count_late(&mut self, deliveries: u32) {
        self.late += deliveries;
    }

    /// The last event that is part of the state.
    pub fn last(&self) -> Option<Position> {
        self.last
    }

    /// How many events are part of the state.
    pub fn events(&self) -> u32 {
        self.events
    }

    /// All identities that are part of the state, combined by XOR.
    pub fn digest(&self) -> u128 {
        self.digest
    }

    /// Where the customer is now; `None` before the first task event and after the end.
    pub fn phase(&self) -> Option<Phase> {
        self.current().map(|current| current.phase)
    }

    /// What the customer goes through now; `None` before the first task event and after the end.
    pub fn current(&self) -> Option<Current<'_>> {
        let open = self.segments.open().filter(|_| self.end.is_none())?;
        let (phase, since) = match self.inference {
            Some(Inference::PickedUp { at, .. }) => (Phase::Talking, at),
            Some(Inference::AgentLeft { at, .. }) => (Phase::SelfService, at),
            None => (open.phase, open.started_at),
        };
        let has_agent = phase == Phase::Offered || phase == Phase::Dialing || phase.is_with_agent();
        let offer = self.offers.last().filter(|_| has_agent);
        Some(Current {
            phase,
            since,
            queue: self.queue.as_ref().filter(|_| phase != Phase::SelfService),
            agent: offer.and_then(|offer| offer.agent.as_ref()),
            basis: open.basis,
        })
    }

    /// Makes the waiting inference true, or drops it: `next` is the event that moves the task.
    pub(super) fn settle(&mut self, next: Option<&Event>, sink: &mut impl Sink) {
        match self.inference.take() {
            None => {}
            Some(Inference::PickedUp { at, cause }) => {
                let task_event_wins = next.is_some_and(|next| {
                    next.kind == EventType::TaskConnected && next.at - at <= SAME_MOMENT_MS
                });
                if !task_event_wins {
                    self.customer_answered(at, cause, sink);
                }
            }
            Some(Inference::AgentLeft { at, cause }) => {
                let task_event_wins = next.is_some_and(|next| next.at - at < SAME_MOMENT_MS);
                if !task_event_wins {
                    self.agent_left(at, cause, next, sink);
                }
            }
        }
    }

    /// The customer answered a callback: talk begins, and the agent's leg was none.
    pub(super) fn customer_answered(&mut self, at: EpochMs, cause: Identity, sink: &mut impl Sink) {
        self.correct_agent_leg(Some(cause), sink);
        self.complete_callback();
        self.customer_on_line(at, cause, sink);
    }

    /// Agent and customer talk, or the agent does something else with the customer.
    pub(super) fn customer_on_line(&mut self, at: EpochMs, cause: Identity, sink: &mut impl Sink) {
        self.talked = true;
        self.offers.update(|offer| offer.reach_customer(at));
        self.enter(at, cause, self.brackets.phase(), sink);
    }

    pub(super) fn agent_left(
        &mut self,
        at: EpochMs,
        cause: Identity,
        next: Option<&Event>,
        sink: &mut impl Sink,
    ) {
        let evidence = [Some(cause), next.map(|next| next.identity)];
        let evidence = evidence.into_iter().flatten().collect();
        let said = self.segments.open().map_or("talking", |open| open.phase.name());
        self.correct(Rule::PostCall, at, said, Phase::SelfService.name(), evidence, sink);
        self.brackets = Brackets::default();
        self.agents.clear();
        self.offers.update(|offer| offer.release(at, OfferOutcome::Answered));
        self.enter(at, cause, Phase::SelfService, sink);
    }

    pub(super) fn enter(
        &mut self,
        at: EpochMs,
        cause: Identity,
        phase: Phase,
        sink: &mut impl Sink,
    ) {
        let next = self.segment(at, cause, phase);
        self.segments.enter(next, sink);
    }

    /// A segment that begins now.
    pub(super) fn segment(&self, at: EpochMs, cause: Identity, phase: Phase) -> Segment {
        let belongs_to_offer =
            matches!(phase, Phase::Offered | Phase::Dialing) || phase.is_with_agent();
        let offer = self.offers.last().map(|offer| offer.seq).filter(|_| belongs_to_offer);
        let queue = self.queue.clone().filter(|_| phase != Phase::SelfService);
        let (started_at, basis) = (at, Basis::Observed);
        Segment { seq: 0, phase, started_at, ended_at: None, queue, offer, basis, cause }
    }

    /// Whether the customer is with an agent, or in self-service since an agent left.
    pub(super) fn is_with_agent_or_after(&self) -> bool {
        let after = |phase| phase == Phase::SelfService && self.talked;
        self.phase().is_some_and(|phase| phase.is_with_agent() || after(phase))
    }

    /// Where a customer without an agent waits: on the line or off it.
    pub(super) fn waiting(&self) -> Phase {
        match self.callback {
            Some(Callback { pending: true, .. }) => Phase::CallbackWait,
            Some(Callback { pending: false, .. }) | None => Phase::Queued,
        }
    }

    pub(super) fn complete_callback(&mut self) {
        if let Some(callback) = &mut self.callback {
            callback.pending = false;
        }
        self.agent_leg = None;
    }

    /// The agent's leg is over, and it was not talk.
    pub(super) fn correct_agent_leg(&mut self, proof: Option<Identity>, sink: &mut impl Sink) {
        if let Some((at, leg)) = self.agent_leg.take() {
            let evidence = [Some(leg), proof].into_iter().flatten().collect();
            let (said, is) = (Phase::Talking.name(), Phase::Dialing.name());
            self.correct(Rule::AgentLeg, at, said, is, evidence, sink);
        }
    }

    pub(super) fn correct(
        &mut self,
        rule: Rule,
        at: EpochMs,
        said: impl Into<Cow<'static, str>>,
        is: impl Into<Cow<'static, str>>,
        evidence: Vec<Identity>,
        sink: &mut impl Sink,
    ) {
        self.corrections += 1;
        let (said, is) = (said.into(), is.into());
        sink.correction(Correction { at, rule, said, is, evidence });
    }
}
