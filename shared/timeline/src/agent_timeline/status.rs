//! The states of an agent, and which of them an event tells.
//!
//! Invariant: what one event tells does not depend on any other event.

use serde::{Deserialize, Serialize};

use crate::event::{AgentState, Event};
use crate::event_type::EventType;
use crate::output_names::output_names;

/// G2: what an agent does. G6: of several channels, the first one of this list counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AgentStatus {
    /// With the customer and another agent.
    Conferencing,
    /// With the customer.
    Connected,
    /// With another agent, while the customer waits.
    Consulting,
    /// Put the customer on hold.
    OnHold,
    /// The phone rings.
    Ringing,
    /// After-call work.
    Wrapup,
    /// Did not answer, and is offered nothing until ready again.
    NotResponding,
    /// Ready.
    Available,
    /// Not ready, for the reason that the idle code gives.
    Idle,
    /// Not there.
    LoggedOut,
}

output_names! {
    AgentStatus {
        Conferencing = "conferencing",
        Connected = "connected",
        Consulting = "consulting",
        OnHold = "on_hold",
        Ringing = "ringing",
        Wrapup = "wrapup",
        NotResponding = "not_responding",
        Available = "available",
        Idle = "idle",
        LoggedOut = "logged_out",
    }
}

impl AgentStatus {
    /// G2: the state that an event tells of the agent whom it names; `None` where it tells none.
    pub fn from_event(event: &Event) -> Option<AgentStatus> {
        let told = event.details.agent_state.and_then(AgentStatus::from_state);
        match event.kind {
            EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange => told,
            EventType::AgentLogin => {
                let is_there = told.filter(|status| *status != AgentStatus::LoggedOut);
                Some(is_there.unwrap_or(AgentStatus::Idle))
            }
            EventType::AgentLogout => Some(AgentStatus::LoggedOut),
            EventType::TaskNew
            | EventType::TaskOriginUpdated
            | EventType::CallbackRequested
            | EventType::TaskParked
            | EventType::TaskConnect
            | EventType::TaskConnected
            | EventType::TaskOnHold
            | EventType::TaskHoldDone
            | EventType::TaskConsulting
            | EventType::TaskConsultDone
            | EventType::TaskConferencing
            | EventType::TaskConferenceDone
            | EventType::TaskConferenceTransferred
            | EventType::TaskEnded
            | EventType::TaskFailed
            | EventType::CaptureAvailable
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
            | EventType::Unknown => None,
        }
    }

    /// G2: the state that `currentState` means.
    pub fn from_state(state: AgentState) -> Option<AgentStatus> {
        match state {
            AgentState::Idle => Some(AgentStatus::Idle),
            AgentState::Available | AgentState::WrapupDone => Some(AgentStatus::Available),
            AgentState::Ringing => Some(AgentStatus::Ringing),
            AgentState::NotResponding => Some(AgentStatus::NotResponding),
            AgentState::Connected
            | AgentState::HoldDone
            | AgentState::ConsultDone
            | AgentState::ConferenceDone => Some(AgentStatus::Connected),
            AgentState::OnHold => Some(AgentStatus::OnHold),
            AgentState::Consulting => Some(AgentStatus::Consulting),
            AgentState::Conferencing => Some(AgentStatus::Conferencing),
            AgentState::Wrapup => Some(AgentStatus::Wrapup),
            AgentState::LoggedOut => Some(AgentStatus::LoggedOut),
            AgentState::Other => None,
        }
    }

    /// Whether the agent has a task in this state, or was offered one.
    pub fn is_busy(self) -> bool {
        match self {
            AgentStatus::Conferencing
            | AgentStatus::Connected
            | AgentStatus::Consulting
            | AgentStatus::OnHold
            | AgentStatus::Ringing
            | AgentStatus::Wrapup
            | AgentStatus::NotResponding => true,
            AgentStatus::Available | AgentStatus::Idle | AgentStatus::LoggedOut => false,
        }
    }
}
