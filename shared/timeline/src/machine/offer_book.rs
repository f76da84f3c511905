//! The offers of a task while its events are applied.
//!
//! Invariant: there is exactly one offer for each `task:connect` that counted.

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::offer::{AgentSignal, Offer, OfferOutcome};
use crate::sink::Sink;
use crate::time::EpochMs;

/// An agent event that may name an offer's agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AgentSign {
    signal: AgentSignal,
    agent: Id,
    at: EpochMs,
}

/// More agent events than this do not wait for their offer; it bounds the stored state.
const MOST_SIGNS: usize = 3;

/// An agent event and the task event of the same transition are at most this far apart, in
/// milliseconds (A1). Webex: tens of ms, in either order.
const SAME_TRANSITION_MS: i64 = 2_000;

impl Offer {
    fn new(seq: u32, offered_at: EpochMs) -> Offer {
        Offer {
            seq,
            offered_at,
            agent: None,
            answered_at: None,
            customer_connected_at: None,
            released_at: None,
            wrapup_ms: None,
            outcome: OfferOutcome::Open,
            has_reason: false,
            named_by: None,
        }
    }

    /// The agent answered, unless the offer was over.
    pub(crate) fn answer(&mut self, at: EpochMs) {
        if self.released_at.is_none() {
            self.outcome = OfferOutcome::Answered;
            self.answered_at.get_or_insert(at);
        }
    }

    /// The customer is on the line, unless the offer was over.
    pub(crate) fn reach_customer(&mut self, at: EpochMs) {
        if self.released_at.is_none() {
            self.customer_connected_at.get_or_insert(at);
        }
    }

    /// The task must be over by now; how an unanswered offer ended is not known.
    pub(crate) fn end_if_answered(&mut self, at: EpochMs) {
        if self.outcome == OfferOutcome::Answered {
            self.released_at.get_or_insert(at);
        }
    }

    /// The offer or the call ended. An answered offer stays answered.
    pub(crate) fn release(&mut self, at: EpochMs, unanswered: OfferOutcome) {
        if self.released_at.is_none() {
            self.released_at = Some(at);
            if self.outcome == OfferOutcome::Open {
                self.outcome = unanswered;
            }
        }
    }

    /// O4: a reason says how the offer ended. One that a park closed had no reason yet.
    pub(crate) fn explain(&mut self, at: EpochMs, outcome: OfferOutcome) {
        let had_no_reason = self.outcome == OfferOutcome::NoAnswer && !self.has_reason;
        if self.released_at.is_none() || had_no_reason {
            self.released_at.get_or_insert(at);
            self.outcome = outcome;
            self.has_reason = true;
        }
    }

    /// How well an agent event fits as the agent's side of a moment of this offer: the kind of event,
    /// and how many milliseconds are between; the least fits best. `None` if it does not.
    fn fit(&self, sign: &AgentSign) -> Option<(AgentSignal, i64)> {
        let moments = match sign.signal {
            AgentSignal::Ringing => [Some(self.offered_at), None],
            AgentSignal::Connected => [self.answered_at, self.customer_connected_at],
            AgentSignal::NotResponding if self.outcome == OfferOutcome::Answered => [None, None],
            AgentSignal::NotResponding => [self.released_at, None],
        };
        let gaps = moments.iter().flatten().map(|&moment| (sign.at - moment).abs());
        let gap_ms = gaps.min().filter(|&gap_ms| gap_ms <= SAME_TRANSITION_MS)?;
        Some((sign.signal, gap_ms))
    }
}

/// The offers of a task while events are applied: the last one, and counts of those before it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OfferBook {
    last: Option<Offer>,
    emitted: u32,
    emitted_no_answer: u32,
    /// Agent events that have not named an offer's agent, and still may; the newest last.
    signs: Vec<AgentSign>,
}

impl OfferBook {
    /// The last offer, whether it is over or not.
    pub(crate) fn last(&self) -> Option<&Offer> {
        self.last.as_ref()
    }

    /// The offers that an agent event at `at` can belong to: the last one, and the one before if
    /// the last one has only just begun.
    pub(crate) fn recent(&self, at: EpochMs) -> [Option<u32>; 2] {
        let last = self.last.as_ref();
        let is_new = last.is_some_and(|offer| at - offer.offered_at <= SAME_TRANSITION_MS);
        let seq = last.map(|offer| offer.seq);
        [seq, seq.filter(|_| is_new).and_then(|seq| seq.checked_sub(1))]
    }

    /// Changes the last offer; its agent may be known after that.
    pub(crate) fn update(&mut self, change: impl FnOnce(&mut Offer)) {
        if let Some(offer) = &mut self.last {
            change(offer);
            self.name_agent();
        }
    }

    /// A new offer. The one before it is over and goes to the sink.
    pub(crate) fn begin(&mut self, at: EpochMs, sink: &mut impl Sink) {
        self.update(|offer| offer.release(at, OfferOutcome::NoAnswer));
        self.flush(sink);
        self.last = Some(Offer::new(self.emitted, at));
        self.name_agent();
    }

    /// An agent event that may name the agent of the offer.
    pub(crate) fn match_signal(&mut self, signal: AgentSignal, agent: &Id, at: EpochMs) {
        self.signs.retain(|sign| at - sign.at <= SAME_TRANSITION_MS);
        if self.signs.len() == MOST_SIGNS {
            self.signs.remove(0);
        }
        self.signs.push(AgentSign { signal, agent: agent.clone(), at });
        self.name_agent();
    }

    /// A1: the agent event that fits best names the offer's agent, whatever their order.
    fn name_agent(&mut self) {
        let Some(offer) = &mut self.last else { return };
        let fits =
            self.signs.iter().enumerate().filter_map(|(at, sign)| Some((offer.fit(sign)?, at)));
        let Some((fit, at)) = fits.min() else { return };
        if offer.named_by.is_none_or(|named_by| fit < named_by) {
            offer.named_by = Some(fit);
            offer.agent = Some(self.signs.remove(at).agent);
        }
        // What names the same agent once more names no other offer.
        self.signs
            .retain(|sign| offer.fit(sign).is_none() || Some(&sign.agent) != offer.agent.as_ref());
    }

    /// All offers, and those that no agent answered.
    pub(crate) fn counts(&self) -> (u32, u32) {
        let no_answer = |offer: &&Offer| offer.outcome == OfferOutcome::NoAnswer;
        let last_no_answer = self.last.iter().filter(no_answer).count();
        (
            self.emitted + u32::from(self.last.is_some()),
            self.emitted_no_answer + u32::from(last_no_answer > 0),
        )
    }

    /// Hands out the last offer.
    pub(crate) fn flush(&mut self, sink: &mut impl Sink) {
        if let Some(offer) = self.last.take() {
            self.emitted += 1;
            self.emitted_no_answer += u32::from(offer.outcome == OfferOutcome::NoAnswer);
            sink.offer(offer);
        }
    }
}
