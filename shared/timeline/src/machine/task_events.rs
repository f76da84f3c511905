//! The effect of each task event, of the callback signal and of the recording, in each stage.
//!
//! Invariant: every event in every stage has a defined effect, which may be none. A match on the
//! stage names all of them, so a new one is a list of places that the compiler asks about.

use std::borrow::Cow;

use crate::basis::Basis;
use crate::correction::Rule;
use crate::event::OutboundType;
use crate::machine::stage::{BeforeRecording, Brackets, End, Moment, Stage};
use crate::machine::step::Step;
use crate::machine::timeline::Callback;
use crate::offer::OfferOutcome;
use crate::reason::{Reason, ReasonGroup};
use crate::segment::Phase;
use crate::sink::Sink;

impl<S: Sink> Step<'_, S> {
    /// T1, T2: every task event says that there is a task, and of what kind; the first one starts it.
    pub(super) fn start(&mut self) {
        let Step { timeline, event, sink } = self;
        let details = &event.details;
        timeline.channel = timeline.channel.or(details.channel);
        timeline.direction = timeline.direction.or(details.direction);
        timeline.is_outdial |= details.outbound_type == Some(OutboundType::Outdial);
        match timeline.stage {
            Stage::NotStarted => {
                timeline.started_at = Some(event.at);
                timeline.enter(Stage::SelfService, event.moment(), Basis::Observed, *sink);
            }
            Stage::SelfService
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

    /// What comes before the effect of an event that moves the task: what waits is decided, and
    /// the task has started.
    fn begin_move(&mut self) {
        self.timeline.decide(Some(self.event), self.sink);
        self.start();
    }

    /// Begins a move that only a live task makes. An end in the way was false; `false` if the event
    /// is a straggler after all.
    fn begin_live_move(&mut self) -> bool {
        self.begin_move();
        match &self.timeline.stage {
            // T19
            Stage::Ended(end) if end.hung_up_just_before(self.event) => return false,
            Stage::Ended(end) => {
                let end = end.clone();
                self.reopen(&end);
            }
            Stage::Recorded { before, .. } => {
                let before = *before;
                self.resume(before);
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk => {}
        }
        true
    }

    /// T18, L5: the end was false, and the customer has waited since.
    fn reopen(&mut self, end: &End) {
        let Step { timeline, event, sink } = self;
        let waiting = timeline.waiting();
        timeline.false_ends += 1;
        let evidence = vec![end.moment.cause, event.identity];
        let said = said_ended(end.reason.as_ref());
        let is = waiting.phase().map_or("open", Phase::name);
        timeline.correct(Rule::Reopened, end.moment.at, said, is, evidence, *sink);
        timeline.enter(waiting, end.moment, Basis::Observed, *sink);
    }

    /// T21: it was the recording of an earlier leg; segments are still open.
    fn resume(&mut self, before: BeforeRecording) {
        self.timeline.stage = match before {
            BeforeRecording::WithAgent(brackets) => Stage::with_agent(brackets),
            BeforeRecording::AfterTalk => Stage::AfterTalk,
        };
    }

    /// The customer is without an agent again, after talk, an offer or a dial.
    fn leave_agents(&mut self) {
        self.timeline.correct_agent_leg(None, self.sink);
        self.timeline.agents.clear();
    }

    /// T8: the caller asked for a callback.
    pub(super) fn callback_requested(&mut self) {
        self.timeline.decide(Some(self.event), self.sink);
        if self.timeline.is_callback_pending() {
            return;
        }
        let basis = self.event.details.basis;
        match self.timeline.stage {
            Stage::NotStarted | Stage::Ringing => {
                self.timeline.callback = Callback::Pending(basis);
            }
            Stage::SelfService | Stage::AfterTalk | Stage::Queued => {
                self.timeline.callback = Callback::Pending(basis);
                self.wait_for_callback(basis);
            }
            Stage::CallbackWait
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::Recorded { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// The customer leaves the line here, and waits to be called back.
    fn wait_for_callback(&mut self, basis: Basis) {
        let Step { timeline, event, sink } = self;
        if timeline.queue.is_none() {
            timeline.enter_queue(event.queue.as_ref());
        }
        let said = timeline.stage.phase().map_or("open", Phase::name);
        let (rule, is) = (Rule::CallbackWait, Phase::CallbackWait.name());
        timeline.correct(rule, event.at, said, is, vec![event.identity], *sink); // L2
        timeline.enter(Stage::CallbackWait, event.moment(), basis, *sink);
    }

    /// T7: an event of a courtesy callback tells that there is one, where nothing told before: then
    /// the customer left the line when last seen there.
    fn learn_of_callback(&mut self) {
        let Step { timeline, event, sink } = self;
        if timeline.callback != Callback::NotAsked || !event.is_courtesy_callback() {
            return;
        }
        timeline.callback = Callback::Pending(Basis::Inferred);
        match timeline.stage {
            Stage::Queued => {
                let Some(open) = timeline.segments.open() else { return };
                let since = timeline.on_line_at.unwrap_or(open.started_at).max(open.started_at);
                let evidence = vec![open.cause, event.identity];
                let (said, is) = (Phase::Queued, Phase::CallbackWait);
                if since < event.at {
                    let (said, is) = (said.name(), is.name());
                    timeline.correct(Rule::CallbackWait, since, said, is, evidence, *sink); // L2
                }
                timeline.segments.reinterpret(since, is, Basis::Inferred, *sink);
                timeline.stage = Stage::CallbackWait;
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::Recorded { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// T3: the customer waits, on the line or for a callback.
    pub(super) fn parked(&mut self) {
        if !self.begin_live_move() {
            return;
        }
        let at = self.event.at;
        self.timeline.offers.update(|offer| offer.release(at, OfferOutcome::NoAnswer)); // O3
        self.leave_agents();
        self.learn_of_callback();
        let Step { timeline, event, sink } = self;
        timeline.enter_queue(event.queue.as_ref());
        if !timeline.is_callback_pending() {
            timeline.on_line_at = Some(at);
        }
        timeline.enter(timeline.waiting(), event.moment(), Basis::Observed, *sink);
    }

    /// T4: the task is offered to an agent.
    pub(super) fn connect(&mut self) {
        if !self.begin_live_move() {
            return;
        }
        self.leave_agents();
        self.learn_of_callback();
        let Step { timeline, event, sink } = self;
        timeline.enter_queue(event.queue.as_ref());
        timeline.offers.begin(event.at, *sink); // O1, O3
        timeline.enter(Stage::Ringing, event.moment(), Basis::Observed, *sink);
    }

    /// The agent answered, or on a callback the customer did.
    pub(super) fn connected(&mut self) {
        if !self.begin_live_move() {
            return;
        }
        let Step { timeline, event, sink } = self;
        let moment = event.moment();
        timeline.enter_queue(event.queue.as_ref());
        timeline.offers.update(|offer| offer.answer(event.at)); // O2
        timeline.note_answer();
        match timeline.stage {
            // T6, the second one
            Stage::Dialing { .. } => {
                timeline.customer_answered(moment, Brackets::default(), *sink);
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::AfterTalk
            | Stage::Recorded { .. }
            | Stage::Ended(_) => {
                if timeline.is_callback_pending() {
                    // T6, the first one
                    let dialing = Stage::Dialing { agent_leg: moment, picked_up: None };
                    timeline.enter(dialing, moment, Basis::Observed, *sink);
                } else {
                    // T5
                    timeline.customer_connected(moment, Brackets::default(), *sink);
                }
            }
            // T5
            Stage::WithAgent { brackets, .. } => {
                timeline.customer_connected(moment, brackets, *sink);
            }
        }
    }

    /// T10: hold, consult and conference happen with an agent; where the answer was lost, they tell.
    pub(super) fn open_bracket(&mut self, open: impl FnOnce(&mut Brackets)) {
        if !self.begin_live_move() {
            return;
        }
        let Step { timeline, event, sink } = self;
        timeline.offers.update(|offer| offer.answer(event.at)); // O2
        timeline.note_answer();
        let mut brackets = match timeline.stage {
            Stage::WithAgent { brackets, .. } => brackets,
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::AfterTalk
            | Stage::Recorded { .. }
            | Stage::Ended(_) => Brackets::default(),
        };
        open(&mut brackets);
        if timeline.is_callback_pending() {
            timeline.customer_answered(event.moment(), brackets, *sink);
        } else {
            timeline.customer_connected(event.moment(), brackets, *sink);
        }
    }

    /// T11: what was opened is over; T20: it never reopens a task.
    pub(super) fn close_bracket(&mut self, close: impl FnOnce(&mut Brackets)) {
        self.begin_move();
        let Step { timeline, event, sink } = self;
        match &mut timeline.stage {
            Stage::WithAgent { brackets, .. } => {
                close(brackets);
                let stage = Stage::with_agent(*brackets);
                timeline.enter(stage, event.moment(), Basis::Observed, *sink);
            }
            // Segments stay as they are until the end is certain.
            Stage::Recorded { before: BeforeRecording::WithAgent(brackets), .. } => close(brackets),
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::AfterTalk
            | Stage::Recorded { before: BeforeRecording::AfterTalk, .. }
            | Stage::Ended(_) => {}
        }
    }

    /// T12: the offer's agent left the conference to the others.
    pub(super) fn conference_transferred(&mut self) {
        self.close_bracket(|brackets| *brackets = Brackets::default());
        let timeline = &mut *self.timeline;
        let of_offer = timeline.offers.last().and_then(|offer| offer.agent.as_ref());
        timeline.agents.hand_over(of_offer);
    }

    /// The task is over, or only the offer to one agent.
    pub(super) fn ended(&mut self) {
        self.begin_move();
        let reason = self.event.details.reason.as_ref();
        let group = reason.map_or(ReasonGroup::Unknown, |reason| reason.group);
        let of_offer = group.agent_side().filter(|_| !self.timeline.is_outdial);
        let unanswered = group.agent_side().unwrap_or(OfferOutcome::Withdrawn); // O5
        match (&self.timeline.stage, of_offer) {
            // T17
            (Stage::Ended(_), _) => {}
            // T13
            (Stage::Ringing | Stage::Dialing { .. }, Some(outcome)) => self.end_offer(outcome),
            (
                Stage::NotStarted | Stage::SelfService | Stage::Queued | Stage::CallbackWait,
                Some(outcome),
            ) => self.explain_offer(outcome),
            // T16
            (&Stage::Dialing { agent_leg, .. }, None) if group == ReasonGroup::CustomerLeft => {
                self.talk_since(agent_leg);
                self.end_task(group, unanswered);
            }
            // T14, T15
            (
                Stage::NotStarted
                | Stage::SelfService
                | Stage::Queued
                | Stage::CallbackWait
                | Stage::Ringing
                | Stage::Dialing { .. },
                None,
            )
            | (Stage::WithAgent { .. } | Stage::AfterTalk | Stage::Recorded { .. }, _) => {
                self.end_task(group, unanswered);
            }
        }
    }

    /// T13: the offer is over, and the customer waits again.
    fn end_offer(&mut self, outcome: OfferOutcome) {
        self.leave_agents();
        let waiting = self.timeline.waiting();
        self.note_false_end(outcome, waiting.phase());
        let Step { timeline, event, sink } = self;
        timeline.enter(waiting, event.moment(), Basis::Observed, *sink);
    }

    /// T13: the customer waits already; the reason still says how the offer ended.
    fn explain_offer(&mut self, outcome: OfferOutcome) {
        let phase = self.timeline.stage.phase();
        self.note_false_end(outcome, phase);
    }

    /// L1: a `task:ended` that did not end the task.
    fn note_false_end(&mut self, outcome: OfferOutcome, now: Option<Phase>) {
        let Step { timeline, event, sink } = self;
        timeline.offers.update(|offer| offer.explain(event.at, outcome)); // O4
        timeline.false_ends += 1;
        let cause = timeline.segments.open().map(|open| open.cause);
        let evidence = cause.into_iter().chain([event.identity]).collect();
        let said = said_ended(event.details.reason.as_ref());
        let is = now.map_or("open", Phase::name);
        timeline.correct(Rule::FalseEnd, event.at, said, is, evidence, *sink);
    }

    /// T16: the customer left, so the customer was there.
    fn talk_since(&mut self, agent_leg: Moment) {
        let Step { timeline, sink, .. } = self;
        timeline.complete_callback();
        timeline.has_talked = true;
        timeline.offers.update(|offer| offer.reach_customer(agent_leg.at));
        timeline.segments.reinterpret(agent_leg.at, Phase::Talking, Basis::Inferred, *sink);
        timeline.stage = Stage::with_agent(Brackets::default());
    }

    /// T15: the task is over, until more life is seen.
    fn end_task(&mut self, group: ReasonGroup, unanswered: OfferOutcome) {
        self.leave_agents();
        let Step { timeline, event, sink } = self;
        timeline.offers.update(|offer| offer.release(event.at, unanswered)); // O6
        timeline.segments.close(event.at, *sink);
        timeline.stage = Stage::Ended(End {
            moment: event.moment(),
            party: event.details.terminating_party,
            by_customer: event.says_customer_ended() || group == ReasonGroup::CustomerLeft,
            reason: event.details.reason.clone(),
        });
    }

    /// T21: the recording is there. It ends a task after talk, until another event says better. Of
    /// a customer who waits again after a transfer it is only the recording of the first leg.
    pub(super) fn recorded(&mut self) {
        let Step { timeline, event, sink } = self;
        timeline.decide(Some(event), *sink);
        let before = match timeline.stage {
            Stage::WithAgent { brackets, .. } => BeforeRecording::WithAgent(brackets),
            Stage::AfterTalk => BeforeRecording::AfterTalk,
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::Recorded { .. }
            | Stage::Ended(_) => return,
        };
        timeline.stage = Stage::Recorded { end: event.moment(), before };
    }
}

fn said_ended(reason: Option<&Reason>) -> Cow<'static, str> {
    match reason {
        Some(reason) => format!("ended: {}", reason.text).into(),
        None => "ended".into(),
    }
}
