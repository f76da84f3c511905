//! Visits of tasks to queues, from which the queue metrics are computed.
//!
//! Invariant: each visit that was offered to a queue is exactly one of answered, abandoned,
//! short, flow-out or open.
//!
//! A visit begins when a task enters a queue, is offered from it, or comes back to it after
//! talk; it lasts until the next one. Waiting again after a failed offer is
//! the same visit. A task that never saw a queue has one visit without a queue, which was
//! offered to none.

use jiff::tz::TimeZone;
use task_timeline::{
    CallbackOutcome, EpochMs, Figures, Id, Offer, OfferOutcome, Outcome, Phase, Record, Segment,
};

/// Half an hour, in milliseconds.
pub const INTERVAL_MS: i64 = 30 * 60 * 1_000;

/// V1: one stay of a task in a queue; V10: and its sums.
#[derive(Clone, Debug)]
pub struct Visit<'a> {
    /// The organization.
    pub org: &'a Id,
    /// The queue.
    pub queue: Option<&'a Id>,
    /// The half hour in which it began.
    pub interval_start: EpochMs,
    /// There was a queue.
    pub offered: bool,
    /// Agent and customer were connected, live.
    pub answered: bool,
    /// The customer left without talk.
    pub abandoned: bool,
    /// A short call.
    pub short: bool,
    /// Still waiting live.
    pub open: bool,
    /// Agent and customer were connected, live or called back.
    pub handled: bool,
    /// A callback was requested.
    pub callbacks_requested: bool,
    /// The customer was called back and answered.
    pub callbacks_completed: bool,
    /// The task ended before that.
    pub callbacks_failed: bool,
    /// Offers to agents.
    pub offers: u32,
    /// Offers that no agent answered (RONA).
    pub rona: u32,
    /// Milliseconds on the line in the queue, without ring time.
    pub live_wait_ms: i64,
    /// Milliseconds off the line until the customer was called and the phone rang.
    pub callback_wait_ms: i64,
    /// Milliseconds of talk, conferences included.
    pub talk_ms: i64,
    /// Milliseconds on hold, consultations included.
    pub hold_ms: i64,
    /// Milliseconds of after-call work (wrap-up).
    pub wrapup_ms: i64,
    /// What the webhooks say at face value; only on the first visit.
    pub naive: NaiveVisit,
}

/// What the webhooks say of a task, counted where it began.
#[derive(Clone, Debug, Default)]
pub struct NaiveVisit {
    /// There was a queue.
    pub offered: bool,
    /// There was a queue, and a `task:connected` before the first `task:ended`.
    pub answered: bool,
    /// There was a `task:connected` before the first `task:ended`.
    pub handled: bool,
    /// There was none, and the customer ended it.
    pub abandoned: bool,
    /// Milliseconds from the first `task:parked` to the first `task:connect`.
    pub live_wait_ms: i64,
    /// Milliseconds from the first `task:connected` to the first `task:ended`.
    pub talk_ms: i64,
}

/// V11: the start of the half hour that `at` lies in, in the time zone `zone`.
pub fn interval_start(at: EpochMs, zone: &TimeZone) -> EpochMs {
    let offset_ms = jiff::Timestamp::from_millisecond(at.0)
        .map_or(0, |at| i64::from(zone.to_offset(at).seconds()) * 1_000);
    EpochMs((at.0 + offset_ms).div_euclid(INTERVAL_MS) * INTERVAL_MS - offset_ms)
}

/// V1 to V4: the visits of one task, in order.
pub fn visits<'a>(
    org: &'a Id,
    figures: &'a Figures,
    record: &'a Record,
    zone: &TimeZone,
) -> Vec<Visit<'a>> {
    // Most tasks have one visit. A vector would start with room for four, which is slower to allocate.
    let mut visits: Vec<Visit<'a>> = Vec::with_capacity(1);
    for segment in &record.segments {
        if begins_visit(visits.last(), segment) {
            let queue = segment.queue.as_ref();
            visits.push(Visit::new(org, queue, interval_start(segment.started_at, zone)));
        }
        if let Some(visit) = visits.last_mut() {
            visit.add(segment, record.offers.as_slice());
        }
    }
    if visits.is_empty() {
        let mut only = Visit::new(org, None, interval_start(figures.started_at, zone));
        record.segments.iter().for_each(|segment| only.add(segment, &record.offers));
        visits.push(only);
    }
    set_outcomes(&mut visits, figures);
    visits
}

