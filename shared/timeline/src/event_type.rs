//! The types of webhooks that are known: name, rank and what an event of each must name.
//!
//! Source: Cisco's webhook documentation for contact-centre resources. Of the types from
//! `task:customer-left` to `flow:error` only the names are known: a tenant listed them. An event of
//! such a type need not name anything, so that none is refused.

use serde::{Deserialize, Serialize};

use crate::wire_names::wire_names;

/// One row for each type: its name in webhooks, its rank, and what its events must name.
macro_rules! event_types {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, rank $rank:literal, names $subject:ident;)+) => {
        wire_names! {
            /// The type of a webhook.
            EventType, otherwise Unknown "unknown";
            $($(#[$doc])* $variant = $text,)+
        }

        impl EventType {
            /// I4: breaks ties between events of a task in the same millisecond; lower comes first.
            ///
            /// It is part of the keys of stored events: never change one.
            pub fn rank(self) -> u8 {
                match self {
                    $(EventType::$variant => $rank,)+
                    EventType::Unknown => 17,
                }
            }

            /// What an event of this type must name for it to be of use.
            pub fn subject(self) -> Subject {
                match self {
                    $(EventType::$variant => Subject::$subject,)+
                    EventType::Unknown => Subject::Any,
                }
            }
        }
    };
}

event_types! {
    /// The task reached the entry point.
    TaskNew = "task:new", rank 0, names Task;
    /// Where the task comes from was changed.
    TaskOriginUpdated = "task:origin-updated", rank 1, names Task;
    /// The caller asked for a callback: posted by the flow, or reconciled from the Search API.
    CallbackRequested = "trueline:callback-requested", rank 2, names Task;
    /// The task waits in a queue; repeats after every failed offer.
    TaskParked = "task:parked", rank 3, names Task;
    /// The task is offered to an agent, whose phone rings.
    TaskConnect = "task:connect", rank 4, names Task;
    /// The agent answered; on a callback a second one says that the customer did.
    TaskConnected = "task:connected", rank 5, names Task;
    /// The customer is on hold.
    TaskOnHold = "task:on-hold", rank 6, names Task;
    /// The customer is off hold.
    TaskHoldDone = "task:hold-done", rank 7, names Task;
    /// The agent consults another one.
    TaskConsulting = "task:consulting", rank 8, names Task;
    /// The consultation is over.
    TaskConsultDone = "task:consult-done", rank 9, names Task;
    /// Two agents talk with the customer.
    TaskConferencing = "task:conferencing", rank 10, names Task;
    /// The conference is over.
    TaskConferenceDone = "task:conference-done", rank 11, names Task;
    /// The first agent left the conference, the second one stays.
    TaskConferenceTransferred = "task:conference-transferred", rank 12, names Task;
    /// Provisional: the task, or only the offer to one agent, is over.
    TaskEnded = "task:ended", rank 13, names Task;
    /// A task could not be created; not a call that failed.
    TaskFailed = "task:failed", rank 14, names Task;
    /// The recording is there: the task is over.
    CaptureAvailable = "capture:available", rank 15, names Task;
    /// An agent changed state (`agent:1.0.0`).
    AgentStateChange = "agent:state_change", rank 16, names TaskOrAgent;
    /// An agent changed state on one channel (`agent:2.0.0`).
    AgentChannelStateChange = "agent:channel_state_change", rank 16, names TaskOrAgent;
    /// An agent changed state on a type of channel (`agent:2.0.0`).
    AgentChannelTypeStateChange = "agent:channelType_state_change", rank 16, names TaskOrAgent;
    /// An agent logged in.
    AgentLogin = "agent:login", rank 16, names TaskOrAgent;
    /// An agent logged out.
    AgentLogout = "agent:logout", rank 16, names TaskOrAgent;
    /// A message was added to a digital task.
    TaskMessageAppended = "task-message:appended", rank 17, names Task;
    /// A message could not be added to a digital task.
    TaskMessageAppendFailed = "task-message:append-failed", rank 17, names Task;
    /// The customer left a conference in which agents remain, as far as the name tells.
    TaskCustomerLeft = "task:customer-left", rank 17, names Any;
    /// An agent joined a conference.
    TaskJoinConference = "task:join-conference", rank 17, names Any;
    /// An agent left a conference.
    TaskExitConference = "task:exit-conference", rank 17, names Any;
    /// Another agent is responsible for the task.
    TaskOwnerChanged = "task:owner-changed", rank 17, names Any;
    /// The agent who was responsible for the task left it.
    TaskPrimaryOwnerLeft = "task:primary-owner-left", rank 17, names Any;
    /// How a contact of a campaign came out.
    CampaignContactDisposition = "campaign:contact-disposition", rank 17, names Any;
    /// A flow failed.
    FlowError = "flow:error", rank 17, names Any;
    /// A dial of the customer failed: posted by the flow.
    CallbackFailed = "trueline:callback-failed", rank 17, names Task;
}

impl EventType {
    /// Whether it happens only where agent and customer are connected: the answer, or what opens a
    /// bracket.
    pub(crate) fn proves_talk(self) -> bool {
        matches!(
            self,
            EventType::TaskConnected
                | EventType::TaskOnHold
                | EventType::TaskConsulting
                | EventType::TaskConferencing
        )
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
