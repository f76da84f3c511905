//! From a state to figures.
//!
//! Invariant: finishing changes no stored state; what is only inferred or presumed by now is
//! settled in a copy.

use std::sync::Arc;

use crate::correction::Rule;
use crate::figures::{FigureOptions, Figures};
use crate::machine::timeline::{Callback, Inference, Timeline};
use crate::outcome::{CallbackOutcome, Outcome};
use crate::sink::Sink;
use crate::time::EpochMs;

impl Timeline {
    /// The figures as they stand; `None` before the first event that starts a task.
    pub fn figures(&self, terms: &FigureOptions) -> Option<Figures> {
        self.clone().finish(terms, &mut ())
    }

    /// The figures, and to `sink` all that later events could still have changed.
    ///
    /// `None` where no event ever started the task: stray agent events, or a `task:failed`.
    pub fn finish(mut self, terms: &FigureOptions, sink: &mut impl Sink) -> Option<Figures> {
        let started_at = self.started_at?;
        let last_at = self.last?.at;
        let is_stale = self.end.is_none() && terms.as_of - last_at > terms.stale_after_ms;
        let mut inferred_end = self.end.as_ref().filter(|end| end.inferred).map(|end| end.at);
        if is_stale {
            inferred_end = Some(self.presume_end(last_at));
        }
        self.settle(None, sink);
        if let Some(at) = inferred_end {
            self.segments.close(at, sink);
            self.segments.infer_end();
            self.offers.update(|offer| offer.let_go(at));
            let rule = if is_stale { Rule::PresumedEnd } else { Rule::EndInferred };
            let cause = self.end.as_ref().map_or(self.last?.identity, |end| end.cause);
            self.correct(rule, at, "open", "ended", vec![cause], sink);
        }
        self.count_deliveries(started_at, sink);
        Some(self.summed_up(started_at, inferred_end, is_stale, terms, sink))
    }

    /// When a stale task ended: with its last event, or when the agent left.
    fn presume_end(&mut self, last_at: EpochMs) -> EpochMs {
        match self.inference {
            Some(Inference::AgentLeft { at, .. }) => {
                self.inference = None;
                at
            }
            Some(Inference::PickedUp { .. }) | None => last_at,
        }
    }

    fn count_deliveries(&mut self, at: EpochMs, sink: &mut impl Sink) {
        let (duplicates, late) = (self.duplicates, self.late);
        if duplicates > 0 {
            let said = format!("{} events", self.events + duplicates);
            let is = format!("{} events", self.events);
            self.correct(Rule::Duplicate, at, said, is, Vec::new(), sink);
        }
        if late > 0 {
            let said = format!("{late} events after later ones");
            self.correct(Rule::Late, at, said, "in order", Vec::new(), sink);
        }
    }

    fn summed_up(
        self,
        started_at: EpochMs,
        inferred_end: Option<EpochMs>,
        is_stale: bool,
        terms: &FigureOptions,
        sink: &mut impl Sink,
    ) -> Figures {
        let ended_at = inferred_end.or(self.end.as_ref().map(|end| end.at));
        let outcome = self.outcome(started_at, is_stale, terms);
        let callback = match self.callback {
            None => CallbackOutcome::None,
            Some(Callback { pending: false, .. }) => CallbackOutcome::Completed,
            Some(_) if ended_at.is_some() => CallbackOutcome::Failed,
            Some(_) => CallbackOutcome::Pending,
        };
        let mut offers = self.offers;
        offers.flush(sink);
        let (offer_count, rona_count) = offers.counts();
        let end = self.end.as_ref();
        Figures {
            channel: self.channel,
            direction: self.direction,
            first_queue: self.first_queue,
            last_queue: self.queue,
            started_at,
            ended_at,
            outcome,
            terminating_party: end.and_then(|end| end.party),
            reason: end.and_then(|end| end.reason.as_ref()).map(|why| Arc::clone(&why.text)),
            callback,
            callback_basis: self.callback.map(|callback| callback.basis),
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

    fn outcome(&self, started_at: EpochMs, is_stale: bool, terms: &FigureOptions) -> Outcome {
        let Some(end) = self.end.as_ref() else {
            return match (is_stale, self.talked) {
                (false, _) => Outcome::Open,
                (true, true) => Outcome::Handled,
                (true, false) => Outcome::PresumedEnded,
            };
        };
        let is_short = terms.short_call_ms > 0 && end.at - started_at <= terms.short_call_ms;
        if self.talked {
            Outcome::Handled
        } else if self.callback.is_some_and(|callback| callback.pending) {
            Outcome::CallbackFailed
        } else if self.outdial {
            Outcome::NotReached
        } else if is_short {
            Outcome::Short
        } else if end.by_customer {
            Outcome::Abandoned
        } else {
            Outcome::Failed
        }
    }
}
