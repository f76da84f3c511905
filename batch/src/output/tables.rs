//! The tables that a rebuild writes, column by column.
//!
//! Invariant: every value comes from the domain crate; nothing is computed here.

use task_timeline::{Correction, Figures, Id, Offer, Phase, Segment, Staffing};

use crate::fold::queue_sums::{QueueInterval, Sums};
use crate::fold::visit_result::VisitResult;
use crate::fold::visits::Visit;
use crate::output::columns::{
    Build, Counts, Durations, Identities, Ids, Kinds, MaybeDurations, Quotients, RepeatedTexts,
    Runs, Texts, Times,
};
use crate::output::table::columns;

/// An item of one task: a segment, an offer, …
pub struct TaskItem<'a, T> {
    /// The organization.
    pub org: &'a Id,
    /// The task, as text, so that it is formatted once.
    pub task: &'a str,
    /// The item.
    pub item: &'a T,
}

/// A segment with the agent of its offer.
pub struct SegmentItem<'a> {
    /// The segment and its task.
    pub segment: TaskItem<'a, Segment>,
    /// The agent, where the segment belongs to an offer whose agent is known.
    pub agent: Option<&'a Id>,
}

columns! {
    /// `segments.parquet`
    Segments of SegmentItem<'_> as row {
        org_id: Ids = Some(row.segment.org),
        task_id: Runs = row.segment.task,
        seq: Counts = row.segment.item.seq,
        phase: Kinds = Some(row.segment.item.phase.name()),
        started_at: Times = Some(row.segment.item.started_at),
        ended_at: Times = row.segment.item.ended_at,
        duration_ms: MaybeDurations = row.segment.item.duration_ms(),
        queue_id: Ids = row.segment.item.queue.as_ref(),
        agent_id: Ids = row.agent,
        basis: Kinds = Some(row.segment.item.basis.name()),
    }
}

columns! {
    /// `tasks.parquet`
    Tasks of TaskItem<'_, Figures> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        channel: Kinds = Some(row.item.channel_kind().name()),
        direction: Kinds = row.item.direction.map(task_timeline::Direction::name),
        first_queue_id: Ids = row.item.first_queue.as_ref(),
        last_queue_id: Ids = row.item.last_queue.as_ref(),
        started_at: Times = Some(row.item.started_at),
        ended_at: Times = row.item.ended_at,
        outcome: Kinds = Some(row.item.outcome.name()),
        terminating_party: Kinds = row.item.terminating_party.map(task_timeline::Party::name),
        reason: RepeatedTexts = row.item.reason.as_deref(),
        callback: Kinds = Some(row.item.callback.name()),
        callback_basis: Kinds = row.item.callback_basis.map(task_timeline::Basis::name),
        offers: Counts = row.item.offers,
        rona_count: Counts = row.item.rona_count,
        false_ends: Counts = row.item.false_ends,
        corrections: Counts = row.item.corrections,
        events: Counts = row.item.events,
        duplicates: Counts = row.item.duplicates,
        late: Counts = row.item.late,
        self_service_ms: Durations = row.item.phases.ms(Phase::SelfService),
        live_wait_ms: Durations = row.item.phases.ms(Phase::Queued),
        callback_wait_ms: Durations = row.item.phases.ms(Phase::CallbackWait),
        outbound_wait_ms: Durations = row.item.phases.ms(Phase::OutboundQueued),
        ring_ms: Durations = row.item.phases.ms(Phase::Offered),
        dialing_ms: Durations = row.item.phases.ms(Phase::Dialing),
        talk_ms: Durations = row.item.phases.ms(Phase::Talking),
        hold_ms: Durations = row.item.phases.ms(Phase::OnHold),
        consult_ms: Durations = row.item.phases.ms(Phase::Consulting),
        conference_ms: Durations = row.item.phases.ms(Phase::Conferencing),
        wrapup_ms: MaybeDurations = row.item.wrapup_ms,
        total_ms: Durations = row.item.total_ms(),
        naive_parked_at: Times = row.item.naive.parked_at,
        naive_connect_at: Times = row.item.naive.connect_at,
        naive_connected_at: Times = row.item.naive.connected_at,
        naive_ended_at: Times = row.item.naive.ended_at,
        naive_live_wait_ms: MaybeDurations = row.item.naive.live_wait_ms,
        naive_talk_ms: MaybeDurations = row.item.naive.talk_ms,
        naive_outcome: Kinds = Some(row.item.naive.outcome.name()),
    }
}

columns! {
    /// `offers.parquet`
    Offers of TaskItem<'_, Offer> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        seq: Counts = row.item.seq,
        offered_at: Times = Some(row.item.offered_at),
        agent_id: Ids = row.item.agent.as_ref(),
        answered_at: Times = row.item.answered_at,
        customer_connected_at: Times = row.item.customer_connected_at,
        released_at: Times = row.item.released_at,
        wrapup_ms: MaybeDurations = row.item.wrapup_ms,
        outcome: Kinds = Some(row.item.outcome.name()),
    }
}

