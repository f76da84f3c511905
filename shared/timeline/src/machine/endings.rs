//! Ends of a task: those that are false, those that are not, and life after one.
//!
//! Invariant: an end is provisional. Whatever shows that the task went on takes it back, with a row
//! in the ledger.

use std::borrow::Cow;

use crate::basis::Basis;
use crate::correction::Rule;
use crate::event_type::EventType;
use crate::machine::stage::{BeforeEnd, Brackets, End, Moment, Stage};
use crate::machine::step::Step;
use crate::offer::OfferOutcome;
use crate::reason::{Reason, ReasonGroup};
use crate::segment::Phase;
use crate::sink::Sink;
use crate::task_kind::TaskKind;

impl<S: Sink> Step<'_, S> {
    /// The task is over, or only the offer to one agent.
    pub(super) fn ended(&mut self) {
        self.begin_move();
        let reason = self.event.details.reason.as_ref();
        let group = reason.map_or(ReasonGroup::Unknown, |reason| reason.group);
        let of_offer = group.agent_side().filter(|_| !self.is_only_the_customers(group));
        let unanswered = group.agent_side().unwrap_or(OfferOutcome::Withdrawn); // O5
        match (&self.timeline.stage, of_offer) {
            // T17
            (Stage::Ended(_), None) => self.tell_end_again(),
            (
                Stage::Ended(_)
                | Stage::EndInferred {
                    before: BeforeEnd::CallbackWait | BeforeEnd::Dialing { .. },
                    ..
                },
                Some(_),
            ) => {}
            // T13
            (Stage::Ringing | Stage::Dialing { .. }, Some(outcome)) => self.end_offer(outcome),
            (
                Stage::NotStarted
                | Stage::SelfService
                | Stage::Queued
                | Stage::CallbackWait
                | Stage::OutboundQueued,
                Some(outcome),
            ) => self.explain_offer(outcome),
            // T16
            (&Stage::Dialing { agent_leg, .. }, None) if group == ReasonGroup::CustomerLeft => {
                self.talk_since(agent_leg);
                self.end_task(unanswered);
            }
            // T14, T15
            (
                Stage::NotStarted
                | Stage::SelfService
                | Stage::Queued
                | Stage::CallbackWait
                | Stage::OutboundQueued
                | Stage::Ringing
                | Stage::Dialing { .. },
                None,
            )
            | (Stage::WithAgent { .. } | Stage::AfterTalk | Stage::EndInferred { .. }, _) => {
                self.end_task(unanswered);
            }
        }
    }

    /// T14: an agent-side reason is no agent's where there is no queue to go back to, and a
    /// number that does not exist is the customer's while the customer is dialled.
    fn is_only_the_customers(&self, group: ReasonGroup) -> bool {
        let timeline = &self.timeline;
        let has_no_queue = timeline.kind == TaskKind::Outdial && !timeline.naive.was_parked();
        let is_dialed = matches!(timeline.stage, Stage::Dialing { .. });
        has_no_queue || (group == ReasonGroup::InvalidNumber && is_dialed)
    }

    /// T13: the offer is over, and the customer waits again.
    fn end_offer(&mut self, outcome: OfferOutcome) {
        self.leave_agents();
        let basis = self.basis_of_wait();
        let waiting = self.timeline.waiting();
        self.note_false_end(outcome, waiting.phase());
        let Step { timeline, event, sink, .. } = self;
        timeline.enter(waiting, event.moment(), basis, *sink);
    }

    /// T13: the customer waits already; the reason still says how the offer ended.
    fn explain_offer(&mut self, outcome: OfferOutcome) {
        let phase = self.timeline.stage.phase();
        self.note_false_end(outcome, phase);
    }

    /// L1: a `task:ended` that did not end the task.
    fn note_false_end(&mut self, outcome: OfferOutcome, now: Option<Phase>) {
        let Step { timeline, event, sink, .. } = self;
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

    /// T15, T26: the task is over, until more life is seen.
    fn end_task(&mut self, unanswered: OfferOutcome) {
        self.leave_agents();
        self.restore_callback();
        let Step { timeline, event, sink, .. } = self;
        timeline.offers.update(|offer| offer.release(event.at, unanswered)); // O6
        let kept_since = timeline.callback.may_be_withdrawn_since();
        timeline.segments.close(event.at, kept_since, *sink);
        let left_conference = event.kind == EventType::TaskCustomerLeft;
        timeline.stage = Stage::Ended(End {
            moment: event.moment(),
            party: event.details.terminating_party,
            by_customer: left_conference || event.says_customer_left(),
            reason: event.details.reason.clone(),
            left_conference,
        });
    }

    /// T17: of several ends the last one says who and why. T26: a customer who left a conference
    /// said neither.
    fn tell_end_again(&mut self) {
        let event = self.event;
        let Stage::Ended(end) = &mut self.timeline.stage else { return };
        let details = &event.details;
        if end.left_conference {
            end.party = end.party.or(details.terminating_party);
            end.reason = end.reason.take().or_else(|| details.reason.clone());
        } else if end.goes_on_until(event.at) {
            end.party = details.terminating_party;
            end.reason = details.reason.clone();
            end.by_customer = event.says_customer_left();
        }
    }

    /// T26: the customer left the conference, and agents remain.
    pub(super) fn customer_left(&mut self) {
        match self.timeline.stage {
            Stage::WithAgent { brackets: Brackets { conference: true, .. }, .. } => {}
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
            | Stage::Ended(_) => return,
        }
        let Step { timeline, event, sink, .. } = self;
        let said = Phase::Conferencing.name();
        let evidence = vec![event.identity];
        timeline.correct(Rule::CustomerLeft, event.at, said, "ended", evidence, *sink); // L11
        self.end_task(OfferOutcome::Withdrawn);
    }

    /// T21: the recording is there. It ends a task after talk, until another event says better. Of
    /// a customer who waits again after a transfer it is only the recording of the first leg.
    pub(super) fn recorded(&mut self) {
        let Step { timeline, event, sink, .. } = self;
        timeline.decide(Some(event), *sink);
        let before = match timeline.stage {
            Stage::WithAgent { brackets, .. } => BeforeEnd::WithAgent(brackets),
            Stage::AfterTalk => BeforeEnd::AfterTalk,
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::EndInferred { .. }
            | Stage::Ended(_) => return,
        };
        timeline.stage = Stage::EndInferred { end: event.moment(), before };
    }

    /// T18, L5: the end was false, and the customer has waited since.
    pub(super) fn reopen(&mut self, end: &End) {
        let Step { timeline, event, sink, .. } = self;
        let waiting = timeline.waiting();
        timeline.false_ends += 1;
        let evidence = vec![end.moment.cause, event.identity];
        let said = said_ended(end.reason.as_ref());
        let is = waiting.phase().map_or("open", Phase::name);
        timeline.correct(Rule::Reopened, end.moment.at, said, is, evidence, *sink);
        timeline.enter(waiting, end.moment, Basis::Observed, *sink);
    }

    /// T21, T27: what was taken for the end was none; segments are still open.
    pub(super) fn resume(&mut self, before: BeforeEnd) {
        self.timeline.stage = match before {
            BeforeEnd::WithAgent(brackets) => Stage::with_agent(brackets),
            BeforeEnd::AfterTalk => Stage::AfterTalk,
            BeforeEnd::CallbackWait => Stage::CallbackWait,
            BeforeEnd::Dialing { agent_leg } => Stage::Dialing { agent_leg, result: None },
        };
    }
}

fn said_ended(reason: Option<&Reason>) -> Cow<'static, str> {
    match reason {
        Some(reason) => format!("ended: {}", reason.text).into(),
        None => "ended".into(),
    }
}
