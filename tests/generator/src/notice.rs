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
    /// The versions of its agent events: one, or both at once.
    pub agent_versions: &'static [Version],
    /// What Webex reports.
    pub notices: Vec<Notice>,
    /// Reports from about the same time that belong to no task.
    pub asides: Vec<Notice>,
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
    /// When it is sent; `createdTime`, where the clock is right.
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
    /// `trueline:callback-failed`: a dial failed, and perhaps it was the last one.
    CallbackFailed {
        /// Nobody dials again.
        is_final: bool,
    },
    /// `task-message:appended`.
    Message {
        /// How far its clock is behind, in milliseconds.
        behind_ms: u64,
    },
    /// An undocumented type.
    Unknown(&'static str),
    /// The task's agent is in this state now, as this version tells it.
    Agent(usize, AgentState, Version),
    /// The agent is in this state without a task.
    OffTask {
        /// Position in the organization's agents.
        agent: usize,
        /// The state.
        state: AgentState,
        /// The version that tells it.
        version: Version,
        /// Position in the organization's idle codes; version 2 names it.
        idle_code: Option<usize>,
    },
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
        CustomerLeft = "task:customer-left",
        JoinConference = "task:join-conference",
        ExitConference = "task:exit-conference",
        OwnerChanged = "task:owner-changed",
        PrimaryOwnerLeft = "task:primary-owner-left",
        ContactDisposition = "campaign:contact-disposition",
        FlowError = "flow:error",
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
        Monitoring = "monitoring",
    }
}

impl Notice {
    /// `createdTime`.
    pub fn created_at(&self) -> u64 {
        let behind_ms = if let What::Message { behind_ms } = self.what { behind_ms } else { 0 };
        self.at - behind_ms
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
            ConferenceDone, Conferencing, ConsultDone, Consulting, Idle, Monitoring, NotResponding,
        };
        match (version, self) {
            (Version::V1, NotResponding) => Some(Idle),
            (
                Version::V1,
                Consulting | ConsultDone | Conferencing | ConferenceDone | Monitoring,
            ) => None,
            (Version::V1 | Version::V2, state) => Some(state),
        }
    }
}
