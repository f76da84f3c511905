//! One event of a task or an agent, as the state machine sees it.
//!
//! Invariant: events of a task have one total order, their [`Position`]; it depends on what
//! the events say and never on how or when they arrived.
//!
//! Source of types and fields: Cisco's webhook documentation for contact-centre resources.

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::event_type::EventType;
use crate::id::Id;
use crate::position::{Identity, Position};
use crate::reason::{Reason, ReasonGroup};
use crate::time::EpochMs;
use crate::wire_names::wire_names;

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
    /// On `trueline:callback-failed`: the customer is not dialled again.
    pub is_final: bool,
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

    /// R5: whether a `task:ended` says that the customer left. A customer who was not reached has
    /// left nothing, whoever is named.
    pub(crate) fn says_customer_left(&self) -> bool {
        let group = self.details.reason.as_ref().map(|reason| reason.group);
        match group {
            Some(ReasonGroup::CustomerNotReached) => false,
            Some(ReasonGroup::CustomerLeft) => true,
            Some(_) | None => self.says_customer_ended(),
        }
    }

    /// Whether a `task:ended` says that the customer ended the task. The party says so, or, where
    /// it is missing, the reason.
    pub(crate) fn says_customer_ended(&self) -> bool {
        match self.details.terminating_party {
            Some(party) => party == Party::Customer,
            None => self
                .details
                .reason
                .as_ref()
                .is_some_and(|reason| reason.group == ReasonGroup::CustomerLeft),
        }
    }
}

wire_names! {
    /// The state of an agent, of `agent:1.0.0` and `agent:2.0.0` together.
    AgentState, otherwise Other "other";
    /// Not ready.
    Idle = "idle",
    /// Ready.
    Available = "available",
    /// The agent's phone rings.
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
    /// After-call work (wrap-up).
    Wrapup = "wrapup",
    /// Finished the wrap-up.
    WrapupDone = "wrapup-done",
    /// Logged out.
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
    /// A callback that is a task of its own: asked for on the web, or scheduled.
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
