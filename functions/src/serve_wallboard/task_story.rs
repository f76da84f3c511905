//! What `GET /task` says: the timeline of a task so far, beside what the webhooks say, with
//! the ledger.
//!
//! Invariant: it comes from the fold that the rebuild uses, and from nothing else.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::{
    Actual, Correction, Delivery, EpochMs, FigureOptions, Figures, History, Id, Limits, Offer,
    Record, Segment,
};

use super::names::DisplayNames;
use crate::store::retention::STALE_AFTER_MS;

/// A task. Instants are epoch milliseconds; what is still going on has no end.
#[derive(Debug, Serialize)]
pub(super) struct TaskStory {
    version: u32,
    task: String,
    outcome: &'static str,
    callback: &'static str,
    started_at: i64,
    ended_at: Option<i64>,
    reason: Option<String>,
    segments: Vec<SegmentStory>,
    naive: NaiveStory,
    offers: Vec<OfferStory>,
    corrections: Vec<CorrectionStory>,
    events: u32,
    /// Of queues and agents, by id.
    names: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
struct SegmentStory {
    phase: &'static str,
    from: i64,
    to: Option<i64>,
    queue: Option<String>,
    agent: Option<String>,
    basis: &'static str,
}

/// The first event of each type: what a dashboard built directly on the webhooks would show.
#[derive(Debug, Serialize)]
struct NaiveStory {
    outcome: &'static str,
    /// N5: whether it is what happened.
    is_true: bool,
    parked_at: Option<i64>,
    connect_at: Option<i64>,
    connected_at: Option<i64>,
    ended_at: Option<i64>,
    /// When the live wait that began with the first park was over.
    waited_until: Option<i64>,
}

#[derive(Debug, Serialize)]
struct OfferStory {
    at: i64,
    agent: Option<String>,
    outcome: &'static str,
}

#[derive(Debug, Serialize)]
struct CorrectionStory {
    rule: &'static str,
    at: i64,
    said: Cow<'static, str>,
    is: Cow<'static, str>,
    evidence: Vec<String>,
}

impl TaskStory {
    /// The story of a task from its `deliveries`; `None` if none of them starts the task.
    pub(super) fn from_deliveries(
        task: &Id,
        deliveries: Vec<Delivery>,
        now: EpochMs,
        names: &DisplayNames,
    ) -> Option<TaskStory> {
        let options = FigureOptions {
            as_of: now,
            stale_after_ms: STALE_AFTER_MS,
            short_call_ms: 0,
            limits: Limits::default(),
        };
        let History { figures, record, .. } = History::fold(deliveries, &options);
        let figures = figures?;
        let naive = NaiveStory::new(&figures, &record);
        let segment = |segment| SegmentStory::new(segment, &record.offers);
        let segments: Vec<_> = record.segments.iter().map(segment).collect();
        let offers: Vec<_> = record.offers.iter().map(OfferStory::new).collect();
        let queues = segments.iter().filter_map(|segment| segment.queue.as_deref());
        let agents = offers.iter().filter_map(|offer| offer.agent.as_deref());
        let names = names.named(queues.chain(agents));
        Some(TaskStory {
            version: 1,
            task: task.to_string(),
            outcome: figures.outcome.name(),
            callback: figures.callback.name(),
            started_at: figures.started_at.0,
            ended_at: figures.ended_at.map(|at| at.0),
            reason: figures.reason.map(|reason| reason.to_string()),
            segments,
            naive,
            offers,
            corrections: record.corrections.into_iter().map(CorrectionStory::new).collect(),
            events: figures.events,
            names,
        })
    }
}

impl SegmentStory {
    fn new(segment: &Segment, offers: &[Offer]) -> SegmentStory {
        let offer = offers.iter().find(|offer| segment.offer == Some(offer.seq));
        SegmentStory {
            phase: segment.phase.name(),
            from: segment.started_at.0,
            to: segment.ended_at.map(|at| at.0),
            queue: segment.queue.as_ref().map(Id::to_string),
            agent: offer.and_then(|offer| offer.agent.as_ref()).map(Id::to_string),
            basis: segment.basis.name(),
        }
    }
}

impl NaiveStory {
    fn new(figures: &Figures, record: &Record) -> NaiveStory {
        let naive = &figures.naive;
        let spans = record.segments.iter().map(|of| (of.phase, of.started_at, of.ended_at));
        let actual = Actual::new(figures.outcome, figures.ended_at, spans);
        let waited = naive.parked_at.zip(naive.live_wait_ms);
        NaiveStory {
            outcome: naive.outcome.name(),
            is_true: naive.is_true_of(&actual, record.corrections.iter().map(|of| of.rule)),
            parked_at: naive.parked_at.map(|at| at.0),
            connect_at: naive.connect_at.map(|at| at.0),
            connected_at: naive.connected_at.map(|at| at.0),
            ended_at: naive.ended_at.map(|at| at.0),
            waited_until: waited.map(|(at, wait_ms)| at.0 + wait_ms),
        }
    }
}

impl OfferStory {
    fn new(offer: &Offer) -> OfferStory {
        let agent = offer.agent.as_ref().map(Id::to_string);
        OfferStory { at: offer.offered_at.0, agent, outcome: offer.outcome.name() }
    }
}

impl CorrectionStory {
    fn new(correction: Correction) -> CorrectionStory {
        let Correction { at, rule, said, is, evidence } = correction;
        let evidence = evidence.iter().map(ToString::to_string).collect();
        CorrectionStory { rule: rule.name(), at: at.0, said, is, evidence }
    }
}
