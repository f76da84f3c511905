//! From a state to figures.
//!
//! Invariant: finishing changes no stored state; what is only inferred or presumed by now is
//! settled in a copy.

use std::sync::Arc;

use crate::correction::Rule;
use crate::figures::{FigureOptions, Figures};
use crate::machine::callback::Callback;
use crate::machine::stage::{End, Moment, Stage};
use crate::machine::timeline::Timeline;
use crate::outcome::{CallbackOutcome, Outcome};
use crate::sink::Sink;
use crate::task_kind::TaskKind;
use crate::time::EpochMs;

/// An end that no `task:ended` told of.
struct InferredEnd {
    rule: Rule,
    moment: Moment,
}

impl Timeline {
    /// The figures as they stand; `None` before the first event that starts a task.
    pub fn figures(&self, options: &FigureOptions) -> Option<Figures> {
        self.clone().finish(options, &mut ())
    }

    /// The figures, and to `sink` all that later events could still have changed.
    ///
    /// `None` where no event ever started the task: agent events alone, or a `task:failed`.
    pub fn finish(mut self, options: &FigureOptions, sink: &mut impl Sink) -> Option<Figures> {
        let started_at = self.started_at?;
        let inferred_end = self.infer_end(options);
        self.decide(None, sink);
        if let Some(InferredEnd { rule, moment: Moment { at, cause } }) = &inferred_end {
            self.correct_agent_leg(None, sink);
            self.segments.close(*at, None, sink);
            self.segments.infer_end();
            self.offers.update(|offer| offer.end_if_answered(*at));
            self.correct(*rule, *at, "open", "ended", vec![*cause], sink); // L6, L7
        }
        self.count_deliveries(started_at, sink);
        Some(self.summed_up(started_at, inferred_end.as_ref(), options, sink))
    }

    /// T21: the recording's end stands; T25: a stale task ended with its last event, or when the
    /// agent left.
    fn infer_end(&mut self, options: &FigureOptions) -> Option<InferredEnd> {
        let last = self.last?;
        let is_stale = !self.stage.is_over() && options.as_of - last.at > options.stale_after_ms;
        let presumed = |at| InferredEnd {
            rule: Rule::PresumedEnd,
            moment: Moment { at, cause: last.identity },
        };
        match &mut self.stage {
            Stage::Ended(_) => None,
            Stage::EndInferred { end, .. } => {
                Some(InferredEnd { rule: Rule::EndInferred, moment: *end })
            }
            Stage::WithAgent { agent_left, .. } if is_stale => {
                Some(presumed(agent_left.take().map_or(last.at, |left| left.at)))
            }
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk => is_stale.then(|| presumed(last.at)),
        }
    }

    fn count_deliveries(&mut self, at: EpochMs, sink: &mut impl Sink) {
        let (duplicates, late) = (self.duplicates, self.late);
        // L8, I2
        if duplicates > 0 {
            let said = format!("{} events", self.events + duplicates);
            let is = format!("{} events", self.events);
            self.correct(Rule::Duplicate, at, said, is, Vec::new(), sink);
        }
        // L9
        if late > 0 {
            let said = format!("{late} events after later ones");
            self.correct(Rule::Late, at, said, "in order", Vec::new(), sink);
        }
    }

    fn summed_up(
        self,
        started_at: EpochMs,
        inferred_end: Option<&InferredEnd>,
        options: &FigureOptions,
        sink: &mut impl Sink,
    ) -> Figures {
        let end = self.stage.end();
        let ended_at = inferred_end.map(|end| end.moment.at).or(end.map(|end| end.moment.at));
        let outcome = self.outcome(started_at, inferred_end.map(|end| end.rule), options);
        // C1
        let (callback, callback_basis) = match self.callback {
            Callback::NotAsked | Callback::Withdrawn { .. } => (CallbackOutcome::None, None),
            Callback::Completed(basis) => (CallbackOutcome::Completed, Some(basis)),
            Callback::Asked { basis, .. } | Callback::Pending(basis) => {
                let is_over = ended_at.is_some();
                let failed =
                    if is_over { CallbackOutcome::Failed } else { CallbackOutcome::Pending };
                (failed, Some(basis))
            }
        };
        let customer_left = end.is_some_and(|end| end.by_customer);
        let terminating_party = end.and_then(|end| end.party);
        let reason = end.and_then(|end| end.reason.as_ref()).map(|why| Arc::clone(&why.text));
        let mut offers = self.offers;
        offers.flush(sink);
        let (offer_count, rona_count) = offers.counts();
        Figures {
            channel: self.channel,
            kind: self.kind,
            direction: self.direction,
            first_queue: self.first_queue,
            last_queue: self.queue,
            started_at,
            ended_at,
            outcome,
            customer_left,
            terminating_party,
            reason,
            callback,
            callback_basis,
            offers: offer_count,
            rona_count,
            false_ends: self.false_ends,
            corrections: self.corrections,
            events: self.events,
            duplicates: self.duplicates,
            late: self.late,
            phases: self.segments.finish(sink),
            wrapup_ms: self.agents.wrapup_ms(),
            naive: self.naive.view(),
        }
    }

    /// R1 to R8.
    fn outcome(
        &self,
        started_at: EpochMs,
        inferred: Option<Rule>,
        options: &FigureOptions,
    ) -> Outcome {
        let end = self.stage.end();
        let is_short = |end: &End| {
            options.short_call_ms > 0 && end.moment.at - started_at <= options.short_call_ms
        };
        if end.is_none() && inferred.is_none() {
            Outcome::Open // R7
        } else if self.has_talked {
            Outcome::Handled // R1
        } else if inferred == Some(Rule::PresumedEnd) {
            Outcome::PresumedEnded // R8
        } else if self.is_callback_pending() {
            Outcome::CallbackFailed // R2
        } else if self.kind == TaskKind::Outdial {
            Outcome::NotReached // R3
        } else if end.is_some_and(is_short) {
            Outcome::Short // R4
        } else if end.is_some_and(|end| end.by_customer) {
            Outcome::Abandoned // R5
        } else {
            Outcome::Failed // R6
        }
    }
}
