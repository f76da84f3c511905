//! The truth of a story: the corrected timeline, as far as it can be known from the webhooks.
//!
//! Most of it is the story itself, scene by scene. No webhook reports the following facts, so
//! the truth holds what can be known instead:
//!
//! - A request for a callback without a signal. Once a callback shows, the wait since the last sign
//!   of the customer is callback wait. If none ever shows, it is live wait.
//! - A customer's leg without an event. The talk began with the agent's leg.
//! - That nobody dials again, where only our signal says so. The end is inferred; where the signal's
//!   words cannot be read, the task is open.
//! - An agent who left first, where agent events cannot be read. The talk went on.
//!
//! Invariant: nothing in this file reads a notice.

use std::borrow::Cow;
use std::ops::Range;

use crate::naive::Naive;
use crate::org::{Id, Org};
use crate::record::{
    Basis, CallbackState, Offer, OfferOutcome, Outcome, Phase, Segment, Sums, Truth,
};
use crate::story::{Callback, Channel, Doing, Ending, Evidence, Fate, Ring, Scene, Story, Told};

/// An agent who wraps up longer than this was away.
const WRAPUP_LIMIT_MS: u64 = 3_600_000;

/// What a reader of the archive can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everything that webhooks say.
    Full,
    /// The sample's columns: no channel, so all is taken for calls, and nothing about agents.
    SampleColumns,
}

/// What a story does not contain: how it was told.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// Distinct events.
    pub events: usize,
    /// Repeats of them.
    pub duplicates: usize,
    /// What the events say at face value.
    pub naive: Naive,
}

/// The truth of the story.
pub fn from_story(story: &Story, org: &Org, sight: Sight, delivered: Delivered) -> Truth {
    let story = match sight {
        Sight::Full => Cow::Borrowed(story),
        Sight::SampleColumns => Cow::Owned(without_agents(story.clone())),
    };
    let reader = Reader { story: &story, org, sight, inferred_wait: inferred_wait(&story) };
    let segments = reader.segments();
    let offers = reader.offers();
    let told = story.ending.as_ref().and_then(|ending| ending.told.as_ref());
    Truth {
        org_id: org.id,
        task_id: story.task_id,
        kind: story.kind,
        channel: reader.channel().kind(),
        direction: story.way.direction(),
        first_queue_id: reader.queues().next(),
        last_queue_id: reader.queues().last(),
        started_at: segments.first().map_or(0, |segment| segment.started_at),
        ended_at: story.ending.as_ref().map(|ending| ending.at),
        outcome: reader.outcome(),
        terminating_party: told.map(|(party, _)| party.name()),
        reason: told.map(|(_, reason)| reason.clone()),
        callback: reader.callback_state(),
        callback_basis: reader.known_callback().map(basis),
        rona_count: offers.iter().filter(|offer| offer.outcome == OfferOutcome::NoAnswer).count(),
        false_ends: story.false_ends,
        events: delivered.events,
        duplicates: delivered.duplicates,
        naive: delivered.naive,
        sums: sums(&segments, &offers),
        visits: reader.visits(),
        segments,
        offers,
    }
}

/// One reading of one story.
struct Reader<'s> {
    story: &'s Story,
    org: &'s Org,
    sight: Sight,
    inferred_wait: Option<Range<u64>>,
}

