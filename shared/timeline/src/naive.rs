//! What the webhooks say at face value, for comparison.
//!
//! Invariant: it looks at the first event of each type and at nothing else, as people do who
//! build a dashboard straight on the webhooks.

use serde::{Deserialize, Serialize};

use crate::event::{Event, EventType, Party};
use crate::figures::Outcome;
use crate::reason::ReasonGroup;
use crate::time::EpochMs;

/// The first event of each type that the naive view looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FirstEvents {
    parked_at: Option<EpochMs>,
    connect_at: Option<EpochMs>,
    connected_at: Option<EpochMs>,
    ended_at: Option<EpochMs>,
    ended_by_customer: bool,
}

/// The figures that the webhooks alone would give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naive {
    /// The first `task:ended`.
    pub ended_at: Option<EpochMs>,
    /// From the first `task:parked` to the first `task:connect`; `None` without both.
    pub live_wait_ms: Option<i64>,
    /// From the first `task:connected` to the first `task:ended`; `None` without both, in
    /// that order.
    pub talk_ms: Option<i64>,
    /// Handled, abandoned, failed or open.
    pub outcome: Outcome,
}

impl FirstEvents {
    /// Remembers the event, if it is the first of a type that matters.
    pub(crate) fn note(&mut self, event: &Event) {
        match event.kind {
            EventType::TaskParked => self.parked_at = self.parked_at.or(Some(event.at)),
            EventType::TaskConnect => self.connect_at = self.connect_at.or(Some(event.at)),
            EventType::TaskConnected => self.connected_at = self.connected_at.or(Some(event.at)),
            EventType::TaskEnded if self.ended_at.is_none() => {
                self.ended_at = Some(event.at);
                self.ended_by_customer = ended_by_customer(event);
            }
            EventType::TaskEnded
            | EventType::TaskNew
            | EventType::TaskOriginUpdated
            | EventType::CallbackRequested
            | EventType::TaskOnHold
            | EventType::TaskHoldDone
            | EventType::TaskConsulting
            | EventType::TaskConsultDone
            | EventType::TaskConferencing
            | EventType::TaskConferenceDone
            | EventType::TaskConferenceTransferred
            | EventType::TaskFailed
            | EventType::CaptureAvailable
            | EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange
            | EventType::AgentLogin
            | EventType::AgentLogout
            | EventType::TaskMessageAppended
            | EventType::TaskMessageAppendFailed
            | EventType::Unknown => {}
        }
    }

    /// The naive view of the events so far.
    pub(crate) fn view(&self) -> Naive {
        let between = |from: Option<EpochMs>, to: Option<EpochMs>| Some(to? - from?);
        let talk_ms = between(self.connected_at, self.ended_at).filter(|&talk_ms| talk_ms >= 0);
        let outcome = match self.ended_at {
            None => Outcome::Open,
            Some(_) if talk_ms.is_some() => Outcome::Handled,
            Some(_) if self.ended_by_customer => Outcome::Abandoned,
            Some(_) => Outcome::Failed,
        };
        let live_wait_ms = between(self.parked_at, self.connect_at).map(|wait_ms| wait_ms.max(0));
        Naive { ended_at: self.ended_at, live_wait_ms, talk_ms, outcome }
    }
}

/// Whether a `task:ended` says that the customer ended the task. The party says so, or, where
/// it is missing, the reason.
pub(crate) fn ended_by_customer(event: &Event) -> bool {
    match event.details.terminating_party {
        Some(party) => party == Party::Customer,
        None => {
            event.details.reason.as_ref().is_some_and(|why| why.group == ReasonGroup::CustomerLeft)
        }
    }
}
