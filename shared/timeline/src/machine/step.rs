//! The effect of one event on the state: each type of event, in each state.
//!
//! Invariant: every event in every state has a defined effect, which may be none.

use std::borrow::Cow;

use crate::basis::Basis;
use crate::correction::Rule;
use crate::event::{AgentState, Event, OutboundType};
use crate::event_type::EventType;
use crate::id::Id;
use crate::machine::offer_book::Sign;
use crate::machine::timeline::{
    Brackets, Callback, End, HANG_UP_RACE_MS, Inference, SAME_MOMENT_MS, Timeline,
};
use crate::offer::OfferOutcome;
use crate::reason::{Reason, ReasonGroup};
use crate::segment::{Phase, Segment};
use crate::sink::Sink;

/// One event being applied.
pub(super) struct Step<'a, S> {
    pub(super) state: &'a mut Timeline,
    pub(super) event: &'a Event,
    pub(super) sink: &'a mut S,
}

impl<S: Sink> Step<'_, S> {
    /// Gives the event its effect.
    pub(super) fn take(&mut self) {
        match self.event.kind {
            EventType::TaskNew | EventType::TaskOriginUpdated => self.note_task(),
            EventType::CallbackRequested => self.callback_requested(),
            EventType::TaskParked => self.parked(),
            EventType::TaskConnect => self.connect(),
            EventType::TaskConnected => self.connected(),
            EventType::TaskOnHold => self.open_bracket(|brackets| brackets.hold = true),
            EventType::TaskConsulting => self.open_bracket(|brackets| brackets.consult = true),
            EventType::TaskConferencing => {
                self.open_bracket(|brackets| brackets.conference = true);
            }
            EventType::TaskHoldDone => self.close_bracket(|brackets| brackets.hold = false),
            EventType::TaskConsultDone => self.close_bracket(|brackets| brackets.consult = false),
            EventType::TaskConferenceDone => {
                self.close_bracket(|brackets| brackets.conference = false);
            }
            EventType::TaskConferenceTransferred => self.conference_transferred(),
            EventType::TaskEnded => self.ended(),
            EventType::CaptureAvailable => self.captured(),
            EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange => self.agent_changed(),
            EventType::TaskFailed
            | EventType::AgentLogin
            | EventType::AgentLogout
            | EventType::TaskMessageAppended
            | EventType::TaskMessageAppendFailed
            | EventType::Unknown => {}
        }
    }

    /// What every event of a live task tells: that there is a task, and what kind.
    ///
    /// A `task:new` after other events of its task tells no more than this.
    fn note_task(&mut self) {
        let Step { state, event, sink } = self;
        state.channel = state.channel.or(event.details.channel);
        state.direction = state.direction.or(event.details.direction);
        state.outdial |= event.details.outbound_type == Some(OutboundType::Outdial);
        if state.started_at.is_none() {
            state.started_at = Some(event.at);
            state.enter(event.at, event.identity, Phase::SelfService, *sink);
        }
    }

    /// Prepares for an event that moves the task.
    fn begin_move(&mut self) {
        self.state.settle(Some(self.event), self.sink);
        self.note_task();
    }

    /// Whether the task is alive; an end in the way was false, unless this is a straggler.
    fn revive(&mut self) -> bool {
        let Some(end) = self.state.end.as_ref() else { return true };
        let hung_up = end.reason.as_ref().is_some_and(|reason| reason.group.is_hang_up());
        if hung_up && self.event.at - end.at <= HANG_UP_RACE_MS {
            return false;
        }
        self.reopen();
        true
    }

    fn reopen(&mut self) {
        let Step { state, event, sink } = self;
        let Some(end) = state.end.take() else { return };
        if end.inferred {
            // It was the recording of an earlier leg, and segments are still open.
            return;
        }
        let waiting = state.waiting();
        state.false_ends += 1;
        let evidence = vec![end.cause, event.identity];
        let said = said_ended(end.reason.as_ref());
        state.correct(Rule::Reopened, end.at, said, waiting.name(), evidence, *sink);
        state.enter(end.at, end.cause, waiting, *sink);
    }

    fn callback_requested(&mut self) {
        self.state.settle(Some(self.event), self.sink);
        let Step { state, event, sink } = self;
        let phase = state.phase();
        let may_ask = match phase {
            None => state.end.is_none(),
            Some(Phase::SelfService | Phase::Queued | Phase::Offered) => true,
            Some(
                Phase::CallbackWait
                | Phase::Dialing
                | Phase::Talking
                | Phase::OnHold
                | Phase::Consulting
                | Phase::Conferencing,
            ) => false,
        };
        if !may_ask || state.waiting() == Phase::CallbackWait {
            return;
        }
        state.callback = Some(Callback { pending: true, basis: event.details.basis });
        if let Some(phase @ (Phase::SelfService | Phase::Queued)) = phase {
            if state.queue.is_none() {
                state.enter_queue(event.queue.as_ref());
            }
            let is = Phase::CallbackWait;
            let evidence = vec![event.identity];
            state.correct(Rule::CallbackWait, event.at, phase.name(), is.name(), evidence, *sink);
            let wait = state.segment(event.at, event.identity, is);
            state.segments.enter(Segment { basis: event.details.basis, ..wait }, *sink);
        }
    }

    /// An event of a courtesy callback tells that there is one, where nothing told before: then
    /// the customer left the line when last seen there.
    fn learn_of_callback(&mut self) {
        let Step { state, event, sink } = self;
        if state.callback.is_some() || !event.is_courtesy_callback() {
            return;
        }
        state.callback = Some(Callback { pending: true, basis: Basis::Inferred });
        let Some(open) = state.segments.open().filter(|open| open.phase == Phase::Queued) else {
            return;
        };
        let since = state.on_line_at.unwrap_or(open.started_at).max(open.started_at);
        let evidence = vec![open.cause, event.identity];
        let (said, is) = (Phase::Queued, Phase::CallbackWait);
        if since < event.at {
            state.correct(Rule::CallbackWait, since, said.name(), is.name(), evidence, *sink);
        }
        state.segments.reinterpret(since, is, Basis::Inferred, *sink);
    }

    /// The customer is without an agent again, after talk, a ring or a dial.
    fn leave_agents(&mut self) {
        self.state.correct_agent_leg(None, self.sink);
        self.state.brackets = Brackets::default();
        self.state.agents.clear();
    }

    fn parked(&mut self) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        let at = self.event.at;
        self.state.offers.update(|offer| offer.release(at, OfferOutcome::NoAnswer));
        self.leave_agents();
        self.learn_of_callback();
        let Step { state, event, sink } = self;
        state.enter_queue(event.queue.as_ref());
        let waiting = state.waiting();
        if waiting == Phase::Queued {
            state.on_line_at = Some(at);
        }
        state.enter(at, event.identity, waiting, *sink);
    }

    fn connect(&mut self) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        self.leave_agents();
        self.learn_of_callback();
        let Step { state, event, sink } = self;
        state.enter_queue(event.queue.as_ref());
        state.offers.begin(event.at, *sink);
        state.enter(event.at, event.identity, Phase::Offered, *sink);
    }

    fn connected(&mut self) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        let Step { state, event, sink } = self;
        let (at, cause) = (event.at, event.identity);
        state.enter_queue(event.queue.as_ref());
        state.offers.update(|offer| offer.answer(at));
        state.note_answer();
        if state.waiting() == Phase::Queued {
            state.customer_on_line(at, cause, *sink);
        } else if state.agent_leg.is_some() {
            state.customer_answered(at, cause, *sink);
        } else {
            state.agent_leg = Some((at, cause));
            state.enter(at, cause, Phase::Dialing, *sink);
        }
    }

    /// Hold, consult and conference happen with an agent: where the answer was lost, they tell.
    fn open_bracket(&mut self, open: impl FnOnce(&mut Brackets)) {
        self.begin_move();
        if !self.revive() {
            return;
        }
        let Step { state, event, sink } = self;
        open(&mut state.brackets);
        state.offers.update(|offer| offer.answer(event.at));
        state.note_answer();
        if state.waiting() == Phase::CallbackWait {
            state.customer_answered(event.at, event.identity, *sink);
        } else {
            state.customer_on_line(event.at, event.identity, *sink);
        }
    }

    fn close_bracket(&mut self, close: impl FnOnce(&mut Brackets)) {
        self.begin_move();
        let Step { state, event, sink } = self;
        close(&mut state.brackets);
        if state.phase().is_some_and(Phase::is_with_agent) {
            state.enter(event.at, event.identity, state.brackets.phase(), *sink);
        }
    }

    fn conference_transferred(&mut self) {
        self.close_bracket(|brackets| *brackets = Brackets::default());
        let Timeline { agents, offers, .. } = &mut *self.state;
        agents.hand_over(offers.last().and_then(|offer| offer.agent.as_ref()));
    }

    fn ended(&mut self) {
        self.begin_move();
        match self.state.end.as_ref() {
            Some(end) if end.inferred => self.state.end = None,
            Some(_) => return,
            None => {}
        }
        let group =
            self.event.details.reason.as_ref().map_or(ReasonGroup::Unknown, |why| why.group);
        let had_talked = self.state.is_with_agent_or_after();
        match group.agent_side() {
            Some(outcome) if !self.state.outdial && !had_talked => self.end_ring(outcome),
            outcome => self.end_task(group, outcome.unwrap_or(OfferOutcome::Withdrawn)),
        }
    }

    /// A `task:ended` that only ended the ring at one agent.
    fn end_ring(&mut self, outcome: OfferOutcome) {
        let at = self.event.at;
        self.state.offers.update(|offer| offer.settle(at, outcome));
        let open = self.state.segments.open();
        let (cause, phase) = open.map(|open| (open.cause, open.phase)).unzip();
        let was_with_agent = matches!(phase, Some(Phase::Offered | Phase::Dialing));
        if was_with_agent {
            self.leave_agents();
        }
        let Step { state, event, sink } = self;
        let now = if was_with_agent { Some(state.waiting()) } else { phase };
        state.false_ends += 1;
        let said = said_ended(event.details.reason.as_ref());
        let evidence = cause.into_iter().chain([event.identity]).collect();
        let is = now.map_or("open", Phase::name);
        state.correct(Rule::FalseEnd, at, said, is, evidence, *sink);
        if was_with_agent {
            state.enter(at, event.identity, state.waiting(), *sink);
        }
    }

    fn end_task(&mut self, group: ReasonGroup, unanswered: OfferOutcome) {
        let Step { state, event, sink } = self;
        if let (ReasonGroup::CustomerLeft, Some((leg_at, _))) = (group, state.agent_leg) {
            state.complete_callback();
            state.talked = true;
            state.offers.update(|offer| offer.reach_customer(leg_at));
            state.segments.reinterpret(leg_at, Phase::Talking, Basis::Inferred, *sink);
        }
        state.correct_agent_leg(None, *sink);
        state.offers.update(|offer| offer.release(event.at, unanswered));
        state.segments.close(event.at, *sink);
        state.brackets = Brackets::default();
        state.agents.clear();
        state.end = Some(End {
            at: event.at,
            cause: event.identity,
            inferred: false,
            party: event.details.terminating_party,
            by_customer: event.says_customer_ended() || group == ReasonGroup::CustomerLeft,
            reason: event.details.reason.clone(),
        });
    }

    /// The recording is there. It ends a task after talk, until another event says better. Of a
    /// customer who waits again after a transfer it is only the recording of the first leg.
    fn captured(&mut self) {
        let Step { state, event, sink } = self;
        state.settle(Some(event), *sink);
        if state.end.is_none() && state.is_with_agent_or_after() {
            state.end = Some(End {
                at: event.at,
                cause: event.identity,
                inferred: true,
                party: None,
                reason: None,
                by_customer: false,
            });
        }
    }

    fn agent_changed(&mut self) {
        let agent = self.event.agent.as_ref();
        match self.event.details.agent_state {
            Some(AgentState::Ringing) => {
                self.heed(Sign::Ringing);
                self.end_wrap_up();
            }
            Some(AgentState::Connected) => {
                self.heed(Sign::Connected);
                self.end_wrap_up();
                self.state.agents.join(agent);
                self.agent_connected();
            }
            Some(AgentState::NotResponding) => {
                self.heed(Sign::NotResponding);
                self.state.agents.leave(agent);
            }
            Some(AgentState::Conferencing) => self.state.agents.join(agent),
            Some(AgentState::Wrapup) => self.agent_wraps_up(),
            Some(
                AgentState::WrapupDone
                | AgentState::Idle
                | AgentState::Available
                | AgentState::LoggedOut,
            ) => {
                self.end_wrap_up();
                self.state.agents.leave(agent);
            }
            Some(AgentState::ConsultDone | AgentState::ConferenceDone) => {
                let of_offer = self.state.offers.last().and_then(|offer| offer.agent.as_ref());
                if agent != of_offer {
                    self.state.agents.leave(agent);
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

    /// Tells the offer who it rings at.
    fn heed(&mut self, sign: Sign) {
        if let Some(agent) = &self.event.agent {
            self.state.offers.heed(sign, agent, self.event.at);
            self.state.note_answer();
        }
    }

    /// On a callback that still dials, the agent's side of the customer's answer.
    fn agent_connected(&mut self) {
        let (at, cause) = (self.event.at, self.event.identity);
        let leg_is_old =
            self.state.agent_leg.is_some_and(|(leg_at, _)| at - leg_at >= SAME_MOMENT_MS);
        if leg_is_old && self.state.inference.is_none() && self.state.end.is_none() {
            self.state.inference = Some(Inference::PickedUp { at, cause });
        }
    }

    fn agent_wraps_up(&mut self) {
        let Event { agent, at, identity, .. } = self.event;
        if matches!(self.state.inference, Some(Inference::PickedUp { .. })) {
            self.state.settle(None, self.sink);
        }
        let state = &mut *self.state;
        let offer = state.offers.last();
        let of_offer = offer.and_then(|offer| offer.agent.as_ref());
        let is_only = state.agents.is_only(agent.as_ref(), of_offer);
        let talks_alone = matches!(state.phase(), Some(Phase::Talking | Phase::OnHold));
        let unnamed = offer
            .filter(|offer| offer.outcome == OfferOutcome::Answered)
            .filter(|offer| offer.agent.is_none() || agent.is_none())
            .map(|offer| offer.seq);
        state.agents.begin_wrap_up(agent.as_ref(), unnamed, *at);
        state.agents.leave(agent.as_ref());
        if talks_alone && is_only {
            state.inference = Some(Inference::AgentLeft { at: *at, cause: *identity });
        }
    }

    fn end_wrap_up(&mut self) {
        let Step { state, event, sink } = self;
        let Some(done) = state.agents.end_wrap_up(event.agent.as_ref(), event.at) else { return };
        if state.offers.last().is_some_and(|offer| offer.seq == done.offer) {
            state.offers.update(|offer| {
                *offer.wrapup_ms.get_or_insert(0) += done.wrapup_ms;
            });
        } else {
            sink.wrap_up(done.offer, done.wrapup_ms);
        }
    }
}

impl Timeline {
    fn enter_queue(&mut self, queue: Option<&Id>) {
        if let Some(queue) = queue {
            self.first_queue.get_or_insert_with(|| queue.clone());
            self.queue = Some(queue.clone());
        }
    }

    /// Remembers whose offer was answered, for the work after the call.
    fn note_answer(&mut self) {
        if let Some(offer) = self.offers.last()
            && let (Some(agent), Some(_)) = (&offer.agent, offer.answered_at)
        {
            self.agents.answer(agent, offer.seq);
        }
    }
}

fn said_ended(reason: Option<&Reason>) -> Cow<'static, str> {
    match reason {
        Some(reason) => format!("ended: {}", reason.text).into(),
        None => "ended".into(),
    }
}