impl Reader<'_> {
    /// Each scene, and when it ended.
    fn scenes(&self) -> impl Iterator<Item = (&Scene, Option<u64>)> {
        let ends = self.story.scenes.iter().skip(1).map(|scene| Some(scene.from));
        let ends = ends.chain([self.story.ending.as_ref().map(|ending| ending.at)]);
        self.story.scenes.iter().zip(ends)
    }

    fn segments(&self) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        for (scene, ended_at) in self.scenes() {
            if ended_at == Some(scene.from) {
                continue;
            }
            let next = self.segment(scene, ended_at);
            match segments.last_mut() {
                Some(last) if continues(last, &next) => last.ended_at = ended_at,
                _ => segments.push(next),
            }
        }
        let is_given_up = self.story.ending.as_ref().is_some_and(Ending::is_given_up);
        if let Some(last) = segments.last_mut().filter(|_| is_given_up) {
            last.basis = Basis::Inferred; // Only our signal reports this end.
        }
        segments
    }

    fn segment(&self, scene: &Scene, ended_at: Option<u64>) -> Segment {
        let (phase, basis) = self.phase(scene);
        Segment {
            phase,
            started_at: scene.from,
            ended_at,
            queue_id: scene.queue.map(|queue| self.org.queues[queue]),
            agent_id: self.ring_of(scene).and_then(|ring| self.agent_id(ring)),
            basis,
        }
    }

    /// What the customer was doing, as far as it can be known.
    fn phase(&self, scene: &Scene) -> (Phase, Basis) {
        let customer = self.ring_of(scene).and_then(|ring| ring.customer);
        let evidence = customer.map(|arrival| arrival.evidence);
        let phase = match scene.doing {
            Doing::InFlow | Doing::AfterAgent => Phase::SelfService,
            Doing::WaitingLive | Doing::WaitingAway if self.is_inferred_wait(scene) => {
                return (Phase::CallbackWait, Basis::Inferred);
            }
            Doing::WaitingAway if self.known_callback().is_some() => Phase::CallbackWait,
            Doing::WaitingLive | Doing::WaitingAway => Phase::Queued,
            Doing::CallWaits => Phase::OutboundQueued,
            Doing::AgentRings => Phase::Offered,
            Doing::CustomerRings | Doing::Talking if evidence == Some(Evidence::CustomerLeft) => {
                return (Phase::Talking, Basis::Inferred);
            }
            Doing::CustomerRings => Phase::Dialing,
            Doing::Talking => Phase::Talking,
            Doing::OnHold => Phase::OnHold,
            Doing::Consulting => Phase::Consulting,
            Doing::Conferencing => Phase::Conferencing,
        };
        (phase, Basis::Observed)
    }

    fn is_inferred_wait(&self, scene: &Scene) -> bool {
        self.inferred_wait.as_ref().is_some_and(|wait| wait.contains(&scene.from))
    }

    fn offers(&self) -> Vec<Offer> {
        self.story.rings.iter().enumerate().map(|(seq, ring)| self.offer(seq, ring)).collect()
    }

    fn offer(&self, seq: usize, ring: &Ring) -> Offer {
        Offer {
            seq,
            offered_at: ring.at,
            agent_id: self.agent_id(ring),
            answered_at: ring.answered_at,
            customer_connected_at: ring.customer.and_then(|arrival| match arrival.evidence {
                Evidence::TaskEvent | Evidence::AgentEvent => Some(arrival.at),
                Evidence::CustomerLeft => ring.answered_at,
            }),
            released_at: ring.released_at,
            wrapup_ms: wrapup_ms(ring),
            outcome: offer_outcome(ring),
        }
    }

    fn outcome(&self) -> Outcome {
        let Some(ending) = &self.story.ending else { return Outcome::Open };
        if self.story.has_talked() {
            Outcome::Handled
        } else if self.known_callback().is_some() {
            Outcome::CallbackFailed
        } else if self.story.way.is_own_call() {
            Outcome::NotReached
        } else if ending.by_customer {
            Outcome::Abandoned
        } else {
            Outcome::Failed
        }
    }

    fn callback_state(&self) -> CallbackState {
        match self.known_callback() {
            None => CallbackState::None,
            Some(callback) if callback.completed => CallbackState::Completed,
            Some(_) if self.story.ending.is_some() => CallbackState::Failed,
            Some(_) => CallbackState::Pending,
        }
    }

    fn channel(&self) -> Channel {
        match self.sight {
            Sight::Full => self.story.channel,
            Sight::SampleColumns => Channel::Telephony,
        }
    }

    fn known_callback(&self) -> Option<&Callback> {
        let callback = self.story.callback.as_ref();
        callback.filter(|callback| callback.told != Told::Never || callback.shown_at.is_some())
    }

    fn queues(&self) -> impl Iterator<Item = Id> {
        self.story.scenes.iter().filter_map(|scene| scene.queue).map(|queue| self.org.queues[queue])
    }

    fn ring_of(&self, scene: &Scene) -> Option<&Ring> {
        scene.ring.map(|ring| &self.story.rings[ring])
    }

    fn agent_id(&self, ring: &Ring) -> Option<Id> {
        (self.sight == Sight::Full).then(|| self.org.agents[ring.agent].id)
    }
}

