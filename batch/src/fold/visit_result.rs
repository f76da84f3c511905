//! How a visit to a queue ended.
//!
//! Invariant: what was offered to a queue is one of answered, abandoned, short, open and the three
//! kinds of flow-out; `abandoned_in_flow` was offered to none.

use task_timeline::{Figures, Named, Outcome};

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

impl VisitResult {
    const ALL: [VisitResult; 8] = [
        VisitResult::Answered,
        VisitResult::Abandoned,
        VisitResult::Short,
        VisitResult::Callback,
        VisitResult::Transferred,
        VisitResult::System,
        VisitResult::Open,
        VisitResult::AbandonedInFlow,
    ];

    /// V4: of a task that was offered to no queue.
    pub(crate) fn of_flow(figures: &Figures) -> Option<VisitResult> {
        (figures.outcome == Outcome::Abandoned).then_some(VisitResult::AbandonedInFlow)
    }

    /// The name in `visits.parquet`.
    pub fn name(self) -> &'static str {
        match self {
            VisitResult::Answered => "answered",
            VisitResult::Abandoned => "abandoned",
            VisitResult::Short => "short",
            VisitResult::Callback => "callback",
            VisitResult::Transferred => "transferred",
            VisitResult::System => "system",
            VisitResult::Open => "open",
            VisitResult::AbandonedInFlow => "abandoned_in_flow",
        }
    }
}

impl Named for VisitResult {
    fn from_name(name: &str) -> Option<VisitResult> {
        VisitResult::ALL.into_iter().find(|result| result.name() == name)
    }
}
