//! The tables that a rebuild writes, column by column.
//!
//! Invariant: every value is a figure or a detail that the domain crate gave; nothing is
//! computed here.

use polars::prelude::{DataFrame, IntoColumn, PlSmallStr, PolarsResult, Series};
use task_timeline::{Correction, Figures, Id, Offer, Phase, Segment};

use crate::fold::visits::Visit;
use crate::output::columns::{
    Build, Counts, Durations, IdTexts, Identities, Ids, Kinds, MaybeDurations, Names, Runs, Table,
    Texts, Times, columns,
};

/// A thing of one task.
pub struct Of<'a, T> {
    /// The organization.
    pub org: &'a Id,
    /// The task, as text: it is written out once.
    pub task: &'a str,
    /// The thing.
    pub it: &'a T,
}

/// A segment with the agent of its offer.
pub struct SegmentOf<'a> {
    /// The segment and its task.
    pub segment: Of<'a, Segment>,
    /// The agent, where the segment belongs to an offer whose agent is known.
    pub agent: Option<&'a Id>,
}

columns! {
    /// `segments.parquet`
    Segments of SegmentOf<'_> as row {
        org_id: Ids = Some(row.segment.org),
        task_id: Runs = row.segment.task,
        seq: Counts = row.segment.it.seq,
        phase: Kinds = Some(row.segment.it.phase.name()),
        started_at: Times = Some(row.segment.it.started_at),
        ended_at: Times = row.segment.it.ended_at,
        duration_ms: MaybeDurations = row.segment.it.duration_ms(),
        queue_id: Ids = row.segment.it.queue.as_ref(),
        agent_id: Ids = row.agent,
        basis: Kinds = Some(row.segment.it.basis.name()),
    }
}

columns! {
    /// `tasks.parquet`
    Tasks of Of<'_, Figures> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        channel: Kinds = row.it.channel.map(task_timeline::Channel::name),
        direction: Kinds = row.it.direction.map(task_timeline::Direction::name),
        first_queue_id: Ids = row.it.first_queue.as_ref(),
        last_queue_id: Ids = row.it.last_queue.as_ref(),
        started_at: Times = Some(row.it.started_at),
        ended_at: Times = row.it.ended_at,
        outcome: Kinds = Some(row.it.outcome.name()),
        terminating_party: Kinds = row.it.terminating_party.map(task_timeline::Party::name),
        reason: Names = row.it.reason.as_deref(),
        callback: Kinds = Some(row.it.callback.name()),
        callback_basis: Kinds = row.it.callback_basis.map(task_timeline::Basis::name),
        offers: Counts = row.it.offers,
        rona_count: Counts = row.it.rona_count,
        false_ends: Counts = row.it.false_ends,
        corrections: Counts = row.it.corrections,
        events: Counts = row.it.events,
        duplicates: Counts = row.it.duplicates,
        late: Counts = row.it.late,
        self_service_ms: Durations = row.it.phases.ms(Phase::SelfService),
        live_wait_ms: Durations = row.it.phases.ms(Phase::Queued),
        callback_wait_ms: Durations = row.it.phases.ms(Phase::CallbackWait),
        ring_ms: Durations = row.it.phases.ms(Phase::Offered),
        dialing_ms: Durations = row.it.phases.ms(Phase::Dialing),
        talk_ms: Durations = row.it.phases.ms(Phase::Talking),
        hold_ms: Durations = row.it.phases.ms(Phase::OnHold),
        consult_ms: Durations = row.it.phases.ms(Phase::Consulting),
        conference_ms: Durations = row.it.phases.ms(Phase::Conferencing),
        wrapup_ms: Durations = row.it.wrapup_ms,
        total_ms: Durations = row.it.total_ms(),
        naive_ended_at: Times = row.it.naive.ended_at,
        naive_live_wait_ms: MaybeDurations = row.it.naive.live_wait_ms,
        naive_talk_ms: MaybeDurations = row.it.naive.talk_ms,
        naive_outcome: Kinds = Some(row.it.naive.outcome.name()),
    }
}

columns! {
    /// `offers.parquet`
    Offers of Of<'_, Offer> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        seq: Counts = row.it.seq,
        offered_at: Times = Some(row.it.offered_at),
        agent_id: Ids = row.it.agent.as_ref(),
        answered_at: Times = row.it.answered_at,
        customer_connected_at: Times = row.it.customer_connected_at,
        released_at: Times = row.it.released_at,
        wrapup_ms: MaybeDurations = row.it.wrapup_ms,
        outcome: Kinds = Some(row.it.outcome.name()),
    }
}

columns! {
    /// `corrections.parquet`
    Corrections of Of<'_, Correction> as row {
        org_id: Ids = Some(row.org),
        task_id: Texts = Some(row.task),
        rule: Kinds = Some(row.it.rule.name()),
        at: Times = Some(row.it.at),
        said: Names = Some(&row.it.said),
        is: Names = Some(&row.it.is),
        evidence: Identities = &row.it.evidence,
    }
}

columns! {
    /// What `queue_intervals.parquet` is made from: visits of tasks to queues.
    Visits of Visit<'_> as row {
        org_id: IdTexts = Some(row.org),
        queue_id: IdTexts = row.queue,
        interval_start: Times = Some(row.interval_start),
        offered: Counts = row.offered.into(),
        answered: Counts = row.answered.into(),
        abandoned: Counts = row.abandoned.into(),
        short: Counts = row.short.into(),
        open: Counts = row.open.into(),
        handled: Counts = row.handled.into(),
        callbacks_requested: Counts = row.callbacks_requested.into(),
        callbacks_completed: Counts = row.callbacks_completed.into(),
        callbacks_failed: Counts = row.callbacks_failed.into(),
        offers: Counts = row.offers,
        rona: Counts = row.rona,
        live_wait_ms: Durations = row.live_wait_ms,
        callback_wait_ms: Durations = row.callback_wait_ms,
        talk_ms: Durations = row.talk_ms,
        hold_ms: Durations = row.hold_ms,
        wrapup_ms: Durations = row.wrapup_ms,
        naive_offered: Counts = row.naive.offered.into(),
        naive_answered: Counts = row.naive.answered.into(),
        naive_abandoned: Counts = row.naive.abandoned.into(),
        naive_handled: Counts = row.naive.handled.into(),
        naive_live_wait_ms: Durations = row.naive.live_wait_ms,
        naive_talk_ms: Durations = row.naive.talk_ms,
    }
}

impl Visits {
    /// The visits as a frame.
    ///
    /// # Errors
    /// When Polars finds that something does not fit together: a bug.
    pub fn into_frame(self) -> PolarsResult<DataFrame> {
        let height = self.height();
        let column = |(name, array): (&str, _)| {
            Series::try_from((PlSmallStr::from_str(name), array)).map(Series::into_column)
        };
        let columns = self.into_arrays()?.into_iter().map(column).collect::<PolarsResult<_>>()?;
        DataFrame::new(height, columns)
    }
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
    /// Towards `queue_intervals.parquet`
    pub visits: Visits,
}
