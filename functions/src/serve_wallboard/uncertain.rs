//! Which calls are uncertain: their last webhook may be lost, or a callback was never reported.
//!
//! Invariants:
//! - A call is uncertain if it has been in its phase for longer than is plausible, or since before
//!   the last gap of the subscription to tasks ended: Webex never sends what happened in a gap. The
//!   next change of phase ends the doubt.
//! - Only calls are. A chat or an e-mail may wait for days.
//! - A callback waits for as long as its queue allows, so only a gap makes it uncertain.

use serde::Serialize;
use task_timeline::{Channel, EpochMs, Phase};
use webhook::TOLERANCE_MS;

use crate::store::task_table::LiveTask;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// How long a call may be in a phase before it is uncertain, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct UncertainAfter {
    /// In a queue: the caller may have hung up for a callback.
    #[serde(rename = "queued")]
    pub queued_ms: i64,
    /// Offered to an agent.
    #[serde(rename = "ringing")]
    pub ringing_ms: i64,
    /// Being called back.
    #[serde(rename = "dialing")]
    pub dialing_ms: i64,
    /// With an agent: talking, on hold, in a consultation or a conference.
    #[serde(rename = "with_agent")]
    pub with_agent_ms: i64,
    /// In the flow.
    #[serde(rename = "in_flow")]
    pub in_flow_ms: i64,
}

impl Default for UncertainAfter {
    /// What the template has.
    fn default() -> UncertainAfter {
        UncertainAfter {
            queued_ms: 30 * MINUTE_MS,
            ringing_ms: 5 * MINUTE_MS,
            dialing_ms: 5 * MINUTE_MS,
            with_agent_ms: 8 * HOUR_MS,
            in_flow_ms: 2 * HOUR_MS,
        }
    }
}

/// Tells which calls are uncertain at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Doubt {
    /// How long a phase is plausible.
    pub(super) after: UncertainAfter,
    /// When the last gap of the subscription to tasks ended.
    pub(super) gap_ended: Option<EpochMs>,
    /// The moment.
    pub(super) now: EpochMs,
}

impl Doubt {
    /// Whether it is uncertain what the customer of a task does.
    pub(super) fn is_uncertain(&self, task: &LiveTask) -> bool {
        let lasts_ms = self.now - task.since;
        let is_from_before_gap = self.gap_ended.is_some_and(|ended| task.since < ended);
        let is_ahead = lasts_ms < -TOLERANCE_MS;
        let is_too_long = self.longest_ms(task.phase).is_some_and(|longest| lasts_ms > longest);
        task.channel == Channel::Telephony && (is_from_before_gap || is_ahead || is_too_long)
    }

    fn longest_ms(&self, phase: Phase) -> Option<i64> {
        match phase {
            Phase::SelfService => Some(self.after.in_flow_ms),
            Phase::Queued => Some(self.after.queued_ms),
            Phase::CallbackWait | Phase::OutboundQueued => None,
            Phase::Offered => Some(self.after.ringing_ms),
            Phase::Dialing => Some(self.after.dialing_ms),
            Phase::Talking | Phase::OnHold | Phase::Consulting | Phase::Conferencing => {
                Some(self.after.with_agent_ms)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use task_timeline::Basis;

    use super::*;

    const NOW: EpochMs = EpochMs(1_772_409_600_000);

    fn is_uncertain(phase: Phase, channel: Channel, lasts_ms: i64, gap: Option<i64>) -> bool {
        let (task, queue, basis) = ("t".to_owned(), None, Basis::Observed);
        let task =
            LiveTask { task, phase, channel, since: NOW + -lasts_ms, queue, agent: None, basis };
        let gap_ended = gap.map(|ended_before_ms| NOW + -ended_before_ms);
        Doubt { after: UncertainAfter::default(), gap_ended, now: NOW }.is_uncertain(&task)
    }

    #[test]
    fn a_call_is_uncertain_after_what_its_phase_may_take() {
        let longest = [
            (Phase::SelfService, 2 * HOUR_MS),
            (Phase::Queued, 30 * MINUTE_MS),
            (Phase::Offered, 5 * MINUTE_MS),
            (Phase::Dialing, 5 * MINUTE_MS),
            (Phase::Talking, 8 * HOUR_MS),
            (Phase::OnHold, 8 * HOUR_MS),
            (Phase::Consulting, 8 * HOUR_MS),
            (Phase::Conferencing, 8 * HOUR_MS),
        ];
        for (phase, ms) in longest {
            assert!(!is_uncertain(phase, Channel::Telephony, ms, None), "{phase:?}");
            assert!(is_uncertain(phase, Channel::Telephony, ms + 1, None), "{phase:?}");
        }
        assert!(!is_uncertain(Phase::CallbackWait, Channel::Telephony, 300 * HOUR_MS, None));
    }

    #[test]
    fn what_was_live_when_a_gap_ended_is_uncertain_until_its_next_phase() {
        for phase in Phase::ALL {
            let gap = Some(MINUTE_MS);
            assert!(is_uncertain(phase, Channel::Telephony, MINUTE_MS + 1, gap), "{phase:?}");
            assert!(!is_uncertain(phase, Channel::Telephony, MINUTE_MS, gap), "{phase:?}");
        }
    }

    #[test]
    fn a_phase_that_begins_in_the_future_is_uncertain() {
        assert!(is_uncertain(Phase::Talking, Channel::Telephony, -TOLERANCE_MS - 1, None));
        assert!(!is_uncertain(Phase::Talking, Channel::Telephony, -TOLERANCE_MS, None));
    }

    #[test]
    fn only_calls_are_uncertain() {
        for channel in Channel::NAMED.iter().chain(&[Channel::Other]) {
            let is_call = *channel == Channel::Telephony;
            for phase in Phase::ALL {
                assert_eq!(is_uncertain(phase, *channel, 90 * HOUR_MS, Some(0)), is_call);
            }
        }
    }
}
