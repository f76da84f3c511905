//! How a customer comes to an agent and leaves again: what several events bring about, and what an
//! agent event suggests until the next event decides.
//!
//! Invariant: nothing that an agent event suggests moves a segment before it is decided.

use crate::basis::Basis;
use crate::correction::Rule;
use crate::event::Event;
use crate::event_type::EventType;
use crate::machine::callback::Callback;
use crate::machine::stage::{BeforeEnd, Brackets, DialResult, Moment, SAME_MOMENT_MS, Stage};
use crate::machine::timeline::Timeline;
use crate::offer::OfferOutcome;
use crate::position::Identity;
use crate::segment::Phase;
use crate::sink::Sink;

impl Timeline {
    /// Decides what an agent event suggested: `next` is the event that comes after it, if any does.
    pub(super) fn decide(&mut self, next: Option<&Event>, sink: &mut impl Sink) {
        match &mut self.stage {
            Stage::Dialing { result, .. } => match result.take() {
                // T9
                Some(DialResult::PickedUp(moment)) => {
                    let is_told_anyway = next.is_some_and(|next| {
                        next.kind == EventType::TaskConnected
                            && next.at - moment.at <= SAME_MOMENT_MS
                    });
                    if !is_told_anyway {
                        self.customer_answered(moment, Brackets::default(), sink);
                    }
                }
                // T27
                Some(DialResult::Failed(moment)) => {
                    let knows_better = |next: &Event| {
                        next.kind.proves_talk() || next.at - moment.at < SAME_MOMENT_MS
                    };
                    if !next.is_some_and(knows_better) {
                        self.dial_failed(moment, sink);
                    }
                }
                None => {}
            },
            // T22
            Stage::WithAgent { agent_left, .. } => {
                let Some(moment) = agent_left.take() else { return };
                if next.is_none_or(|next| next.at - moment.at >= SAME_MOMENT_MS) {
                    self.agent_left(moment, next, sink);
                }
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// The customer answered a callback: talk begins, and the agent's leg was none.
    pub(super) fn customer_answered(
        &mut self,
        moment: Moment,
        brackets: Brackets,
        sink: &mut impl Sink,
    ) {
        self.correct_agent_leg(Some(moment.cause), sink);
        self.complete_callback();
        self.customer_connected(moment, brackets, sink);
    }

    /// Agent and customer are connected.
    pub(super) fn customer_connected(
        &mut self,
        moment: Moment,
        brackets: Brackets,
        sink: &mut impl Sink,
    ) {
        self.has_talked = true;
        if let Callback::Withdrawn { .. } = self.callback {
            self.callback = Callback::NotAsked; // T28
        }
        self.offers.update(|offer| offer.reach_customer(moment.at));
        self.enter(Stage::with_agent(brackets), moment, Basis::Observed, sink);
    }

    /// The only agent left, the customer stayed.
    fn agent_left(&mut self, moment: Moment, next: Option<&Event>, sink: &mut impl Sink) {
        let evidence = [Some(moment.cause), next.map(|next| next.identity)];
        let evidence = evidence.into_iter().flatten().collect();
        let said = self.stage.phase().unwrap_or(Phase::Talking).name();
        // L4
        self.correct(Rule::PostCall, moment.at, said, Phase::SelfService.name(), evidence, sink);
        self.agents.clear();
        self.offers.update(|offer| offer.release(moment.at, OfferOutcome::Answered));
        self.enter(Stage::AfterTalk, moment, Basis::Observed, sink);
    }

    /// The customer was dialled and not reached.
    fn dial_failed(&mut self, moment: Moment, sink: &mut impl Sink) {
        self.correct_agent_leg(None, sink);
        self.agents.clear();
        self.offers.update(|offer| offer.release(moment.at, OfferOutcome::Answered));
        self.enter(self.waiting(), moment, Basis::Observed, sink);
    }

    /// L3: the agent's leg is over, and it was not talk.
    pub(super) fn correct_agent_leg(&mut self, proof: Option<Identity>, sink: &mut impl Sink) {
        if let Stage::Dialing { agent_leg, .. }
        | Stage::EndInferred { before: BeforeEnd::Dialing { agent_leg }, .. } = self.stage
        {
            let evidence = [Some(agent_leg.cause), proof].into_iter().flatten().collect();
            let (said, is) = (Phase::Talking.name(), Phase::Dialing.name());
            self.correct(Rule::AgentLeg, agent_leg.at, said, is, evidence, sink);
        }
    }

    /// Whose offer was answered is remembered for the wrap-up (A2).
    pub(super) fn note_answer(&mut self) {
        if let Some(offer) = self.offers.last()
            && offer.answered_at.is_some()
        {
            self.agents.answer(offer.agent.as_ref(), offer.seq);
        }
    }
}
