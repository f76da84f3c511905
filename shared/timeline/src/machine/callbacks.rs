//! Callbacks: how one is asked for, revealed, withdrawn, dialled in vain and given up.
//!
//! Invariant: callbacks are of telephony alone, and never of a call that the contact centre began
//! for a reason of its own.

use crate::basis::Basis;
use crate::correction::Rule;
use crate::event::{Direction, EventDetails, OutboundType};
use crate::machine::callback::Callback;
use crate::machine::stage::{BeforeEnd, DialResult, Stage};
use crate::machine::step::Step;
use crate::machine::timeline::Timeline;
use crate::segment::Phase;
use crate::sink::Sink;
use crate::task_kind::TaskKind;

impl Timeline {
    /// T30: the first event that names a direction says what kind of task it is.
    pub(super) fn learn_kind(&mut self, details: &EventDetails) {
        self.channel = self.channel.or(details.channel);
        if self.direction.is_none() && details.direction == Some(Direction::Outbound) {
            self.kind = match details.outbound_type {
                Some(OutboundType::CourtesyCallback) => TaskKind::FromCustomer,
                Some(OutboundType::Callback) if self.may_be_called_back() => TaskKind::WebCallback,
                _ => TaskKind::Outdial,
            };
            if self.kind == TaskKind::WebCallback {
                self.callback = Callback::Pending(Basis::Observed);
            }
        }
        self.direction = self.direction.or(details.direction);
        // A signal may have come before all that.
        if let (Callback::Asked { .. }, false) = (self.callback, self.may_be_called_back()) {
            self.callback = Callback::NotAsked;
        }
    }

    fn may_be_called_back(&self) -> bool {
        self.kind != TaskKind::Outdial && self.is_telephony()
    }

    /// C1: customer and agent talked.
    pub(super) fn complete_callback(&mut self) {
        self.callback = match self.callback {
            Callback::Asked { basis, .. } | Callback::Pending(basis) => Callback::Completed(basis),
            Callback::NotAsked | Callback::Withdrawn { .. } | Callback::Completed(_) => {
                self.callback
            }
        };
    }
}

impl<S: Sink> Step<'_, S> {
    /// T8: the caller asked for a callback.
    pub(super) fn callback_requested(&mut self) {
        self.timeline.decide(Some(self.event), self.sink);
        if !self.timeline.may_be_called_back() {
            return;
        }
        match self.timeline.callback {
            Callback::NotAsked | Callback::Completed(_) => {}
            Callback::Asked { .. } | Callback::Withdrawn { .. } | Callback::Pending(_) => return,
        }
        let basis = self.event.details.basis;
        let asked = Callback::Asked { basis, since: self.event.moment() };
        match self.timeline.stage {
            Stage::NotStarted | Stage::Ringing => self.timeline.callback = asked,
            Stage::SelfService | Stage::AfterTalk | Stage::Queued => {
                self.timeline.callback = asked;
                self.wait_for_callback(basis);
            }
            Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// The customer leaves the line here, and waits to be called back.
    fn wait_for_callback(&mut self, basis: Basis) {
        let Step { timeline, event, sink, .. } = self;
        if timeline.queue.is_none() {
            timeline.enter_queue(event.queue.as_ref());
        }
        let said = timeline.stage.phase().map_or("open", Phase::name);
        timeline.enter(Stage::CallbackWait, event.moment(), basis, *sink);
        self.correct_wait(said);
    }

    /// L2: from this event on the customer waits to be called back.
    pub(super) fn correct_wait(&mut self, said: &'static str) {
        let Step { timeline, event, sink, .. } = self;
        let (rule, is) = (Rule::CallbackWait, Phase::CallbackWait.name());
        timeline.correct(rule, event.at, said, is, vec![event.identity], *sink);
    }

    /// T7: an event of a courtesy callback tells that there is one, where nothing told before: then
    /// the customer left the line when last seen there.
    pub(super) fn learn_of_callback(&mut self) {
        let Step { timeline, event, sink, .. } = self;
        let is_told = event.is_courtesy_callback() && timeline.is_telephony();
        if timeline.callback != Callback::NotAsked || !is_told {
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
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }

    /// T28: a customer who only asked for a callback is offered or connected live: the wait since
    /// then was on the line.
    pub(super) fn withdraw_callback(&mut self) {
        let Step { timeline, event, sink, .. } = self;
        let Callback::Asked { basis, since } = timeline.callback else { return };
        if event.details.direction != Some(Direction::Inbound) {
            return;
        }
        timeline.callback = Callback::Withdrawn { basis };
        let evidence = vec![since.cause, event.identity];
        let (said, is) = (Phase::CallbackWait.name(), Phase::Queued.name());
        timeline.correct(Rule::CallbackWithdrawn, since.at, said, is, evidence, *sink); // L10
        timeline.segments.requeue(since.at);
        if timeline.stage == Stage::CallbackWait {
            timeline.stage = Stage::Queued;
        }
    }

    /// T28: the live offer came to nothing, so the callback stands again; whether it does.
    pub(super) fn restore_callback(&mut self) -> bool {
        let Callback::Withdrawn { basis } = self.timeline.callback else { return false };
        self.timeline.callback = Callback::Asked { basis, since: self.event.moment() };
        true
    }

    /// The basis of the wait that begins with this event: a callback that stands again was not
    /// asked for here.
    pub(super) fn basis_of_wait(&mut self) -> Basis {
        if !self.restore_callback() {
            return Basis::Observed;
        }
        self.correct_wait(Phase::Queued.name());
        Basis::Inferred
    }

    /// The contact centre calls the customer: the callback is not withdrawn any more.
    pub(super) fn customer_is_dialled(&mut self) {
        self.timeline.callback = self.timeline.callback.dialled();
    }

    /// T27: a dial of the customer failed, says the flow; perhaps it was the last one.
    pub(super) fn callback_failed(&mut self) {
        let moment = self.event.moment();
        let is_final = self.event.details.is_final;
        if let (Stage::Dialing { .. }, true) = (&self.timeline.stage, is_final) {
            self.timeline.decide(None, self.sink);
        }
        match &mut self.timeline.stage {
            &mut Stage::Dialing { agent_leg, .. } if is_final => {
                let before = BeforeEnd::Dialing { agent_leg };
                self.timeline.stage = Stage::EndInferred { end: moment, before };
            }
            Stage::Dialing { result: result @ None, .. } => {
                *result = Some(DialResult::Failed(moment));
            }
            Stage::CallbackWait if is_final => {
                let before = BeforeEnd::CallbackWait;
                self.timeline.stage = Stage::EndInferred { end: moment, before };
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { result: Some(_), .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => {}
        }
    }
}
