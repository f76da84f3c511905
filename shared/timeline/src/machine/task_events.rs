//! The effect of each task event, in each stage; ends are in `endings.rs`, callbacks in
//! `callbacks.rs`.
//!
//! Invariant: every event in every stage has a defined effect, which may be none. A match on the
//! stage names all of them, so a new one is a list of places that the compiler asks about.

use crate::basis::Basis;
use crate::event::Direction;
use crate::machine::stage::{BeforeEnd, Brackets, Stage};
use crate::machine::step::Step;
use crate::offer::OfferOutcome;
use crate::segment::Phase;
use crate::sink::Sink;
use crate::task_kind::TaskKind;

impl<S: Sink> Step<'_, S> {
    /// T1, T2: every task event says that there is a task, and of what kind; the first one starts it.
    pub(super) fn start(&mut self) {
        let Step { timeline, event, sink, .. } = self;
        timeline.learn_kind(&event.details);
        match timeline.stage {
            Stage::NotStarted => {
                timeline.started_at = Some(event.at);
                timeline.enter(Stage::SelfService, event.moment(), Basis::Observed, *sink);
            }
            Stage::SelfService
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

    /// What comes before the effect of an event that moves the task: what waits is decided, and
    /// the task has started.
    pub(super) fn begin_move(&mut self) {
        self.timeline.decide(Some(self.event), self.sink);
        self.start();
    }

    /// Begins a move that only a live task makes. An end in the way was false; `false` if the event
    /// is a straggler after all.
    fn begin_live_move(&mut self) -> bool {
        self.begin_move();
        match &self.timeline.stage {
            // T19, T26
            Stage::Ended(end) if end.outlives(self.event) => return false,
            Stage::Ended(end) => {
                let end = end.clone();
                self.reopen(&end);
            }
            Stage::EndInferred { before, .. } => {
                let before = *before;
                self.resume(before);
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk => {}
        }
        true
    }

    /// The customer is without an agent again, after talk, an offer or a dial.
    pub(super) fn leave_agents(&mut self) {
        self.timeline.correct_agent_leg(None, self.sink);
        self.timeline.agents.clear();
    }

    /// T3: the customer waits, on the line or for a callback.
    pub(super) fn parked(&mut self) {
        if !self.begin_live_move() {
            return;
        }
        let at = self.event.at;
        self.timeline.offers.update(|offer| offer.release(at, OfferOutcome::NoAnswer)); // O3
        let basis = self.basis_of_wait();
        self.leave_agents();
        self.learn_of_callback();
        let Step { timeline, event, sink, .. } = self;
        timeline.enter_queue(event.queue.as_ref());
        if !timeline.is_callback_pending() {
            timeline.on_line_at = Some(at);
        }
        timeline.enter(timeline.waiting(), event.moment(), basis, *sink);
        let is_web_callback = timeline.kind == TaskKind::WebCallback;
        if is_web_callback && timeline.is_callback_pending() && timeline.naive.first_parked(event) {
            self.correct_wait(Phase::Queued.name());
        }
    }

    /// T4: the task is offered to an agent.
    pub(super) fn connect(&mut self) {
        if !self.begin_live_move() {
            return;
        }
        self.leave_agents();
        let direction = self.event.details.direction;
        if direction != Some(Direction::Inbound) {
            self.restore_callback();
        }
        if direction == Some(Direction::Outbound) {
            self.customer_is_dialled();
        }
        self.withdraw_callback();
        self.learn_of_callback();
        let Step { timeline, event, sink, .. } = self;
        if direction == Some(Direction::Inbound) && !timeline.is_callback_pending() {
            timeline.on_line_at = Some(event.at);
        }
        timeline.enter_queue(event.queue.as_ref());
        timeline.offers.begin(event.at, *sink); // O1, O3
        timeline.enter(Stage::Ringing, event.moment(), Basis::Observed, *sink);
    }

    /// The agent answered, or on a callback the customer did.
    pub(super) fn connected(&mut self) {
        if !self.begin_live_move() {
            return;
        }
        self.withdraw_callback();
        if self.timeline.stage == Stage::Queued {
            self.learn_of_callback();
        }
        let Step { timeline, event, sink, .. } = self;
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
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {
                if timeline.is_callback_pending() {
                    // T6, the first one
                    let dialing = Stage::Dialing { agent_leg: moment, result: None };
                    timeline.enter(dialing, moment, Basis::Observed, *sink);
                    self.customer_is_dialled();
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
        let Step { timeline, event, sink, .. } = self;
        timeline.offers.update(|offer| offer.answer(event.at)); // O2
        timeline.note_answer();
        let mut brackets = match timeline.stage {
            Stage::WithAgent { brackets, .. } => brackets,
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
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
        let Step { timeline, event, sink, .. } = self;
        match &mut timeline.stage {
            Stage::WithAgent { brackets, .. } => {
                close(brackets);
                let stage = Stage::with_agent(*brackets);
                timeline.enter(stage, event.moment(), Basis::Observed, *sink);
            }
            // Segments stay as they are until the end is certain.
            Stage::EndInferred { before: BeforeEnd::WithAgent(brackets), .. } => close(brackets),
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::AfterTalk
            | Stage::EndInferred {
                before: BeforeEnd::AfterTalk | BeforeEnd::CallbackWait | BeforeEnd::Dialing { .. },
                ..
            }
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
}