/// V2, V3.
fn begins_visit(current: Option<&Visit<'_>>, segment: &Segment) -> bool {
    let Some(queue) = segment.queue.as_ref() else { return false };
    match (current, segment.phase) {
        (None, _) => true,
        (Some(visit), Phase::Queued | Phase::CallbackWait | Phase::Offered) => {
            visit.queue != Some(queue) || visit.handled
        }
        (
            Some(_),
            Phase::SelfService
            | Phase::OutboundQueued
            | Phase::Dialing
            | Phase::Talking
            | Phase::OnHold
            | Phase::Consulting
            | Phase::Conferencing,
        ) => false,
    }
}

/// V5 to V9, V15: a callback belongs to the visit in which its wait began, the end of the task to the last visit,
/// and the naive view to the first.
fn set_outcomes(visits: &mut [Visit<'_>], figures: &Figures) {
    let asked = visits.iter().position(|visit| visit.callback_wait_ms > 0).unwrap_or(0);
    if let Some(visit) = visits.get_mut(asked) {
        visit.callbacks_requested |= figures.callback != CallbackOutcome::None;
        visit.callbacks_completed = figures.callback == CallbackOutcome::Completed;
        visit.callbacks_failed = figures.callback == CallbackOutcome::Failed;
    }
    for visit in visits.iter_mut() {
        visit.answered = visit.offered && visit.handled && !visit.callbacks_requested;
    }
    if let Some(last) = visits.last_mut().filter(|last| !last.answered && !last.callbacks_requested)
    {
        last.abandoned = figures.outcome == Outcome::Abandoned;
        last.short = figures.outcome == Outcome::Short;
        last.open = figures.ended_at.is_none();
    }
    if let Some(first) = visits.first_mut() {
        let naive = &figures.naive;
        let handled = naive.outcome == Outcome::Handled;
        first.naive = NaiveVisit {
            offered: first.offered,
            answered: first.offered && handled,
            handled,
            abandoned: naive.outcome == Outcome::Abandoned,
            live_wait_ms: naive.live_wait_ms.unwrap_or(0),
            talk_ms: naive.talk_ms.unwrap_or(0),
        };
    }
}

impl<'a> Visit<'a> {
    fn new(org: &'a Id, queue: Option<&'a Id>, interval_start: EpochMs) -> Visit<'a> {
        Visit {
            org,
            queue,
            interval_start,
            offered: queue.is_some(),
            answered: false,
            abandoned: false,
            short: false,
            open: false,
            handled: false,
            callbacks_requested: false,
            callbacks_completed: false,
            callbacks_failed: false,
            offers: 0,
            rona: 0,
            live_wait_ms: 0,
            callback_wait_ms: 0,
            talk_ms: 0,
            hold_ms: 0,
            wrapup_ms: 0,
            naive: NaiveVisit::default(),
        }
    }

    fn add(&mut self, segment: &Segment, offers: &[Offer]) {
        let duration_ms = segment.duration_ms().unwrap_or_default();
        match segment.phase {
            Phase::Queued => self.live_wait_ms += duration_ms,
            Phase::CallbackWait => {
                self.callbacks_requested = true;
                self.callback_wait_ms += duration_ms;
            }
            Phase::Offered => {
                let offer = segment.offer.and_then(|seq| offers.get(seq as usize));
                if let Some(offer) = offer {
                    self.offers += 1;
                    self.rona += u32::from(offer.outcome == OfferOutcome::NoAnswer);
                    self.wrapup_ms += offer.wrapup_ms.unwrap_or_default();
                }
            }
            Phase::Talking | Phase::Conferencing => self.talk_ms += duration_ms,
            Phase::OnHold | Phase::Consulting => self.hold_ms += duration_ms,
            Phase::SelfService | Phase::OutboundQueued | Phase::Dialing => {}
        }
        self.handled |= segment.phase.is_with_agent();
    }
}
