//! The story of one task: what really happened to the customer.
//!
//! It has [`Scene`]s without pauses between them, the [`Ring`]s at agents' phones, the [`Callback`]
//! if there was one, and the [`Ending`]. The truth is derived from these alone. What Webex reports
//! ([`crate::notice`]) is kept separately, so the truth does not depend on how events are read.
//!
//! Invariant: scenes are in order of time, and each lasts until the next one or until the ending.

use crate::org::Id;

/// One task from its first webhook to its end. All times are epoch milliseconds.
#[derive(Clone, Debug)]
pub struct Story {
    /// Name of the plot, see [`crate::kinds`].
    pub kind: &'static str,
    /// `taskId`.
    pub task_id: Id,
    /// How the customer made contact.
    pub channel: Channel,
    /// Who called whom first.
    pub way: Way,
    /// What the customer went through.
    pub scenes: Vec<Scene>,
    /// Each time that an agent's phone rang for this task.
    pub rings: Vec<Ring>,
    /// The callback that the customer asked for.
    pub callback: Option<Callback>,
    /// Ends that Webex reported although the task went on.
    pub false_ends: u32,
    /// How it ended; `None` while the task is open.
    pub ending: Option<Ending>,
}

impl Story {
    /// Whether agent and customer have talked.
    pub fn has_talked(&self) -> bool {
        self.rings.iter().any(|ring| ring.customer.is_some())
    }
}

/// How the customer made contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// A call.
    Telephony,
    /// A chat.
    Chat,
    /// An e-mail.
    Email,
    /// A message on a social network.
    Social,
    /// A message of another kind.
    Messaging,
}

impl Channel {
    /// `channelType`.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Telephony => "telephony",
            Channel::Chat => "chat",
            Channel::Email => "email",
            Channel::Social => "social",
            Channel::Messaging => "customMessaging",
        }
    }

    /// The kind of channel that figures tell apart.
    pub fn kind(self) -> &'static str {
        match self {
            Channel::Messaging => "other",
            Channel::Telephony | Channel::Chat | Channel::Email | Channel::Social => self.name(),
        }
    }
}

/// A period of the customer's time.
#[derive(Clone, Debug)]
pub struct Scene {
    /// When it began.
    pub from: u64,
    /// What the customer was doing.
    pub doing: Doing,
    /// The queue that the customer is in or came through; `None` in the flow.
    pub queue: Option<usize>,
    /// Position in [`Story::rings`] of the ring that it belongs to.
    pub ring: Option<usize>,
}

/// What the customer is really doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Listening to the flow, before any queue.
    InFlow,
    /// Waiting in a queue, on the line.
    WaitingLive,
    /// Waiting for a callback, off the line. Only a signal, if there is one, reports it.
    WaitingAway,
    /// Not waiting at all: the contact centre wants to call, and its call waits for an agent.
    CallWaits,
    /// Waiting while an agent's phone rings (on the line or off it).
    AgentRings,
    /// Being called back: the agent is on the line, the customer's phone rings.
    CustomerRings,
    /// With an agent.
    Talking,
    /// On hold.
    OnHold,
    /// Waiting while the agent consults.
    Consulting,
    /// In a conference.
    Conferencing,
    /// Back in the flow after the agent left.
    AfterAgent,
}

/// One time that an agent's phone rang.
#[derive(Clone, Debug)]
pub struct Ring {
    /// Position in the organization's agents.
    pub agent: usize,
    /// When it began to ring.
    pub at: u64,
    /// When the agent answered.
    pub answered_at: Option<u64>,
    /// When the customer was on the line with the agent.
    pub customer: Option<Arrival>,
    /// When it stopped ringing, or when the agent or the customer left.
    pub released_at: Option<u64>,
    /// How it went; `None` while it rings.
    pub fate: Option<Fate>,
    /// Whether an end with a reason reported that fate.
    pub reason_told: bool,
    /// The after-call work (wrap-up), from and to. Who is away longer than an hour did something else.
    pub wrapup: Option<(u64, u64)>,
}

/// The customer comes on the line.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// When.
    pub at: u64,
    /// How it can be known.
    pub evidence: Evidence,
}

/// How the arrival of the customer can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A `task:connected` says so.
    TaskEvent,
    /// Only the agent's event says so.
    AgentEvent,
    /// No webhook says so, but the customer left in the end, and so must have been there.
    CustomerLeft,
}

/// How a ring went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The agent answered.
    Answered,
    /// The agent did not answer.
    NoAnswer,
    /// The agent refused or was busy.
    Declined,
    /// The agent's device could not be reached.
    Unreachable,
    /// Media to the agent failed.
    Failed,
    /// The customer or the system gave up first.
    Withdrawn,
}

/// The customer hangs up and asks to be called back.
#[derive(Clone, Debug)]
pub struct Callback {
    /// When.
    pub requested_at: u64,
    /// What reports the request.
    pub told: Told,
    /// The first webhook that shows the callback: an OUTBOUND / COURTESY_CALLBACK connect or park.
    pub shown_at: Option<u64>,
    /// Whether the customer was reached.
    pub completed: bool,
}

/// What reports the request for a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// No webhook. Later ones may show it.
    Never,
    /// Our signal, or the first event of a web callback.
    AtOnce,
    /// Our signal, but an agent was free at once. As that one did not answer, the callback stands.
    AfterLiveRing,
}

/// How a task ended.
#[derive(Clone, Debug)]
pub struct Ending {
    /// When.
    pub at: u64,
    /// Whether it was the customer who left.
    pub by_customer: bool,
    /// What `task:ended` says of it, if one comes.
    pub told: Option<(Party, String)>,
}

impl Ending {
    /// Whether the flow gave up, which only our signal reports.
    pub fn is_given_up(&self) -> bool {
        self.told.is_none() && !self.by_customer
    }
}

/// `terminatingParty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The agent.
    Agent,
    /// The customer.
    Customer,
    /// Neither.
    System,
}

impl Party {
    /// As Webex spells it.
    pub fn name(self) -> &'static str {
        match self {
            Party::Agent => "Agent",
            Party::Customer => "Customer",
            Party::System => "System",
        }
    }
}

/// Who calls whom, and why: `direction` and `outboundType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// INBOUND.
    Inbound,
    /// OUTBOUND / COURTESY_CALLBACK.
    Callback,
    /// OUTBOUND / CALLBACK: asked for on the web, or scheduled.
    WebCallback,
    /// OUTBOUND / OUTDIAL.
    Outdial,
    /// OUTBOUND, and the `outboundType` of a campaign, if it has one.
    Campaign(Option<&'static str>),
}

impl Way {
    /// `direction`.
    pub fn direction(self) -> &'static str {
        match self {
            Way::Inbound => "INBOUND",
            Way::Callback | Way::WebCallback | Way::Outdial | Way::Campaign(_) => "OUTBOUND",
        }
    }

    /// `outboundType`.
    pub fn outbound_type(self) -> Option<&'static str> {
        match self {
            Way::Inbound => None,
            Way::Callback => Some("COURTESY_CALLBACK"),
            Way::WebCallback => Some("CALLBACK"),
            Way::Outdial => Some("OUTDIAL"),
            Way::Campaign(outbound_type) => outbound_type,
        }
    }

    /// Whether the contact centre calls a customer who did not ask for it.
    pub fn is_own_call(self) -> bool {
        match self {
            Way::Outdial | Way::Campaign(_) => true,
            Way::Inbound | Way::Callback | Way::WebCallback => false,
        }
    }
}
