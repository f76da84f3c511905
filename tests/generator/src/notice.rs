//! What Webex reports about a story: a [`Telling`] is the story and its future webhooks.
//!
//! Here is everything that makes webhooks hard to read: false ends, missing or repeated parks, two
//! legs, agent events that drift. The archive is written from this; the truth never reads it.
//!
//! Invariant: notices are in order of time.

use crate::story::{Party, Story, Way};

/// A story, and what Webex reports about it.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What happened.
    pub story: Story,
    /// The customer's number or address.
    pub customer: String,
    /// Our number or address that the customer used.
    pub entry: String,
    /// The version of its agent events.
    pub agent_version: Version,
    /// What Webex reports.
    pub notices: Vec<Notice>,
    /// A report from the same time that belongs to no task.
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

/// One future webhook, without its envelope.
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
    /// Whether its time may be off by some tens of milliseconds. It must not be off where the truth
    /// depends on it.
    pub loose: bool,
}

/// What a webhook says.
#[derive(Clone, Debug)]
pub enum What {
    /// An event of the task whose type says everything.
    Task(TaskEvent),
    /// `task:ended`.
    Ended(Party, String),
    /// `capture:available`.
    Capture,
    /// `trueline:callback-requested`, with or without a queue.
    CallbackRequested,
    /// An undocumented type.
    Unknown(&'static str),
    /// The task's agent is in this state now.
    Agent(usize, AgentState),
    /// `agent:login`; belongs to no task.
    Login(usize),
    /// `agent:logout`; belongs to no task.
    Logout(usize),
    /// `task:failed`: another task, which could not be created and never exists.
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
            /// As Webex spells it.
            pub fn name(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                }
            }
        }
    };
}

names! {
    /// Task events whose type says everything.
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
    /// Whether the agent is done with the call. The event then has no numbers and no queue.
    pub fn is_after_the_call(self) -> bool {
        matches!(self, AgentState::Idle | AgentState::Available | AgentState::WrapupDone)
    }

    /// The state as this version reports it. Version 1 has no states for consults and conferences,
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
