//! Visits of tasks to queues, from which every queue figure is counted.
//!
//! Invariant: each visit that was offered to a queue has exactly one [`VisitResult`].
//!
//! A visit begins when the customer enters a queue, or is offered from one without a wait. It lasts
//! until the customer enters another queue, or comes back to one after talk.

use task_timeline::{
    CallbackOutcome, ChannelKind, EpochMs, Figures, Id, Offer, OfferOutcome, Outcome, Phase,
    Record, Segment, TaskKind,
};

use crate::fold::visit_result::VisitResult;

/// V1: one stay of a task in a queue; V10: and its sums. All lengths are in milliseconds.
#[derive(Clone, Debug)]
pub struct Visit<'a> {
    /// Which one of the task it is, from 0.
    pub seq: u32,
    /// The queue; none where nothing was offered to one (V4).
    pub queue: Option<&'a Id>,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// When the customer entered the queue; without one, when the task began.
    pub entered_at: EpochMs,
    /// When the customer left it, for another queue or for good; `None` while there.
    pub left_at: Option<EpochMs>,
    /// How it ended; none where nothing was offered to a queue.
    pub result: Option<VisitResult>,
    /// What became of the callback that was asked for in this visit.
    pub callback: CallbackOutcome,
    /// Agent and customer were connected, live or called back.
    pub handled: bool,
    /// Offers to agents.
    pub offers: u32,
    /// Offers that no agent answered (RONA).
    pub rona: u32,
    /// On the line in the queue, without ringing.
    pub live_wait_ms: i64,
    /// Ringing, until agent and customer were connected.
    pub ring_ms: i64,
    /// Off the line, without ringing and dialing.
    pub callback_wait_ms: i64,
    /// Talk, conferences included.
    pub talk_ms: i64,
    /// On hold, consultations included.
    pub hold_ms: i64,
    /// After-call work (wrap-up); `None` if none is known.
    pub wrapup_ms: Option<i64>,
    /// The customer waited off the line at some time, however shortly.
    waited_for_callback: bool,
}

/// V1 to V4: the visits of one task, in order.
pub fn visits<'a>(figures: &'a Figures, record: &'a Record) -> Vec<Visit<'a>> {
    // Most tasks have one visit. A vector would start with room for four, which is slower to allocate.
    let mut visits: Vec<Visit<'a>> = Vec::with_capacity(1);
    let mut is_own_call = figures.kind == TaskKind::Outdial;
    let without_queue = || Visit::new(None, figures.channel_kind(), figures.started_at);
    for segment in &record.segments {
        if visits.is_empty() && (is_own_call || is_with_agent_before_any_queue(segment)) {
            visits.push(without_queue()); // V4
        }
        if !is_own_call && begins_visit(visits.last(), segment) {
            let queue = segment.queue.as_ref();
            enter(&mut visits, Visit::new(queue, figures.channel_kind(), segment.started_at));
        }
        is_own_call &= !segment.phase.is_with_agent();
        if let Some(visit) = visits.last_mut() {
            visit.add_segment(segment);
        }
    }
    if visits.is_empty() {
        visits.push(without_queue()); // V4
    }
    add_offers(&mut visits, &record.offers);
    set_callback(&mut visits, figures.callback);
    set_results(&mut visits, figures);
    visits
}

fn enter<'a>(visits: &mut Vec<Visit<'a>>, next: Visit<'a>) {
    let seq = match visits.last_mut() {
        Some(last) => {
            last.left_at = Some(next.entered_at);
            last.seq + 1
        }
        None => 0,
    };
    visits.push(Visit { seq, ..next });
}

/// V4: whether an agent is offered a task, or is with its customer, that saw no queue yet.
fn is_with_agent_before_any_queue(segment: &Segment) -> bool {
    segment.queue.is_none() && (segment.phase == Phase::Offered || segment.phase.is_with_agent())
}

