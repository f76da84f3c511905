//! Standard contact-centre metrics, summed up over visits to queues.
//!
//! Invariant: every metric is a sum over visits or a quotient of such sums, so the sums of parts of
//! an archive add up to those of the whole, in any order.

use std::collections::BTreeSet;
use std::ops::AddAssign;

use hashbrown::HashMap;
use task_timeline::{CallbackOutcome, ChannelKind, EpochMs, Figures, Id, Outcome};

use crate::fold::visit_result::VisitResult;
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
    /// The same with ringing counted.
    answered_in_time_with_ring,
    /// The customer left, waiting or ringing.
    abandoned,
    /// Short calls.
    short,
    /// Left the queue because a callback was asked for.
    flow_out_callback,
    /// Left the queue for another one.
    flow_out_transferred,
    /// Ended by the platform.
    flow_out_system,
    /// Still there.
    open,
    /// The customer left before any queue.
    abandoned_in_flow,
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
    /// The ringing of the answered, until they were.
    answered_ring_ms,
    /// On the line in the queue, without ringing.
    live_wait_ms,
    /// Ringing, until agent and customer were connected.
    ring_ms,
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
    /// V12: adds a visit.
    pub fn add_visit(&mut self, visit: &Visit<'_>, service_level_ms: i64) {
        self.offered += i64::from(visit.queue.is_some());
        match visit.result {
            Some(VisitResult::Answered) => self.add_answered(visit, service_level_ms),
            Some(VisitResult::Abandoned) => self.abandoned += 1,
            Some(VisitResult::Short) => self.short += 1,
            Some(VisitResult::Callback) => self.flow_out_callback += 1,
            Some(VisitResult::Transferred) => self.flow_out_transferred += 1,
            Some(VisitResult::System) => self.flow_out_system += 1,
            Some(VisitResult::Open) => self.open += 1,
            Some(VisitResult::AbandonedInFlow) => self.abandoned_in_flow += 1,
            None => {}
        }
        self.callbacks_requested += i64::from(visit.callback != CallbackOutcome::None);
        self.callbacks_completed += i64::from(visit.callback == CallbackOutcome::Completed);
        self.callbacks_failed += i64::from(visit.callback == CallbackOutcome::Failed);
        self.handled += i64::from(visit.handled);
        self.offers += i64::from(visit.offers);
        self.rona += i64::from(visit.rona);
        self.live_wait_ms += visit.live_wait_ms;
        self.ring_ms += visit.ring_ms;
        self.callback_wait_ms += visit.callback_wait_ms;
        self.talk_ms += visit.talk_ms;
        self.hold_ms += visit.hold_ms;
        self.wrapup_ms += visit.wrapup_ms.unwrap_or_default();
    }

    fn add_answered(&mut self, visit: &Visit<'_>, service_level_ms: i64) {
        let with_ring_ms = visit.live_wait_ms + visit.ring_ms;
        self.answered += 1;
        self.answered_in_time += i64::from(visit.live_wait_ms <= service_level_ms);
        self.answered_in_time_with_ring += i64::from(with_ring_ms <= service_level_ms);
        self.answered_wait_ms += visit.live_wait_ms;
        self.answered_ring_ms += visit.ring_ms;
    }

    /// V15: adds what the webhooks alone say of a task.
    pub fn add_naive(&mut self, figures: &Figures, service_level_ms: i64) {
        let naive = &figures.naive;
        let is_offered = figures.first_queue.is_some();
        let is_handled = naive.outcome == Outcome::Handled;
        let live_wait_ms = naive.live_wait_ms.unwrap_or_default();
        self.naive_offered += i64::from(is_offered);
        self.naive_handled += i64::from(is_handled);
        self.naive_live_wait_ms += live_wait_ms;
        self.naive_talk_ms += naive.talk_ms.unwrap_or_default();
        if is_offered && is_handled {
            self.naive_answered += 1;
            self.naive_answered_in_time += i64::from(live_wait_ms <= service_level_ms);
            self.naive_answered_wait_ms += live_wait_ms;
        }
        self.naive_abandoned += i64::from(is_offered && naive.outcome == Outcome::Abandoned);
    }

    /// V9: left the queue neither answered nor abandoned.
    pub fn flow_out(&self) -> i64 {
        self.flow_out_callback + self.flow_out_transferred + self.flow_out_system
    }

    /// V14: the share of visits that were abandoned.
    pub fn abandon_rate(&self) -> Option<f64> {
        quotient(self.abandoned, self.offered)
    }

    /// V14, at face value.
    pub fn naive_abandon_rate(&self) -> Option<f64> {
        quotient(self.naive_abandoned, self.naive_offered)
    }

    /// V12: the share of calls that were answered in time.
    pub fn service_level(&self) -> Option<f64> {
        quotient(self.answered_in_time, self.answered + self.abandoned)
    }

    /// V12: the same with ringing counted.
    pub fn service_level_with_ring(&self) -> Option<f64> {
        quotient(self.answered_in_time_with_ring, self.answered + self.abandoned)
    }

    /// V12, at face value.
    pub fn naive_service_level(&self) -> Option<f64> {
        quotient(self.naive_answered_in_time, self.naive_answered + self.naive_abandoned)
    }

    /// The mean speed of answer.
    pub fn asa_ms(&self) -> Option<f64> {
        quotient(self.answered_wait_ms, self.answered)
    }

    /// The mean speed of answer with ringing counted.
    pub fn asa_ms_with_ring(&self) -> Option<f64> {
        quotient(self.answered_wait_ms + self.answered_ring_ms, self.answered)
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

/// A queue, kind of channel and half hour.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueInterval {
    /// The organization.
    pub org: Id,
    /// The queue; none for what was offered to no queue.
    pub queue: Option<Id>,
    /// The kind of channel.
    pub channel: ChannelKind,
    /// V11: when the half hour begins.
    pub start: EpochMs,
}

/// Sums by queue, kind of channel and half hour.
#[derive(Default)]
pub struct QueueSums(HashMap<QueueInterval, Sums>);

impl QueueSums {
    /// The sums of an interval, to be added to.
    pub fn of(&mut self, interval: QueueInterval) -> &mut Sums {
        self.0.entry(interval).or_default()
    }

    /// Adds the sums of other visits.
    pub fn add(&mut self, other: QueueSums) {
        for (interval, sums) in other.0 {
            *self.of(interval) += sums;
        }
    }

    /// The sums over all visits of a kind of channel.
    pub fn total(&self, channel: ChannelKind) -> Sums {
        let mut total = Sums::default();
        let of_channel = self.0.iter().filter(|(interval, _)| interval.channel == channel);
        of_channel.for_each(|(_, sums)| total += *sums);
        total
    }

    /// The kinds of channel that anything was counted of, in order.
    pub fn channels(&self) -> BTreeSet<ChannelKind> {
        self.0.keys().map(|interval| interval.channel).collect()
    }

    /// All of them, in the order of organization, queue, channel and time.
    pub fn into_sorted(self) -> Vec<(QueueInterval, Sums)> {
        let mut rows: Vec<_> = self.0.into_iter().collect();
        rows.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        rows
    }
}
