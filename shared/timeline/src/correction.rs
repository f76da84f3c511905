//! What was corrected, and which events prove it: data, not errors.
//!
//! Invariant: every difference between a corrected timeline and the webhooks at face value has
//! a [`Correction`] that explains it.

use std::borrow::Cow;

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
    /// Deliveries of events that were there already.
    Duplicate,
    /// Deliveries that came after a later event.
    Late,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 9] = [
        Rule::FalseEnd,
        Rule::CallbackWait,
        Rule::AgentLeg,
        Rule::PostCall,
        Rule::Reopened,
        Rule::EndInferred,
        Rule::PresumedEnd,
        Rule::Duplicate,
        Rule::Late,
    ];

    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Rule::FalseEnd => "false_end",
            Rule::CallbackWait => "callback_wait",
            Rule::AgentLeg => "agent_leg",
            Rule::PostCall => "post_call",
            Rule::Reopened => "reopened",
            Rule::EndInferred => "end_inferred",
            Rule::PresumedEnd => "presumed_end",
            Rule::Duplicate => "duplicate",
            Rule::Late => "late",
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