/// V2, V3: whether the customer enters a queue. One who is offered again after talk, without a wait
/// between, was handed from agent to agent.
fn begins_visit(current: Option<&Visit<'_>>, segment: &Segment) -> bool {
    let Some(queue) = segment.queue.as_ref() else { return false };
    let Some(current) = current else { return true };
    let is_elsewhere = current.queue != Some(queue);
    let was_handed_on = current.queue.is_none() && current.handled;
    match segment.phase {
        Phase::Queued | Phase::CallbackWait | Phase::OutboundQueued => {
            is_elsewhere || current.handled
        }
        Phase::Offered => is_elsewhere && !was_handed_on,
        Phase::SelfService
        | Phase::Dialing
        | Phase::Talking
        | Phase::OnHold
        | Phase::Consulting
        | Phase::Conferencing => false,
    }
}

/// V10: an offer belongs to the visit in which it began; one before all visits, to the first.
fn add_offers(visits: &mut [Visit<'_>], offers: &[Offer]) {
    for offer in offers {
        let began = visits.iter().rposition(|visit| visit.entered_at <= offer.offered_at);
        if let Some(visit) = visits.get_mut(began.unwrap_or(0)) {
            visit.offers += 1;
            visit.rona += u32::from(offer.outcome == OfferOutcome::NoAnswer);
            if let Some(wrapup_ms) = offer.wrapup_ms {
                *visit.wrapup_ms.get_or_insert(0) += wrapup_ms;
            }
        }
    }
}

/// V6: a callback belongs to the visit in which its wait began, else to the last one.
fn set_callback(visits: &mut [Visit<'_>], callback: CallbackOutcome) {
    let asked = visits.iter().position(|visit| visit.waited_for_callback);
    let asked = asked.unwrap_or(visits.len() - 1);
    if let Some(visit) = visits.get_mut(asked) {
        visit.callback = callback;
    }
}

/// V7 to V9: the end of the task belongs to its last visit.
fn set_results(visits: &mut [Visit<'_>], figures: &Figures) {
    let last = visits.len() - 1;
    for (place, visit) in visits.iter_mut().enumerate() {
        let is_last = place == last;
        if is_last {
            visit.left_at = figures.ended_at;
        }
        visit.result = match visit.queue {
            Some(_) => Some(visit.result_in_queue(figures, is_last)),
            None if is_last => VisitResult::of_flow(figures),
            None => None,
        };
    }
}

impl<'a> Visit<'a> {
    fn new(queue: Option<&'a Id>, channel: ChannelKind, entered_at: EpochMs) -> Visit<'a> {
        Visit {
            seq: 0,
            queue,
            channel,
            entered_at,
            left_at: None,
            result: None,
            callback: CallbackOutcome::None,
            handled: false,
            offers: 0,
            rona: 0,
            live_wait_ms: 0,
            ring_ms: 0,
            callback_wait_ms: 0,
            talk_ms: 0,
            hold_ms: 0,
            wrapup_ms: None,
            waited_for_callback: false,
        }
    }

    fn add_segment(&mut self, segment: &Segment) {
        let duration_ms = segment.duration_ms().unwrap_or_default();
        match segment.phase {
            Phase::Queued => self.live_wait_ms += duration_ms,
            Phase::CallbackWait => {
                self.waited_for_callback = true;
                self.callback_wait_ms += duration_ms;
            }
            Phase::Offered if !self.handled => self.ring_ms += duration_ms,
            Phase::Talking | Phase::Conferencing => self.talk_ms += duration_ms,
            Phase::OnHold | Phase::Consulting => self.hold_ms += duration_ms,
            Phase::SelfService | Phase::OutboundQueued | Phase::Offered | Phase::Dialing => {}
        }
        self.handled |= segment.phase.is_with_agent(); // V5
    }

    fn result_in_queue(&self, figures: &Figures, is_last: bool) -> VisitResult {
        if self.waited_for_callback || self.callback != CallbackOutcome::None {
            VisitResult::Callback
        } else if self.handled {
            VisitResult::Answered
        } else if !is_last {
            VisitResult::Transferred
        } else if figures.ended_at.is_none() {
            VisitResult::Open
        } else if figures.outcome == Outcome::Short {
            VisitResult::Short
        } else if figures.customer_left {
            VisitResult::Abandoned
        } else {
            VisitResult::System
        }
    }
}
