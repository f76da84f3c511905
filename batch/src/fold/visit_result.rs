//! How a visit to a queue ended.
//!
//! Invariant: what was offered to a queue is one of answered, abandoned, short, open and the three
//! kinds of flow-out; `abandoned_in_flow` was offered to none.

use task_timeline::{Figures, Outcome, output_names};

/// V7 to V9: how a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VisitResult {
    /// Agent and customer were connected, live.
    Answered,
    /// The customer left, waiting or ringing.
    Abandoned,
    /// The call ended so soon that it does not count as abandoned.
    Short,
    /// Flow-out: a callback was asked for.
    Callback,
    /// Flow-out: to another queue.
    Transferred,
    /// Flow-out: the platform ended it.
    System,
    /// Still there.
    Open,
    /// The customer left before any queue.
    AbandonedInFlow,
}

output_names! {
    VisitResult {
        Answered = "answered",
        Abandoned = "abandoned",
        Short = "short",
        Callback = "callback",
        Transferred = "transferred",
        System = "system",
        Open = "open",
        AbandonedInFlow = "abandoned_in_flow",
    }
}

impl VisitResult {
    /// V4: of a task that was offered to no queue.
    pub(crate) fn of_flow(figures: &Figures) -> Option<VisitResult> {
        (figures.outcome == Outcome::Abandoned).then_some(VisitResult::AbandonedInFlow)
    }
}
