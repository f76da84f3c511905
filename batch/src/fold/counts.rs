//! What is counted while tasks are folded.
//!
//! Invariant: the counts of all parts add up to those of the whole, in any order.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::{CallbackOutcome, ChannelKind, Event, Figures, Phase, ReasonGroup, Record};

use crate::input::event_row::EventRow;

/// Counts over all tasks; together with those of the intake they add up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FoldCounts {
    /// Tasks in the output.
    pub tasks: u64,
    /// Distinct events of those.
    pub events: u64,
    /// Repeated deliveries of those.
    pub duplicates: u64,
    /// Deliveries of those that the archive holds more than once: it guarantees at least once.
    pub copies: u64,
    /// Late deliveries of those, where the time of arrival is known.
    pub late: u64,
    /// Distinct events with the delivery id, type and time of another one.
    pub conflicting: u64,
    /// Tasks outside `--from` and `--to`.
    pub tasks_outside: u64,
    /// Deliveries of those.
    pub deliveries_outside: u64,
    /// Groups of events that started no task: stray agent events, `task:failed`.
    pub without_timeline: u64,
    /// Deliveries of those.
    pub deliveries_without_timeline: u64,
    /// Tasks that are still open.
    pub open: u64,
    /// `task:ended` events that did not end the task.
    pub false_ends: u64,
    /// Tasks with a callback.
    pub callbacks: u64,
    /// Rows in the ledger, by rule.
    pub corrections: BTreeMap<&'static str, u64>,
    /// Tasks by outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Distinct events with reasons that are not known, by reason.
    pub unknown_reasons: BTreeMap<String, u64>,
    /// The longest live wait of a call, in milliseconds.
    pub longest_live_wait_ms: i64,
    /// The same at face value.
    pub naive_longest_live_wait_ms: i64,
}

impl FoldCounts {
    /// Adds the counts of other tasks.
    pub fn add(&mut self, other: FoldCounts) {
        self.tasks += other.tasks;
        self.events += other.events;
        self.duplicates += other.duplicates;
        self.copies += other.copies;
        self.late += other.late;
        self.conflicting += other.conflicting;
        self.tasks_outside += other.tasks_outside;
        self.deliveries_outside += other.deliveries_outside;
        self.without_timeline += other.without_timeline;
        self.deliveries_without_timeline += other.deliveries_without_timeline;
        self.open += other.open;
        self.false_ends += other.false_ends;
        self.callbacks += other.callbacks;
        self.longest_live_wait_ms = self.longest_live_wait_ms.max(other.longest_live_wait_ms);
        self.naive_longest_live_wait_ms =
            self.naive_longest_live_wait_ms.max(other.naive_longest_live_wait_ms);
        add_all(&mut self.corrections, other.corrections);
        add_all(&mut self.outcomes, other.outcomes);
        add_all(&mut self.unknown_reasons, other.unknown_reasons);
    }

    pub(crate) fn add_task(&mut self, figures: &Figures, record: &Record) {
        self.tasks += 1;
        self.events += u64::from(figures.events);
        self.duplicates += u64::from(figures.duplicates);
        self.late += u64::from(figures.late);
        self.open += u64::from(figures.ended_at.is_none());
        self.false_ends += u64::from(figures.false_ends);
        self.callbacks += u64::from(figures.callback != CallbackOutcome::None);
        *self.outcomes.entry(figures.outcome.name()).or_default() += 1;
        for correction in &record.corrections {
            *self.corrections.entry(correction.rule.name()).or_default() += 1;
        }
        if figures.channel_kind() == ChannelKind::Telephony {
            self.longest_live_wait_ms =
                self.longest_live_wait_ms.max(figures.phases.ms(Phase::Queued));
            self.naive_longest_live_wait_ms =
                self.naive_longest_live_wait_ms.max(figures.naive.live_wait_ms.unwrap_or_default());
        }
    }

    pub(crate) fn add_oddities(&mut self, oddities: Oddities) {
        self.conflicting += oddities.conflicting;
        self.copies += oddities.copies;
        for reason in oddities.unknown_reasons {
            *self.unknown_reasons.entry(reason).or_default() += 1;
        }
    }
}

/// Oddities of the events of one task; they are counted if the task is.
#[derive(Default)]
pub(crate) struct Oddities {
    /// Events with the delivery id, type and time of another one.
    pub(crate) conflicting: u64,
    /// Deliveries that the archive holds more than once.
    pub(crate) copies: u64,
    /// Reasons that are not known.
    pub(crate) unknown_reasons: Vec<String>,
}

impl Oddities {
    /// Looks at an event that comes after the `earlier` rows of its task.
    pub(crate) fn note(&mut self, row: &EventRow, earlier: &[EventRow], event: &Event) {
        let mut same_time = earlier.iter().rev().take_while(|other| other.order == row.order);
        self.conflicting += u64::from(same_time.any(|other| other.conflicts_with(row)));
        let reason = event.details.reason.as_ref();
        if let Some(reason) = reason.filter(|reason| reason.group == ReasonGroup::Unknown) {
            self.unknown_reasons.push(reason.text.to_string());
        }
    }
}

fn add_all<K: Ord>(sums: &mut BTreeMap<K, u64>, others: BTreeMap<K, u64>) {
    for (key, count) in others {
        *sums.entry(key).or_default() += count;
    }
}
