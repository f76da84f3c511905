//! The words of the outputs: phases, outcomes, results.
//!
//! Invariant: each is written as in the tables, in snake case.

use serde::Serialize;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($word:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the words are those of the outputs")]
        pub enum $name { $($word),+ }
    };
}

words! {
    /// Phases of a task.
    Phase {
        SelfService, Queued, CallbackWait, OutboundQueued, Offered, Dialing,
        Talking, OnHold, Consulting, Conferencing,
    }
}
words! {
    /// How something is known.
    Basis { Observed, Inferred }
}
words! {
    /// Outcomes of a task.
    Outcome { Handled, CallbackFailed, NotReached, Abandoned, Failed, Open }
}
words! {
    /// What became of a callback.
    CallbackState { None, Pending, Completed, Failed }
}
words! {
    /// Results of a visit.
    VisitResult {
        Answered, Abandoned, Callback, Transferred, System, Open, AbandonedInFlow,
    }
}
words! {
    /// Outcomes of an offer.
    OfferOutcome { Answered, NoAnswer, Declined, Unreachable, Failed, Withdrawn, Open }
}
