//! Values that tables hold by their names.
//!
//! Invariant: every variant is listed; one that is forgotten does not compile.

use task_timeline::{
    Basis, CallbackOutcome, Channel, Direction, OfferOutcome, Outcome, Party, Phase, Rule,
};

/// A value with a name in outputs.
pub(super) trait Named: Copy {
    /// The value of that name, if there is one.
    fn from_name(name: &str) -> Option<Self>;
}

/// Finds values by their names among all of their type.
macro_rules! named {
    ($($type:ident { $($variant:ident)+ })+) => {$(
        impl Named for $type {
            fn from_name(name: &str) -> Option<$type> {
                // A match, so that a variant that is missing below does not compile.
                let own_name = |value: &$type| match value {
                    $($type::$variant => $type::$variant.name(),)+
                };
                [$($type::$variant),+].into_iter().find(|value| own_name(value) == name)
            }
        }
    )+};
}

named! {
    Outcome {
        Handled CallbackFailed NotReached Short Abandoned Failed Open PresumedEnded
    }
    CallbackOutcome { None Pending Completed Failed }
    OfferOutcome { Answered NoAnswer Declined Unreachable Failed Withdrawn Open }
    Rule {
        FalseEnd CallbackWait AgentLeg PostCall Reopened EndInferred PresumedEnd Duplicate Late
    }
}

impl Named for Phase {
    fn from_name(name: &str) -> Option<Phase> {
        Phase::from_name(name)
    }
}

impl Named for Basis {
    fn from_name(name: &str) -> Option<Basis> {
        Basis::from_name(name)
    }
}

/// Names on the wire, where a name that Webex may add has a variant of its own.
macro_rules! named_on_the_wire {
    ($($type:ident)+) => {$(
        impl Named for $type {
            fn from_name(name: &str) -> Option<$type> {
                Some($type::from_name(name))
            }
        }
    )+};
}

named_on_the_wire! { Channel Direction Party }
