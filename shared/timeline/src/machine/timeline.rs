//! One task's state, and what can be asked of it. [`apply`](Timeline::apply) changes it.
//!
//! Invariant: the [`Stage`] alone says where the task is; the segments, offers and counts beside it
//! only keep what the outputs need.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::correction::{Correction, Rule};
use crate::event::{Channel, Direction};
use crate::id::Id;
use crate::machine::agents::Agents;
use crate::machine::callback::Callback;
use crate::machine::first_events::FirstEvents;
use crate::machine::offer_book::OfferBook;
use crate::machine::segment_log::SegmentLog;
use crate::machine::stage::{DialResult, Moment, Stage};
use crate::position::{Identity, Position};
use crate::segment::{Phase, Segment};
use crate::sink::Sink;
use crate::task_kind::TaskKind;
use crate::time::EpochMs;

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
    pub(super) kind: TaskKind,
    pub(super) first_queue: Option<Id>,
    pub(super) queue: Option<Id>,

    pub(super) stage: Stage,
    pub(super) callback: Callback,
    /// Agent and customer were connected at some time.
    pub(super) has_talked: bool,
    /// The last `task:parked` or live offer that found the customer on the line.
    pub(super) on_line_at: Option<EpochMs>,

    pub(super) segments: SegmentLog,
    pub(super) offers: OfferBook,
    pub(super) agents: Agents,
    pub(super) false_ends: u32,
    pub(super) corrections: u32,
    pub(super) naive: FirstEvents,
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
    /// The agent who is offered the task or talks, if known.
    pub agent: Option<&'a Id>,
    /// How the phase is known.
    pub basis: Basis,
}

impl Timeline {
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

    /// The channel, once an event has named it.
    pub fn channel(&self) -> Option<Channel> {
        self.channel
    }

    /// Where the task is, with what waits for the next event to be decided.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Where the customer is now; `None` before the first task event and after the end.
    pub fn phase(&self) -> Option<Phase> {
        self.current().map(|current| current.phase)
    }

    /// What the customer goes through now; `None` before the first task event and after the end.
    ///
    /// What an agent event suggests is taken as true until the next event decides.
    pub fn current(&self) -> Option<Current<'_>> {
        let open = self.segments.open()?;
        let (phase, since) = match &self.stage {
            Stage::Dialing { result: Some(DialResult::PickedUp(Moment { at, .. })), .. } => {
                (Phase::Talking, *at)
            }
            Stage::Dialing { result: Some(DialResult::Failed(Moment { at, .. })), .. } => {
                (Phase::CallbackWait, *at)
            }
            Stage::WithAgent { agent_left: Some(Moment { at, .. }), .. } => {
                (Phase::SelfService, *at)
            }
            stage @ (Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { result: None, .. }
            | Stage::WithAgent { agent_left: None, .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_)) => (stage.phase()?, open.started_at),
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

    pub(super) fn is_callback_pending(&self) -> bool {
        self.callback.is_pending()
    }

    /// Whether it is a call. A task that names no channel is taken for one.
    pub(super) fn is_telephony(&self) -> bool {
        self.channel.is_none_or(|channel| channel == Channel::Telephony)
    }

    /// The stage of a customer who waits without an agent: on the line or off it.
    pub(super) fn waiting(&self) -> Stage {
        if self.is_callback_pending() {
            Stage::CallbackWait
        } else if self.kind == TaskKind::Outdial && !self.has_talked {
            Stage::OutboundQueued
        } else {
            Stage::Queued
        }
    }

    /// Goes to `stage`, and begins its segment.
    pub(super) fn enter(
        &mut self,
        stage: Stage,
        moment: Moment,
        basis: Basis,
        sink: &mut impl Sink,
    ) {
        if let Some(phase) = stage.phase() {
            let belongs_to_offer =
                matches!(phase, Phase::Offered | Phase::Dialing) || phase.is_with_agent();
            let segment = Segment {
                seq: 0,
                phase,
                started_at: moment.at,
                ended_at: None,
                queue: self.queue.clone().filter(|_| phase != Phase::SelfService),
                offer: self.offers.last().map(|offer| offer.seq).filter(|_| belongs_to_offer),
                basis,
                cause: moment.cause,
            };
            self.segments.enter(segment, self.callback.may_be_withdrawn_since(), sink);
        }
        self.stage = stage;
    }

    pub(super) fn enter_queue(&mut self, queue: Option<&Id>) {
        if let Some(queue) = queue {
            self.first_queue.get_or_insert_with(|| queue.clone());
            self.queue = Some(queue.clone());
        }
    }

    /// Writes a row of the ledger.
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
