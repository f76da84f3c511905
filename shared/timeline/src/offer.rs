//! One offer of a task to one agent, and how it ended.
//!
//! Invariant: there is exactly one offer for each `task:connect` that counted.

use serde::{Deserialize, Serialize};

use crate::id::Id;
use crate::output_names::output_names;
use crate::time::EpochMs;

/// How an offer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OfferOutcome {
    /// The agent answered.
    Answered,
    /// The agent did not answer (RONA).
    NoAnswer,
    /// The agent declined, or was busy.
    Declined,
    /// The agent could not be reached.
    Unreachable,
    /// No media to the agent.
    Failed,
    /// The task ended while the phone rang.
    Withdrawn,
    /// The phone still rings.
    Open,
}

output_names! {
    OfferOutcome {
        Answered = "answered",
        NoAnswer = "no_answer",
        Declined = "declined",
        Unreachable = "unreachable",
        Failed = "failed",
        Withdrawn = "withdrawn",
        Open = "open",
    }
}

/// What an agent event says about an offer; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum AgentSignal {
    Ringing,
    Connected,
    NotResponding,
}

/// One offer of a task to one agent: the agent's phone rings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Which one of the task it is, from 0.
    pub seq: u32,
    /// When the phone began to ring.
    pub offered_at: EpochMs,
    /// The agent, where an agent event tells.
    pub agent: Option<Id>,
    /// When the agent answered.
    pub answered_at: Option<EpochMs>,
    /// When the customer was on the line: on a callback later than the agent.
    pub customer_connected_at: Option<EpochMs>,
    /// When the ringing ended, or the agent or the customer left.
    pub released_at: Option<EpochMs>,
    /// Milliseconds of wrap-up, where its beginning and its end are known.
    pub wrapup_ms: Option<i64>,
    /// How it ended.
    pub outcome: OfferOutcome,
    /// Whether a reason gave the outcome; until then a later reason may correct it.
    pub(crate) has_reason: bool,
    /// How well the agent event fits that named the agent; the least fits best.
    pub(crate) named_by: Option<(AgentSignal, i64)>,
}
