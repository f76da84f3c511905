//! The types of webhooks that are known: name, rank and what an event of each must name.
//!
//! Source: Cisco's webhook documentation for contact-centre resources.

use serde::{Deserialize, Serialize};

use crate::wire_names::wire_names;

wire_names! {
    /// The type of a webhook.
    EventType, otherwise Unknown "unknown";
    /// The task reached the entry point.
    TaskNew = "task:new",
    /// Where the task comes from was changed.
    TaskOriginUpdated = "task:origin-updated",
    /// The caller asked for a callback: posted by the flow, or reconciled from the Search API.
    CallbackRequested = "trueline:callback-requested",
    /// The task waits in a queue; repeats after every failed offer.
    TaskParked = "task:parked",
    /// The task rings at an agent.
    TaskConnect = "task:connect",
    /// The agent answered; on a callback a second one says that the customer did.
    TaskConnected = "task:connected",
    /// The customer is on hold.
    TaskOnHold = "task:on-hold",
    /// The customer is off hold.
    TaskHoldDone = "task:hold-done",
    /// The agent consults another one.
    TaskConsulting = "task:consulting",
    /// The consultation is over.
    TaskConsultDone = "task:consult-done",
    /// Two agents talk with the customer.
    TaskConferencing = "task:conferencing",
    /// The conference is over.
    TaskConferenceDone = "task:conference-done",
    /// The first agent left the conference to the second one.
    TaskConferenceTransferred = "task:conference-transferred",
    /// Provisional: the task, or only the ring at one agent, is over.
    TaskEnded = "task:ended",
    /// A task could not be created; not a call that failed.
    TaskFailed = "task:failed",
    /// The recording is there: the task is over.
    CaptureAvailable = "capture:available",
    /// An agent changed state (`agent:1.0.0`).
    AgentStateChange = "agent:state_change",
    /// An agent changed state on one channel (`agent:2.0.0`).
    AgentChannelStateChange = "agent:channel_state_change",
    /// An agent changed state on a type of channel (`agent:2.0.0`).
    AgentChannelTypeStateChange = "agent:channelType_state_change",
    /// An agent logged in.
    AgentLogin = "agent:login",
    /// An agent logged out.
    AgentLogout = "agent:logout",
    /// A message was added to a digital task.
    TaskMessageAppended = "task-message:appended",
    /// A message could not be added to a digital task.
    TaskMessageAppendFailed = "task-message:append-failed",
}

impl EventType {
    /// I4: breaks ties between events of a task in the same millisecond; lower comes first.
    pub fn rank(self) -> u8 {
        match self {
            EventType::TaskNew => 0,
            EventType::TaskOriginUpdated => 1,
            EventType::CallbackRequested => 2,
            EventType::TaskParked => 3,
            EventType::TaskConnect => 4,
            EventType::TaskConnected => 5,
            EventType::TaskOnHold => 6,
            EventType::TaskHoldDone => 7,
            EventType::TaskConsulting => 8,
            EventType::TaskConsultDone => 9,
            EventType::TaskConferencing => 10,
            EventType::TaskConferenceDone => 11,
            EventType::TaskConferenceTransferred => 12,
            EventType::TaskEnded => 13,
            EventType::TaskFailed => 14,
            EventType::CaptureAvailable => 15,
            EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange
            | EventType::AgentLogin
            | EventType::AgentLogout => 16,
            EventType::TaskMessageAppended
            | EventType::TaskMessageAppendFailed
            | EventType::Unknown => 17,
        }
    }

    /// What an event of this type must name for it to be of use.
    pub fn subject(self) -> Subject {
        match self {
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
            | EventType::TaskMessageAppendFailed => Subject::Task,
            EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange
            | EventType::AgentLogin
            | EventType::AgentLogout => Subject::TaskOrAgent,
            EventType::Unknown => Subject::Any,
        }
    }
}

/// What an event of a type must name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A task.
    Task,
    /// A task or an agent.
    TaskOrAgent,
    /// Neither is needed.
    Any,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_variant() {
        for kind in EventType::NAMED {
            assert_eq!(EventType::from_name(kind.name()), *kind);
        }
        assert_eq!(EventType::from_name("task:levitated"), EventType::Unknown);
        assert_eq!(EventType::from_name("Task:New"), EventType::Unknown);
    }

    #[test]
    fn ties_break_in_the_documented_order() {
        let order = [
            "task:new",
            "task:origin-updated",
            "trueline:callback-requested",
            "task:parked",
            "task:connect",
            "task:connected",
            "task:on-hold",
            "task:hold-done",
            "task:consulting",
            "task:consult-done",
            "task:conferencing",
            "task:conference-done",
            "task:conference-transferred",
            "task:ended",
            "task:failed",
            "capture:available",
            "agent:state_change",
            "anything else",
        ];
        let ranks: Vec<u8> = order.iter().map(|name| EventType::from_name(name).rank()).collect();
        assert!(ranks.is_sorted_by(|a, b| a < b), "{ranks:?}");
    }
}
