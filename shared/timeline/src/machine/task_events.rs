//! The effect of each task event and of the callback signal, in each stage; ends are in `endings.rs`.
//!
//! Invariant: every event in every stage has a defined effect, which may be none. A match on the
//! stage names all of them, so a new one is a list of places that the compiler asks about.

use crate::basis::Basis;
use crate::correction::Rule;
use crate::event::OutboundType;
use crate::machine::stage::{BeforeRecording, Brackets, Stage};
use crate::machine::step::Step;
use crate::machine::timeline::Callback;
use crate::offer::OfferOutcome;
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
    pub(super) fn begin_move(&mut self) {
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

    /// The customer is without an agent again, after talk, an offer or a dial.
    pub(super) fn leave_agents(&mut self) {
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
}
