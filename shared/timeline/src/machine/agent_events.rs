//! The effect of each agent event: which agent an offer went to, who is on the call, wrap-up,
//! and what it suggests about the customer.
//!
//! Invariant: an agent event starts no task and moves no task by itself (A4); what it suggests is
//! decided by the next event.

use crate::event::{AgentState, Event};
use crate::id::Id;
use crate::machine::stage::{Brackets, DialResult, SAME_MOMENT_MS, Stage};
use crate::machine::step::Step;
use crate::machine::timeline::Timeline;
use crate::offer::{AgentSignal, OfferOutcome};
use crate::sink::Sink;
use crate::task_kind::TaskKind;
use crate::time::EpochMs;

impl<S: Sink> Step<'_, S> {
    /// The agent that the event names is in another state.
    pub(super) fn agent_changed(&mut self) {
        let (agent, at) = (self.event.agent.as_ref(), self.event.at);
        match self.event.details.agent_state {
            Some(AgentState::Ringing) => {
                self.match_signal(AgentSignal::Ringing);
                self.end_wrap_up();
            }
            Some(AgentState::Connected) => {
                self.match_signal(AgentSignal::Connected);
                self.end_wrap_up();
                self.join(); // A3
                self.agent_connected();
            }
            Some(AgentState::NotResponding) => {
                self.match_signal(AgentSignal::NotResponding);
                self.timeline.agents.leave(agent, at);
            }
            Some(AgentState::Conferencing) => self.join(),
            Some(AgentState::Wrapup) => self.agent_wraps_up(),
            Some(
                AgentState::WrapupDone
                | AgentState::Idle
                | AgentState::Available
                | AgentState::LoggedOut,
            ) => {
                self.end_wrap_up();
                self.timeline.agents.leave(agent, at);
            }
            Some(AgentState::ConsultDone | AgentState::ConferenceDone) => {
                let of_offer = self.timeline.offers.last().and_then(|offer| offer.agent.as_ref());
                if agent != of_offer {
                    self.timeline.agents.leave(agent, at);
                }
            }
            Some(
                AgentState::OnHold
                | AgentState::HoldDone
                | AgentState::Consulting
                | AgentState::Other,
            )
            | None => {}
        }
    }

    /// A1: names the offer's agent.
    fn match_signal(&mut self, signal: AgentSignal) {
        if let Some(agent) = &self.event.agent {
            self.timeline.offers.match_signal(signal, agent, self.event.at);
            self.timeline.note_answer();
        }
    }

    /// A3: the agent is on the call. T22: one who comes just after another one left takes over.
    fn join(&mut self) {
        let Step { timeline, event, .. } = self;
        timeline.agents.join(event.agent.as_ref());
        match &mut timeline.stage {
            Stage::WithAgent { agent_left, .. } => {
                agent_left.take_if(|left| event.at - left.at <= SAME_MOMENT_MS);
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// T29: the agent whom the event names, if any, is in the conference.
    pub(super) fn join_conference(&mut self) {
        if self.event.agent.is_some() {
            self.join();
        }
    }

    /// T29: the agent whom the event names, if any, left the conference.
    pub(super) fn leave_conference(&mut self) {
        if let Event { agent: Some(agent), at, .. } = self.event {
            self.timeline.agents.leave(Some(agent), *at);
        }
    }

    /// T29: the agent whom the event names, if any, left the conference to others.
    pub(super) fn primary_owner_left(&mut self) {
        if let Some(agent) = &self.event.agent {
            self.timeline.agents.hand_over(Some(agent));
        }
    }

    /// T9: on a callback that is still dialled, the agent's side of the customer's answer.
    fn agent_connected(&mut self) {
        let moment = self.event.moment();
        match &mut self.timeline.stage {
            Stage::Dialing { agent_leg, result: result @ (None | Some(DialResult::Failed(_))) } => {
                if moment.at - agent_leg.at >= SAME_MOMENT_MS {
                    *result = Some(DialResult::PickedUp(moment));
                }
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { result: Some(DialResult::PickedUp(_)), .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// A2: the agent's wrap-up begins. T22: perhaps the customer stays behind.
    fn agent_wraps_up(&mut self) {
        match self.timeline.stage {
            // An agent who wraps up had a customer.
            Stage::Dialing { result: Some(DialResult::PickedUp(_)), .. } => {
                self.timeline.decide(None, self.sink);
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { result: None | Some(DialResult::Failed(_)), .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
        let Event { agent, at, .. } = self.event;
        let timeline = &mut *self.timeline;
        let of_offer = timeline.offers.last().and_then(|offer| offer.agent.as_ref());
        let is_only = timeline.agents.is_only(agent.as_ref(), of_offer, *at); // T23
        if let Some(offer) = timeline.offer_to_wrap_up(agent.as_ref(), *at) {
            timeline.agents.begin_wrap_up(agent.as_ref(), offer, *at);
        }
        timeline.agents.hang_up(agent.as_ref());
        match &mut timeline.stage {
            Stage::WithAgent {
                brackets: Brackets { consult: false, conference: false, .. },
                agent_left: agent_left @ None,
            } if is_only => *agent_left = Some(self.event.moment()),
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// A2: the agent is done with the wrap-up, if there was any.
    fn end_wrap_up(&mut self) {
        let Step { timeline, event, limits, sink } = self;
        let agent = event.agent.as_ref();
        let done = timeline.agents.end_wrap_up(agent, event.at, limits.wrapup_ms);
        let Some(done) = done else { return };
        if timeline.offers.last().is_some_and(|offer| offer.seq == done.offer) {
            timeline.offers.update(|offer| {
                *offer.wrapup_ms.get_or_insert(0) += done.wrapup_ms;
            });
        } else {
            sink.wrap_up(done.offer, done.wrapup_ms);
        }
    }
}

impl Timeline {
    /// A2: the offer that an agent's wrap-up belongs to: the last one that the agent answered, else
    /// the last one, if it was this agent's and nobody answered it.
    fn offer_to_wrap_up(&self, agent: Option<&Id>, at: EpochMs) -> Option<u32> {
        if let Some(answered) = self.agents.answered_by(agent, self.offers.recent(at)) {
            return Some(answered);
        }
        let last = self.offers.last().filter(|last| last.outcome != OfferOutcome::Answered)?;
        let is_own = match (&last.agent, agent) {
            (Some(of_offer), Some(agent)) => of_offer == agent,
            // An agent who dials is the only one.
            (None, _) | (_, None) => self.kind == TaskKind::Outdial,
        };
        is_own.then_some(last.seq)
    }
}
