//! What Webex says of a story: a [`Telling`] is the story and, beside it, the webhooks to be.
//!
//! Here is everything that makes webhooks hard to read: false ends, missing or repeated parks, two
//! legs, agent events that drift. The archive is written from here, and the truth never looks here.
//!
//! The invariant: notices are in order of their time.

use crate::story::{Party, Story, Way};

/// A story, and what was said of it.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What happened.
    pub story: Story,
    /// The customer's number or address.
    pub customer: String,
    /// The number or address of ours that the customer used.
    pub entry: String,
    /// Whether its agent events are of version 1 or 2.
    pub agent_version: Version,
    /// What was said.
    pub notices: Vec<Notice>,
    /// What was said at the same time that belongs to no task.
    pub aside: Option<Notice>,
}

/// The version of a subscription or of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The older one.
    V1,
    /// The newer one.
    V2,
}

/// One webhook to be, without its envelope.
#[derive(Clone, Debug)]
pub struct Notice {
    /// `createdTime`.
    pub at: u64,
    /// What it says.
    pub what: What,
    /// `direction` and `outboundType`.
    pub way: Way,
    /// `queueId`.
    pub queue: Option<usize>,
    /// Whether its time may be off by some tens of milliseconds. Where the truth depends on it, it
    /// may not.
    pub loose: bool,
}

/// What a webhook says.
#[derive(Clone, Debug)]
pub enum What {
    /// An event of the task that says no more than its type.
    Task(TaskEvent),
    /// `task:ended`.
    Ended(Party, String),
    /// `capture:available`.
    Capture,
    /// `trueline:callback-requested`, with its queue or without.
    CallbackRequested,
    /// A type that no document lists.
    Unknown(&'static str),
    /// The task's agent is in this state now.
    Agent(usize, AgentState),
    /// `agent:login`; belongs to no task.
    Login(usize),
    /// `agent:logout`; belongs to no task.
    Logout(usize),
    /// `task:failed`: another task that could not be created, and is none.
    TaskFailed,
}

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
        }

        impl $name {
            /// As Webex writes it.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                }
            }
        }
    };
}

names! {
    /// Types of task events that say no more than their type.
    TaskEvent {
        New = "task:new",
        Parked = "task:parked",
        Connect = "task:connect",
        Connected = "task:connected",
        OnHold = "task:on-hold",
        HoldDone = "task:hold-done",
        Consulting = "task:consulting",
        ConsultDone = "task:consult-done",
        Conferencing = "task:conferencing",
        ConferenceDone = "task:conference-done",
        ConferenceTransferred = "task:conference-transferred",
        OriginUpdated = "task:origin-updated",
    }
}

names! {
    /// `currentState` of an agent.
    AgentState {
        Idle = "idle",
        Available = "available",
        Ringing = "ringing",
        NotResponding = "not-responding",
        Connected = "connected",
        OnHold = "on-hold",
        HoldDone = "hold-done",
        Consulting = "consulting",
        ConsultDone = "consult-done",
        Conferencing = "conferencing",
        ConferenceDone = "conference-done",
        Wrapup = "wrapup",
        WrapupDone = "wrapup-done",
    }
}

impl AgentState {
    /// Whether the agent has nothing to do with the call any more: no numbers and no queue then.
    pub fn is_after_the_call(self) -> bool {
        matches!(self, AgentState::Idle | AgentState::Available | AgentState::WrapupDone)
    }

    /// How this version tells of the state: version 1 has no states for consults and conferences,
    /// and an agent who does not respond is simply idle.
    pub fn as_told_by(self, version: Version) -> Option<AgentState> {
        use AgentState::{
            ConferenceDone, Conferencing, ConsultDone, Consulting, Idle, NotResponding,
        };
        match (version, self) {
            (Version::V1, NotResponding) => Some(Idle),
            (Version::V1, Consulting | ConsultDone | Conferencing | ConferenceDone) => None,
            (Version::V1 | Version::V2, state) => Some(state),
        }
    }
}
