//! The stays in queues, read from the scenes.
//!
//! Invariant: a scene belongs to one stay, or comes before the first one.

use crate::record::{CallbackState, OfferOutcome, Outcome, Phase, Visit, VisitResult};
use crate::story::{Doing, Ring, Scene};
use crate::truth::{Reader, offer_outcome, wrapup_ms};

/// A stay of the customer in a queue.
struct Stay {
    queue: Option<usize>,
    from: u64,
    /// What happened in it: phase, and length if it is over.
    parts: Vec<(Phase, Option<u64>)>,
}

impl Stay {
    fn new(queue: Option<usize>, from: u64) -> Stay {
        Stay { queue, from, parts: Vec::new() }
    }

    /// Scenes of one phase that follow each other are one; it has no length while it lasts.
    fn add(&mut self, phase: Phase, length_ms: Option<u64>) {
        match self.parts.last_mut() {
            Some((last, ms)) if *last == phase => {
                *ms = ms.zip(length_ms).map(|(one, other)| one + other);
            }
            _ => self.parts.push((phase, length_ms)),
        }
    }

    fn has(&self, is_meant: impl Fn(Phase) -> bool) -> bool {
        self.parts.iter().any(|(phase, _)| is_meant(*phase))
    }

    fn ms(&self, phases: &[Phase]) -> u64 {
        let parts = self.parts.iter().filter(|(phase, _)| phases.contains(phase));
        parts.filter_map(|(_, ms)| *ms).sum()
    }

    /// Ringing before the customer is with an agent for the first time.
    fn ring_ms(&self) -> u64 {
        let before = self.parts.iter().take_while(|(phase, _)| !is_with_agent(*phase));
        before.filter(|(phase, _)| *phase == Phase::Offered).filter_map(|(_, ms)| *ms).sum()
    }

    /// Whether the customer goes on to another stay with this scene.
    fn is_left_for(&self, scene: &Scene) -> bool {
        let is_elsewhere = self.queue.is_some_and(|queue| scene.queue != Some(queue));
        match scene.doing {
            Doing::WaitingLive | Doing::WaitingAway => is_elsewhere || self.has(is_with_agent),
            Doing::AgentRings => is_elsewhere,
            Doing::InFlow
            | Doing::CallWaits
            | Doing::CustomerRings
            | Doing::Talking
            | Doing::OnHold
            | Doing::Consulting
            | Doing::Conferencing
            | Doing::AfterAgent => false,
        }
    }
}

impl Reader<'_> {
    pub(super) fn visits(&self) -> Vec<Visit> {
        let stays = self.stays();
        let last = stays.len() - 1;
        let asked = stays.iter().position(|stay| stay.has(|phase| phase == Phase::CallbackWait));
        let asked = asked.unwrap_or(last);
        let visit = |(seq, stay): (usize, &Stay)| {
            let next = stays.get(seq + 1).map(|next| next.from);
            let callback = if seq == asked { self.callback_state() } else { CallbackState::None };
            let result = self.result(stay, callback, next.is_none());
            self.visit(seq, stay, next, (result, callback))
        };
        stays.iter().enumerate().map(visit).collect()
    }

    /// The contact centre's own call is in no queue until the customer has talked.
    fn stays(&self) -> Vec<Stay> {
        let begin = self.story.scenes.first().map_or(0, |scene| scene.from);
        let mut stays = Vec::new();
        let mut before = Stay::new(None, begin);
        for (scene, ended_at) in self.scenes() {
            let begins = match stays.last() {
                None if self.story.way.is_own_call() => before.is_left_for(scene),
                None => scene.queue.is_some(),
                Some(stay) => Stay::is_left_for(stay, scene),
            };
            if begins {
                stays.push(Stay::new(scene.queue, scene.from));
            }
            let length_ms = ended_at.map(|at| at - scene.from);
            stays.last_mut().unwrap_or(&mut before).add(self.phase(scene).0, length_ms);
        }
        if stays.is_empty() || self.story.way.is_own_call() {
            stays.insert(0, before);
        }
        stays
    }

    fn visit(
        &self,
        seq: usize,
        stay: &Stay,
        next: Option<u64>,
        (result, callback): (Option<VisitResult>, CallbackState),
    ) -> Visit {
        let is_in = |ring: &&Ring| {
            (seq == 0 || ring.at >= stay.from) && next.is_none_or(|next| ring.at < next)
        };
        let rings = || self.story.rings.iter().filter(is_in);
        let wrapups = || rings().filter_map(wrapup_ms);
        Visit {
            seq,
            queue_id: stay.queue.map(|queue| self.org.queues[queue]),
            channel: self.channel().kind(),
            entered_at: stay.from,
            left_at: next.or(self.story.ending.as_ref().map(|ending| ending.at)),
            result,
            callback,
            live_wait_ms: stay.ms(&[Phase::Queued]),
            ring_ms: stay.ring_ms(),
            callback_wait_ms: stay.ms(&[Phase::CallbackWait]),
            talk_ms: stay.ms(&[Phase::Talking, Phase::Conferencing]),
            hold_ms: stay.ms(&[Phase::OnHold, Phase::Consulting]),
            wrapup_ms: wrapups().next().map(|_| wrapups().sum()),
            offers: rings().count(),
            rona: rings().filter(|ring| offer_outcome(ring) == OfferOutcome::NoAnswer).count(),
        }
    }

    fn result(&self, stay: &Stay, callback: CallbackState, is_last: bool) -> Option<VisitResult> {
        let ending = self.story.ending.as_ref().filter(|_| is_last);
        let customer_left = ending.is_some_and(|ending| ending.by_customer);
        if stay.queue.is_none() {
            let is_abandoned = self.outcome() == Outcome::Abandoned;
            return is_abandoned.then_some(VisitResult::AbandonedInFlow);
        }
        let waited_away = stay.has(|phase| phase == Phase::CallbackWait);
        Some(if waited_away || callback != CallbackState::None {
            VisitResult::Callback
        } else if stay.has(is_with_agent) {
            VisitResult::Answered
        } else if !is_last {
            VisitResult::Transferred
        } else if ending.is_none() {
            VisitResult::Open
        } else if customer_left {
            VisitResult::Abandoned
        } else {
            VisitResult::System
        })
    }
}

fn is_with_agent(phase: Phase) -> bool {
    match phase {
        Phase::Talking | Phase::OnHold | Phase::Consulting | Phase::Conferencing => true,
        Phase::SelfService
        | Phase::Queued
        | Phase::CallbackWait
        | Phase::OutboundQueued
        | Phase::Offered
        | Phase::Dialing => false,
    }
}
