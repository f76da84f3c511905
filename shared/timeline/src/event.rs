//! One event of a task or an agent, as the state machine sees it.
//!
//! Invariant: events of a task have one total order, their [`Position`]; it depends on what
//! the events say and never on how or when they arrived.
//!
//! Source of types and fields: Cisco's webhook documentation for contact-centre resources.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{HEX, Id};
use crate::reason::Reason;
use crate::segment::Basis;
use crate::time::EpochMs;

/// One event, without the envelope that it was delivered in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub kind: EventType,
    /// When it happened: `data.createdTime`.
    pub at: EpochMs,
    /// Which event it is; equal for every delivery of it.
    pub identity: Identity,
    /// The queue that it names.
    pub queue: Option<Id>,
    /// The agent that it names.
    pub agent: Option<Id>,
    /// What else it says.
    pub details: EventDetails,
}

/// What an event says besides who, where and when: the same few combinations over and over, so
/// they are interned and copied as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EventDetails {
    /// The state that an agent event says the agent is in now.
    pub agent_state: Option<AgentState>,
    /// The channel of the task.
    pub channel: Option<Channel>,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// Why an outbound task was made.
    pub outbound_type: Option<OutboundType>,
    /// On `task:ended`: who ended it.
    pub terminating_party: Option<Party>,
    /// On `task:ended`: why.
    pub reason: Option<Reason>,
    /// On `trueline:callback-requested`: seen live, or reconciled from the Search API.
    pub basis: Basis,
}

impl Event {
    /// An event of which nothing but type and identity is known yet.
    pub fn bare(kind: EventType, identity: Identity) -> Event {
        Event {
            kind,
            at: EpochMs::default(),
            identity,
            queue: None,
            agent: None,
            details: EventDetails::default(),
        }
    }

    /// Where the event stands among those of its task.
    pub fn position(&self) -> Position {
        Position { at: self.at, rank: self.kind.rank(), identity: self.identity }
    }

    /// Whether the event is a leg of a courtesy callback: the platform calls the customer.
    pub fn is_courtesy_callback(&self) -> bool {
        self.details.direction == Some(Direction::Outbound)
            && self.details.outbound_type == Some(OutboundType::CourtesyCallback)
    }
}

/// The place of an event in the order of its task: time, then rank, then identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// When it happened.
    pub at: EpochMs,
    /// [`EventType::rank`], which breaks ties.
    pub rank: u8,
    /// The last resort.
    pub identity: Identity,
}

/// Which event it is: a 128-bit hash over organization, type and canonical data.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity(pub u128);

impl Identity {
    /// 32 hexadecimal digits, in `buffer`.
    pub fn as_text(self, buffer: &mut [u8; 32]) -> &str {
        for (byte, digits) in self.0.to_be_bytes().iter().zip(buffer.as_chunks_mut().0) {
            *digits = HEX[usize::from(*byte)];
        }
        std::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_text(&mut [0; 32]))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Declares an enum whose variants have a name on the wire, and both ways between them.
macro_rules! wire_names {
    (
        $(#[$doc:meta])*
        $name:ident, otherwise $other:ident $other_text:literal;
        $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            #[doc = "Anything else that Webex may send: kept and counted, never refused."]
            $other,
        }

        impl $name {
            /// Every variant that has a name of its own.
            pub const NAMED: &[$name] = &[$($name::$variant,)+];

            /// The name on the wire.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                    $name::$other => $other_text,
                }
            }

            /// The variant of that exact name, else the one for everything else.
            pub fn from_name(name: &str) -> $name {
                match name {
                    $($text => $name::$variant,)+
                    _ => $name::$other,
                }
            }
        }
    };
}

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
    /// Breaks ties between events of a task in the same millisecond; lower comes first.
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

wire_names! {
    /// The state of an agent, of `agent:1.0.0` and `agent:2.0.0` together.
    AgentState, otherwise Other "other";
    /// Not ready.
    Idle = "idle",
    /// Ready.
    Available = "available",
    /// A task rings.
    Ringing = "ringing",
    /// Did not answer.
    NotResponding = "not-responding",
    /// Talks.
    Connected = "connected",
    /// Put the customer on hold.
    OnHold = "on-hold",
    /// Took the customer off hold.
    HoldDone = "hold-done",
    /// Consults, or is consulted.
    Consulting = "consulting",
    /// No longer consults.
    ConsultDone = "consult-done",
    /// In a conference.
    Conferencing = "conferencing",
    /// No longer in a conference.
    ConferenceDone = "conference-done",
    /// Works after the call.
    Wrapup = "wrapup",
    /// Done with the work after the call.
    WrapupDone = "wrapup-done",
    /// Gone.
    LoggedOut = "logged-out",
}

wire_names! {
    /// The channel of a task.
    Channel, otherwise Other "other";
    /// A call.
    Telephony = "telephony",
    /// Web chat.
    Chat = "chat",
    /// E-mail.
    Email = "email",
    /// Social messaging.
    Social = "social",
    /// Bring your own channel.
    CustomMessaging = "customMessaging",
    /// A work item.
    WorkItem = "workItem",
}

wire_names! {
    /// Who called whom.
    Direction, otherwise Other "OTHER";
    /// The customer called.
    Inbound = "INBOUND",
    /// The contact centre called.
    Outbound = "OUTBOUND",
}

wire_names! {
    /// Why an outbound task was made.
    OutboundType, otherwise Other "OTHER";
    /// The caller asked to be called back instead of waiting on the line.
    CourtesyCallback = "COURTESY_CALLBACK",
    /// An agent dialled.
    Outdial = "OUTDIAL",
    /// A callback of another kind.
    Callback = "CALLBACK",
}

wire_names! {
    /// Who ended a task.
    Party, otherwise Other "Other";
    /// The agent.
    Agent = "Agent",
    /// The customer.
    Customer = "Customer",
    /// The platform.
    System = "System",
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
