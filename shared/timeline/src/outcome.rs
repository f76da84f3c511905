//! How a task came out, and what became of its callback.

use crate::output_names::output_names;

/// How a task came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Agent and customer talked.
    Handled,
    /// A callback was pending and the task ended without talk.
    CallbackFailed,
    /// An outdial that ended without talk.
    NotReached,
    /// Ended without talk within the short-call threshold.
    Short,
    /// The customer left without talk.
    Abandoned,
    /// The platform ended it without talk.
    Failed,
    /// Not over yet.
    Open,
    /// Stale, and agent and customer never talked.
    PresumedEnded,
}

output_names! {
    Outcome {
        Handled = "handled",
        CallbackFailed = "callback_failed",
        NotReached = "not_reached",
        Short = "short",
        Abandoned = "abandoned",
        Failed = "failed",
        Open = "open",
        PresumedEnded = "presumed_ended",
    }
}

/// What became of a callback request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallbackOutcome {
    /// There was none.
    None,
    /// The customer waits to be called back.
    Pending,
    /// The customer was called back and answered.
    Completed,
    /// The task ended before that.
    Failed,
}

output_names! {
    CallbackOutcome {
        None = "none",
        Pending = "pending",
        Completed = "completed",
        Failed = "failed",
    }
}
