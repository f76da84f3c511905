//! What was corrected, and which events prove it: data, not errors.
//!
//! Invariant: wherever an event means something else than it says at face value, a [`Correction`]
//! explains it.

use std::borrow::Cow;

use crate::output_names::output_names;
use crate::position::Identity;
use crate::time::EpochMs;

/// Why something was corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A `task:ended` that ended the offer to one agent, not the task.
    FalseEnd,
    /// The caller was not on the line, but waited to be called back.
    CallbackWait,
    /// The first `task:connected` of a callback is the agent's leg, not talk.
    AgentLeg,
    /// The agent left before the customer.
    PostCall,
    /// The task went on after an end.
    Reopened,
    /// The end was lost; the recording proves it.
    EndInferred,
    /// No event for so long that the task must be over.
    PresumedEnd,
    /// A callback was asked for, but then the customer was connected live.
    CallbackWithdrawn,
    /// The customer left a conference in which agents remained.
    CustomerLeft,
    /// Deliveries of events that were there already.
    Duplicate,
    /// Deliveries that came after a later event.
    Late,
}

output_names! {
    Rule {
        FalseEnd = "false_end",
        CallbackWait = "callback_wait",
        AgentLeg = "agent_leg",
        PostCall = "post_call",
        Reopened = "reopened",
        EndInferred = "end_inferred",
        PresumedEnd = "presumed_end",
        CallbackWithdrawn = "callback_withdrawn",
        CustomerLeft = "customer_left",
        Duplicate = "duplicate",
        Late = "late",
    }
}

impl Rule {
    /// L8, L9: whether it tells only how events were delivered.
    pub fn is_of_delivery(self) -> bool {
        match self {
            Rule::Duplicate | Rule::Late => true,
            Rule::FalseEnd
            | Rule::CallbackWait
            | Rule::AgentLeg
            | Rule::PostCall
            | Rule::Reopened
            | Rule::EndInferred
            | Rule::PresumedEnd
            | Rule::CallbackWithdrawn
            | Rule::CustomerLeft => false,
        }
    }
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Correction {
    /// The moment that was corrected.
    pub at: EpochMs,
    /// Why.
    pub rule: Rule,
    /// What the webhooks say.
    pub said: Cow<'static, str>,
    /// What it is.
    pub is: Cow<'static, str>,
    /// The events that prove it.
    pub evidence: Vec<Identity>,
}
