//! Standard contact-centre metrics, summed up over visits to queues.
//!
//! Invariant: every metric is a sum over visits or a quotient of such sums, so the sums of parts of
//! an archive add up to those of the whole, in any order.

use std::ops::AddAssign;

use hashbrown::HashMap;
use task_timeline::{EpochMs, Id};

use crate::fold::visits::Visit;

/// Declares sums: a field for each, and how the sums of other visits are added.
macro_rules! sums {
    ($($(#[$doc:meta])* $name:ident,)+) => {
        /// Sums over some visits. Durations are in milliseconds; `naive_…` is what the webhooks say
        /// at face value.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Sums {
            $($(#[$doc])* pub $name: i64,)+
        }

        impl AddAssign for Sums {
            fn add_assign(&mut self, more: Sums) {
                $(self.$name += more.$name;)+
            }
        }
    };
}

sums! {
    /// Visits to a queue.
    offered,
    /// Agent and customer were connected, live.
    answered,
    /// Within the threshold of the service level.
    answered_in_time,
    /// The customer left without talk.
    abandoned,
    /// Short calls.
    short,
    /// Left the queue otherwise.
    flow_out,
    /// Still waiting live.
    open,
    /// Agent and customer were connected, live or called back.
    handled,
    /// Callbacks that were requested.
    callbacks_requested,
    /// The customer was called back and answered.
    callbacks_completed,
    /// The task ended before that.
    callbacks_failed,
    /// Offers to agents.
    offers,
    /// Offers that no agent answered (RONA).
    rona,
    /// The live wait of the answered.
    answered_wait_ms,
    /// On the line in the queue, without ring time.
    live_wait_ms,
    /// Off the line until the customer was called and the phone rang.
    callback_wait_ms,
    /// Talk, conferences included.
    talk_ms,
    /// On hold, consultations included.
    hold_ms,
    /// After-call work (wrap-up).
    wrapup_ms,
    /// As `offered`.
    naive_offered,
    /// As `answered`.
    naive_answered,
    /// As `answered_in_time`.
    naive_answered_in_time,
    /// As `abandoned`.
    naive_abandoned,
    /// As `handled`.
    naive_handled,
    /// As `answered_wait_ms`.
    naive_answered_wait_ms,
    /// As `live_wait_ms`.
    naive_live_wait_ms,
    /// As `talk_ms`.
    naive_talk_ms,
}

impl Sums {
    /// The sums over one visit.
    pub fn of_visit(visit: &Visit<'_>, service_level_ms: i64) -> Sums {
        let naive = &visit.naive;
        let is_decided = visit.answered || visit.abandoned || visit.short || visit.open;
        let in_time = |answered, wait_ms| i64::from(answered && wait_ms <= service_level_ms);
        let if_answered = |answered, wait_ms| if answered { wait_ms } else { 0 };
        Sums {
            offered: visit.offered.into(),
            answered: visit.answered.into(),
            answered_in_time: in_time(visit.answered, visit.live_wait_ms),
            abandoned: visit.abandoned.into(),
            short: visit.short.into(),
            flow_out: (visit.offered && !is_decided).into(),
            open: visit.open.into(),
            handled: visit.handled.into(),
            callbacks_requested: visit.callbacks_requested.into(),
            callbacks_completed: visit.callbacks_completed.into(),
            callbacks_failed: visit.callbacks_failed.into(),
            offers: visit.offers.into(),
            rona: visit.rona.into(),
            answered_wait_ms: if_answered(visit.answered, visit.live_wait_ms),
            live_wait_ms: visit.live_wait_ms,
            callback_wait_ms: visit.callback_wait_ms,
            talk_ms: visit.talk_ms,
            hold_ms: visit.hold_ms,
            wrapup_ms: visit.wrapup_ms,
            naive_offered: naive.offered.into(),
            naive_answered: naive.answered.into(),
            naive_answered_in_time: in_time(naive.answered, naive.live_wait_ms),
            naive_abandoned: naive.abandoned.into(),
            naive_handled: naive.handled.into(),
            naive_answered_wait_ms: if_answered(naive.answered, naive.live_wait_ms),
            naive_live_wait_ms: naive.live_wait_ms,
            naive_talk_ms: naive.talk_ms,
        }
    }

    /// V12: the share of calls that were answered in time.
    pub fn service_level(&self) -> Option<f64> {
        quotient(self.answered_in_time, self.answered + self.abandoned)
    }

    /// V12, at face value.
    pub fn naive_service_level(&self) -> Option<f64> {
        quotient(self.naive_answered_in_time, self.naive_answered + self.naive_abandoned)
    }

    /// The mean speed of answer.
    pub fn asa_ms(&self) -> Option<f64> {
        quotient(self.answered_wait_ms, self.answered)
    }

    /// The mean speed of answer, at face value.
    pub fn naive_asa_ms(&self) -> Option<f64> {
        quotient(self.naive_answered_wait_ms, self.naive_answered)
    }

    /// V13: the mean handle time.
    pub fn aht_ms(&self) -> Option<f64> {
        quotient(self.talk_ms + self.hold_ms + self.wrapup_ms, self.handled)
    }

    /// The mean handle time at face value: talk alone.
    pub fn naive_aht_ms(&self) -> Option<f64> {
        quotient(self.naive_talk_ms, self.naive_handled)
    }

    /// The share of offers that no agent answered.
    pub fn rona_rate(&self) -> Option<f64> {
        quotient(self.rona, self.offers)
    }

    /// The share of finished callbacks in which the customer was reached.
    pub fn callback_success(&self) -> Option<f64> {
        quotient(self.callbacks_completed, self.callbacks_completed + self.callbacks_failed)
    }

    /// The mean wait off the line.
    pub fn mean_callback_wait_ms(&self) -> Option<f64> {
        quotient(self.callback_wait_ms, self.callbacks_requested)
    }
}

/// V14: none where the divisor is 0.
fn quotient(dividend: i64, divisor: i64) -> Option<f64> {
    (divisor > 0).then(|| dividend as f64 / divisor as f64)
}

/// A queue and half hour.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueInterval {
    /// The organization.
    pub org: Id,
    /// The queue; none for tasks that never saw one.
    pub queue: Option<Id>,
    /// V11: when the half hour begins.
    pub start: EpochMs,
}

/// Sums by queue and half hour.
#[derive(Default)]
pub struct QueueSums(HashMap<QueueInterval, Sums>);

impl QueueSums {
    /// Counts a visit.
    pub fn count(&mut self, visit: &Visit<'_>, service_level_ms: i64) {
        let (org, queue) = (visit.org.clone(), visit.queue.cloned());
        let interval = QueueInterval { org, queue, start: visit.interval_start };
        *self.0.entry(interval).or_default() += Sums::of_visit(visit, service_level_ms);
    }

    /// Adds the sums of other visits.
    pub fn add(&mut self, other: QueueSums) {
        for (interval, sums) in other.0 {
            *self.0.entry(interval).or_default() += sums;
        }
    }

    /// The sums over all visits.
    pub fn total(&self) -> Sums {
        let mut total = Sums::default();
        self.0.values().for_each(|sums| total += *sums);
        total
    }

    /// All of them, in the order of organization, queue and time.
    pub fn into_sorted(self) -> Vec<(QueueInterval, Sums)> {
        let mut rows: Vec<_> = self.0.into_iter().collect();
        rows.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        rows
    }
}