/// From the last sign of the customer on the line until the callback shows, if nothing else reveals
/// the request.
fn inferred_wait(story: &Story) -> Option<Range<u64>> {
    let callback = story.callback.as_ref()?;
    match callback.told {
        Told::AtOnce => return None,
        Told::AfterLiveRing => return Some(callback.requested_at..callback.requested_at + 1),
        Told::Never => {}
    }
    let last_live = story.scenes.iter().rfind(|scene| scene.from < callback.requested_at)?;
    Some(last_live.from..callback.shown_at?)
}

/// The story for a reader who sees no agent events, and of our signal only that it came.
fn without_agents(mut story: Story) -> Story {
    story.ending = story.ending.filter(|ending| !ending.is_given_up());
    for index in 1..story.scenes.len() {
        if story.scenes[index].doing == Doing::AfterAgent {
            let before = &story.scenes[index - 1];
            let (queue, ring) = (before.queue, before.ring);
            let next = story.scenes.get(index + 1).map(|scene| scene.from);
            let left_at = next.or(story.ending.as_ref().map(|ending| ending.at));
            let scene = &mut story.scenes[index];
            (scene.doing, scene.queue, scene.ring) = (Doing::Talking, queue, ring);
            if let Some(ring) = ring {
                story.rings[ring].released_at = left_at;
            }
        }
    }
    for ring in &mut story.rings {
        ring.wrapup = None;
        if let Some(arrival) =
            ring.customer.as_mut().filter(|arrival| arrival.evidence == Evidence::AgentEvent)
        {
            arrival.evidence = Evidence::CustomerLeft;
        }
    }
    story
}

/// Waits in one queue that touch are one, however the later one is known.
fn continues(last: &Segment, next: &Segment) -> bool {
    let place = |segment: &Segment| (segment.phase, segment.queue_id, segment.agent_id);
    let is_wait = matches!(next.phase, Phase::Queued | Phase::CallbackWait | Phase::OutboundQueued);
    place(last) == place(next) && (is_wait || last.basis == next.basis)
}

pub(crate) fn offer_outcome(ring: &Ring) -> OfferOutcome {
    match ring.fate {
        None => OfferOutcome::Open,
        Some(Fate::Answered) => OfferOutcome::Answered,
        Some(Fate::Withdrawn) => OfferOutcome::Withdrawn,
        Some(Fate::Declined) if ring.reason_told => OfferOutcome::Declined,
        Some(Fate::Unreachable) if ring.reason_told => OfferOutcome::Unreachable,
        Some(Fate::Failed) if ring.reason_told => OfferOutcome::Failed,
        Some(Fate::NoAnswer | Fate::Declined | Fate::Unreachable | Fate::Failed) => {
            OfferOutcome::NoAnswer
        }
    }
}

fn basis(callback: &Callback) -> Basis {
    match callback.told {
        Told::AtOnce | Told::AfterLiveRing => Basis::Observed,
        Told::Never => Basis::Inferred,
    }
}

fn wrapup_ms(ring: &Ring) -> Option<u64> {
    let wrapup_ms = ring.wrapup.map(|(from, to)| to - from);
    wrapup_ms.filter(|&wrapup_ms| wrapup_ms <= WRAPUP_LIMIT_MS)
}

fn sums(segments: &[Segment], offers: &[Offer]) -> Sums {
    let known = || offers.iter().filter_map(|offer| offer.wrapup_ms);
    let wrapup_ms = known().next().map(|_| known().sum());
    let mut sums = Sums { wrapup_ms, ..Sums::default() };
    for segment in segments {
        let Some(ended_at) = segment.ended_at else { continue };
        let duration_ms = ended_at - segment.started_at;
        sums.total_ms += duration_ms;
        *match segment.phase {
            Phase::SelfService => &mut sums.self_service_ms,
            Phase::Queued => &mut sums.live_wait_ms,
            Phase::CallbackWait => &mut sums.callback_wait_ms,
            Phase::OutboundQueued => &mut sums.outbound_wait_ms,
            Phase::Offered => &mut sums.ring_ms,
            Phase::Dialing => &mut sums.dialing_ms,
            Phase::Talking => &mut sums.talk_ms,
            Phase::OnHold => &mut sums.hold_ms,
            Phase::Consulting => &mut sums.consult_ms,
            Phase::Conferencing => &mut sums.conference_ms,
        } += duration_ms;
    }
    sums
}

mod visits;

#[cfg(test)]
mod tests;
