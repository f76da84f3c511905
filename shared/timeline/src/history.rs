//! A whole history in one call: deliveries in any order, repeated or not, to one timeline.
//!
//! Invariant (I5): the result is a function of the set of events; only the counts of duplicates
//! and late deliveries know how they came.

use crate::correction::Correction;
use crate::event::Event;
use crate::figures::{FigureOptions, Figures};
use crate::limits::Limits;
use crate::machine::Timeline;
use crate::offer::Offer;
use crate::segment::Segment;
use crate::sink::Sink;
use crate::time::EpochMs;

/// An event as it was delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What happened.
    pub event: Event,
    /// When we received it, where that was recorded.
    pub arrived_at: Option<EpochMs>,
}

/// Everything that is known of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The state after all events, as the live path would store it.
    pub timeline: Timeline,
    /// The figures; `None` where no event started the task.
    pub figures: Option<Figures>,
    /// The details.
    pub record: Record,
}

/// The details of a task: a [`Sink`] that keeps all it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The segments, in order.
    pub segments: Vec<Segment>,
    /// The offers, in order.
    pub offers: Vec<Offer>,
    /// The ledger; [`Record::sort`] puts it in order.
    pub corrections: Vec<Correction>,
}

impl Record {
    /// Puts the ledger in order: by time, rule and text.
    pub fn sort(&mut self) {
        self.corrections.sort_unstable();
    }

    /// Forgets the details and keeps the memory.
    pub fn clear(&mut self) {
        self.segments.clear();
        self.offers.clear();
        self.corrections.clear();
    }
}

impl Sink for Record {
    fn segment(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    fn offer(&mut self, offer: Offer) {
        self.offers.push(offer);
    }

    fn wrap_up(&mut self, seq: u32, wrapup_ms: i64) {
        if let Some(offer) = self.offers.iter_mut().rfind(|offer| offer.seq == seq) {
            *offer.wrapup_ms.get_or_insert(0) += wrapup_ms;
        }
    }

    fn correction(&mut self, correction: Correction) {
        self.corrections.push(correction);
    }
}

impl History {
    /// Folds all deliveries of one task, in whatever order they are given.
    ///
    /// ```
    /// use task_timeline::*;
    ///
    /// let event = |kind, at| Event { at: EpochMs(at), ..Event::bare(kind, Identity(at as u128)) };
    /// let parked = event(EventType::TaskParked, 1_790_000_000_000);
    /// let ended = event(EventType::TaskEnded, 1_790_000_060_000);
    /// let deliveries = [ended, parked].map(|event| Delivery { event, arrived_at: None });
    ///
    /// let options = FigureOptions {
    ///     as_of: EpochMs(1_790_000_060_000),
    ///     stale_after_ms: 14 * 24 * 3_600_000,
    ///     short_call_ms: 0,
    ///     limits: Limits::default(),
    /// };
    /// let history = History::fold(deliveries.to_vec(), &options);
    /// assert_eq!(history.figures.unwrap().phases.ms(Phase::Queued), 60_000);
    /// ```
    pub fn fold(deliveries: Vec<Delivery>, options: &FigureOptions) -> History {
        let mut record = Record::default();
        let timeline = Timeline::fold(deliveries, options.limits, &mut record);
        let figures = timeline.clone().finish(options, &mut record);
        record.sort();
        History { timeline, figures, record }
    }
}

impl Timeline {
    /// The state after all deliveries of one task, in whatever order they are given.
    pub fn fold(mut deliveries: Vec<Delivery>, limits: Limits, sink: &mut impl Sink) -> Timeline {
        deliveries.sort_by_key(|delivery| {
            let unknown_last = delivery.arrived_at.unwrap_or(EpochMs(i64::MAX));
            (delivery.event.position(), unknown_last)
        });
        Timeline::fold_sorted(deliveries.into_iter(), limits, sink)
    }

    /// The same for deliveries that are in the order of their events' positions already. So repeats
    /// follow each other; it does not matter which of them arrived first.
    pub fn fold_sorted(
        deliveries: impl Iterator<Item = Delivery>,
        limits: Limits,
        sink: &mut impl Sink,
    ) -> Timeline {
        let mut timeline = Timeline::default();
        let mut first_arrivals = Vec::with_capacity(deliveries.size_hint().1.unwrap_or_default());
        let (mut last, mut repeats) = (None, 0_u32);
        for delivery in deliveries {
            let arrived_at = delivery.arrived_at;
            if last == Some(delivery.event.identity) {
                repeats = repeats.saturating_add(1);
                if let Some(first) = first_arrivals.last_mut() {
                    *first = [*first, arrived_at].into_iter().flatten().min();
                }
                continue;
            }
            last = Some(delivery.event.identity);
            first_arrivals.push(arrived_at);
            timeline.apply(&delivery.event, limits, sink);
        }
        timeline.count_duplicates(repeats);
        timeline.count_late(count_late(first_arrivals.into_iter()));
        timeline
    }
}

/// How many events arrived after one that comes later. `arrivals` are the first arrivals of
/// distinct events in the order of the events; unknown ones are left out of account.
pub fn count_late(arrivals: impl DoubleEndedIterator<Item = Option<EpochMs>>) -> u32 {
    let mut earliest_behind = EpochMs(i64::MAX);
    let mut late = 0;
    for arrived_at in arrivals.rev().flatten() {
        if arrived_at > earliest_behind {
            late += 1;
        }
        earliest_behind = earliest_behind.min(arrived_at);
    }
    late
}
