//! The naive view while events are applied: what a dashboard built on the webhooks would say.
//!
//! Invariant: it looks at the first event of each type and at nothing else, as people do who
//! build a dashboard straight on the webhooks.

use serde::{Deserialize, Serialize};

use crate::event::Event;
use crate::event_type::EventType;
use crate::naive::Naive;
use crate::outcome::Outcome;
use crate::time::EpochMs;

/// The first event of each type that the naive view looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FirstEvents {
    parked_at: Option<EpochMs>,
    connect_at: Option<EpochMs>,
    connected_at: Option<EpochMs>,
    ended_at: Option<EpochMs>,
    /// The first connect or end after the first park.
    waited_until: Option<EpochMs>,
    ended_by_customer: bool,
}

impl FirstEvents {
    /// Remembers the event, if it is the first of a type that matters.
    pub(crate) fn note(&mut self, event: &Event) {
        match event.kind {
            EventType::TaskParked => self.parked_at = self.parked_at.or(Some(event.at)),
            EventType::TaskConnect => {
                self.connect_at = self.connect_at.or(Some(event.at));
                self.end_wait(event);
            }
            EventType::TaskConnected => self.connected_at = self.connected_at.or(Some(event.at)),
            EventType::TaskEnded => {
                if self.ended_at.is_none() {
                    self.ended_at = Some(event.at);
                    self.ended_by_customer = event.says_customer_ended();
                }
                self.end_wait(event);
            }
            EventType::TaskNew
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
            | EventType::TaskCustomerLeft
            | EventType::TaskJoinConference
            | EventType::TaskExitConference
            | EventType::TaskOwnerChanged
            | EventType::TaskPrimaryOwnerLeft
            | EventType::CampaignContactDisposition
            | EventType::FlowError
            | EventType::CallbackFailed
            | EventType::Unknown => {}
        }
    }

    /// N2: a connect or an end after the first park.
    fn end_wait(&mut self, event: &Event) {
        if self.parked_at.is_some() {
            self.waited_until = self.waited_until.or(Some(event.at));
        }
    }

    /// Whether the task was ever parked.
    pub(crate) fn was_parked(&self) -> bool {
        self.parked_at.is_some()
    }

    /// Whether this `task:parked`, which was noted, is the first one.
    pub(crate) fn first_parked(&self, event: &Event) -> bool {
        self.parked_at == Some(event.at)
    }

    /// N1 to N4: the naive view of the events so far.
    pub(crate) fn view(&self) -> Naive {
        let between = |from: Option<EpochMs>, to: Option<EpochMs>| Some(to? - from?);
        let talk_ms = between(self.connected_at, self.ended_at).filter(|&talk_ms| talk_ms >= 0);
        let outcome = match self.ended_at {
            None => Outcome::Open,
            Some(_) if talk_ms.is_some() => Outcome::Handled,
            Some(_) if self.ended_by_customer => Outcome::Abandoned,
            Some(_) => Outcome::Failed,
        };
        Naive {
            parked_at: self.parked_at,
            connect_at: self.connect_at,
            connected_at: self.connected_at,
            ended_at: self.ended_at,
            live_wait_ms: between(self.parked_at, self.waited_until),
            talk_ms,
            outcome,
        }
    }
}
