//! The effect of each agent event: which agent an offer went to, who is on the call, wrap-up,
//! and what it suggests about the customer.
//!
//! Invariant: an agent event starts no task and moves no task by itself (A4); what it suggests is
//! decided by the next event.

use crate::event::{AgentState, Event};
use crate::machine::offer_book::AgentSignal;
use crate::machine::stage::{Brackets, SAME_MOMENT_MS, Stage};
use crate::machine::step::Step;
use crate::offer::OfferOutcome;
use crate::sink::Sink;

impl<S: Sink> Step<'_, S> {
    /// The agent that the event names is in another state.
    pub(super) fn agent_changed(&mut self) {
        let agent = self.event.agent.as_ref();
        match self.event.details.agent_state {
            Some(AgentState::Ringing) => {
                self.match_signal(AgentSignal::Ringing);
                self.end_wrap_up();
            }
            Some(AgentState::Connected) => {
                self.match_signal(AgentSignal::Connected);
                self.end_wrap_up();
                self.timeline.agents.join(agent); // A3
                self.agent_connected();
            }
            Some(AgentState::NotResponding) => {
                self.match_signal(AgentSignal::NotResponding);
                self.timeline.agents.leave(agent);
            }
            Some(AgentState::Conferencing) => self.timeline.agents.join(agent),
            Some(AgentState::Wrapup) => self.agent_wraps_up(),
            Some(
                AgentState::WrapupDone
                | AgentState::Idle
                | AgentState::Available
                | AgentState::LoggedOut,
            ) => {
                self.end_wrap_up();
                self.timeline.agents.leave(agent);
            }
            Some(AgentState::ConsultDone | AgentState::ConferenceDone) => {
                let of_offer = self.timeline.offers.last().and_then(|offer| offer.agent.as_ref());
                if agent != of_offer {
                    self.timeline.agents.leave(agent);
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

    /// T9: on a callback that is still dialled, the agent's side of the customer's answer.
    fn agent_connected(&mut self) {
        let moment = self.event.moment();
        match &mut self.timeline.stage {
            Stage::Dialing { agent_leg, picked_up: picked_up @ None } => {
                if moment.at - agent_leg.at >= SAME_MOMENT_MS {
                    *picked_up = Some(moment);
                }
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { picked_up: Some(_), .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::Recorded { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// A2: the agent's wrap-up begins. T22: perhaps the customer stays behind.
    fn agent_wraps_up(&mut self) {
        match self.timeline.stage {
            // An agent who wraps up had a customer.
            Stage::Dialing { picked_up: Some(_), .. } => self.timeline.decide(None, self.sink),
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { picked_up: None, .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::Recorded { .. }
            | Stage::Ended(_) => {}
        }
        let Event { agent, at, .. } = self.event;
        let timeline = &mut *self.timeline;
        let offer = timeline.offers.last();
        let of_offer = offer.and_then(|offer| offer.agent.as_ref());
        let is_only = timeline.agents.is_only(agent.as_ref(), of_offer); // T23
        let unnamed = offer
            .filter(|offer| offer.outcome == OfferOutcome::Answered)
            .filter(|offer| offer.agent.is_none() || agent.is_none())
            .map(|offer| offer.seq);
        timeline.agents.begin_wrap_up(agent.as_ref(), unnamed, *at);
        timeline.agents.leave(agent.as_ref());
        match &mut timeline.stage {
            Stage::WithAgent {
                brackets: Brackets { consult: false, conference: false, .. },
                agent_left: agent_left @ None,
            } if is_only => *agent_left = Some(self.event.moment()),
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::Recorded { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// A2: the agent is done with the wrap-up, if there was any.
    fn end_wrap_up(&mut self) {
        let Step { timeline, event, sink } = self;
        let Some(done) = timeline.agents.end_wrap_up(event.agent.as_ref(), event.at) else {
            return;
        };
        if timeline.offers.last().is_some_and(|offer| offer.seq == done.offer) {
            timeline.offers.update(|offer| {
                *offer.wrapup_ms.get_or_insert(0) += done.wrapup_ms;
            });
        } else {
            sink.wrap_up(done.offer, done.wrapup_ms);
        }
    }
}
