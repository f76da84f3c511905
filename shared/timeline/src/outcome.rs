//! How a task came out, and what became of its callback.

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

impl Outcome {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Handled => "handled",
            Outcome::CallbackFailed => "callback_failed",
            Outcome::NotReached => "not_reached",
            Outcome::Short => "short",
            Outcome::Abandoned => "abandoned",
            Outcome::Failed => "failed",
            Outcome::Open => "open",
            Outcome::PresumedEnded => "presumed_ended",
        }
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

impl CallbackOutcome {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            CallbackOutcome::None => "none",
            CallbackOutcome::Pending => "pending",
            CallbackOutcome::Completed => "completed",
            CallbackOutcome::Failed => "failed",
        }
    }
}