columns! {
    /// `visits.parquet`
    Visits of TaskItem<'_, Visit<'_>> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        seq: Counts = row.item.seq,
        queue_id: Ids = row.item.queue,
        channel: Kinds = Some(row.item.channel.name()),
        entered_at: Times = Some(row.item.entered_at),
        left_at: Times = row.item.left_at,
        result: Kinds = row.item.result.map(VisitResult::name),
        callback: Kinds = Some(row.item.callback.name()),
        live_wait_ms: Durations = row.item.live_wait_ms,
        ring_ms: Durations = row.item.ring_ms,
        callback_wait_ms: Durations = row.item.callback_wait_ms,
        talk_ms: Durations = row.item.talk_ms,
        hold_ms: Durations = row.item.hold_ms,
        wrapup_ms: MaybeDurations = row.item.wrapup_ms,
        offers: Counts = row.item.offers,
        rona: Counts = row.item.rona,
        staffing: Kinds = None,
    }
}

impl Visits {
    /// G10: sets who was free, for each row.
    pub(crate) fn set_staffing(&mut self, mut of_row: impl FnMut(usize) -> Option<Staffing>) {
        self.staffing = Kinds::default();
        (0..self.height).for_each(|row| self.staffing.push(of_row(row).map(Staffing::name)));
    }
}

columns! {
    /// `corrections.parquet`
    Corrections of TaskItem<'_, Correction> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        rule: Kinds = Some(row.item.rule.name()),
        at: Times = Some(row.item.at),
        said: RepeatedTexts = Some(&row.item.said),
        is: RepeatedTexts = Some(&row.item.is),
        evidence: Identities = &row.item.evidence,
    }
}

columns! {
    /// `queue_intervals.parquet`
    QueueIntervals of (QueueInterval, Sums) as row {
        org_id: Ids = Some(&row.0.org),
        queue_id: Ids = row.0.queue.as_ref(),
        channel: Kinds = Some(row.0.channel.name()),
        interval_start: Times = Some(row.0.start),
        offered: Counts = count(row.1.offered),
        answered: Counts = count(row.1.answered),
        answered_in_time: Counts = count(row.1.answered_in_time),
        answered_in_time_with_ring: Counts = count(row.1.answered_in_time_with_ring),
        abandoned: Counts = count(row.1.abandoned),
        short: Counts = count(row.1.short),
        flow_out: Counts = count(row.1.flow_out()),
        flow_out_callback: Counts = count(row.1.flow_out_callback),
        flow_out_transferred: Counts = count(row.1.flow_out_transferred),
        flow_out_system: Counts = count(row.1.flow_out_system),
        open: Counts = count(row.1.open),
        abandoned_in_flow: Counts = count(row.1.abandoned_in_flow),
        handled: Counts = count(row.1.handled),
        callbacks_requested: Counts = count(row.1.callbacks_requested),
        callbacks_completed: Counts = count(row.1.callbacks_completed),
        callbacks_failed: Counts = count(row.1.callbacks_failed),
        offers: Counts = count(row.1.offers),
        rona: Counts = count(row.1.rona),
        service_level: Quotients = row.1.service_level(),
        service_level_with_ring: Quotients = row.1.service_level_with_ring(),
        asa_ms: Quotients = row.1.asa_ms(),
        asa_ms_with_ring: Quotients = row.1.asa_ms_with_ring(),
        answered_wait_ms: Durations = row.1.answered_wait_ms,
        answered_ring_ms: Durations = row.1.answered_ring_ms,
        live_wait_ms: Durations = row.1.live_wait_ms,
        ring_ms: Durations = row.1.ring_ms,
        callback_wait_ms: Durations = row.1.callback_wait_ms,
        talk_ms: Durations = row.1.talk_ms,
        hold_ms: Durations = row.1.hold_ms,
        wrapup_ms: Durations = row.1.wrapup_ms,
        aht_ms: Quotients = row.1.aht_ms(),
        naive_offered: Counts = count(row.1.naive_offered),
        naive_answered: Counts = count(row.1.naive_answered),
        naive_answered_in_time: Counts = count(row.1.naive_answered_in_time),
        naive_abandoned: Counts = count(row.1.naive_abandoned),
        naive_handled: Counts = count(row.1.naive_handled),
        naive_service_level: Quotients = row.1.naive_service_level(),
        naive_asa_ms: Quotients = row.1.naive_asa_ms(),
        naive_answered_wait_ms: Durations = row.1.naive_answered_wait_ms,
        naive_live_wait_ms: Durations = row.1.naive_live_wait_ms,
        naive_talk_ms: Durations = row.1.naive_talk_ms,
        naive_aht_ms: Quotients = row.1.naive_aht_ms(),
    }
}

/// A count of visits in half an hour, as its column holds it.
fn count(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// All tables of a part of the tasks.
#[derive(Default)]
pub struct Tables {
    /// `segments.parquet`
    pub segments: Segments,
    /// `tasks.parquet`
    pub tasks: Tasks,
    /// `offers.parquet`
    pub offers: Offers,
    /// `corrections.parquet`
    pub corrections: Corrections,
}
