//! What a dashboard says that takes the webhooks at face value.
//!
//! Invariant: this is the one part of the truth that is read from notices, because it is by definition
//! about them. It looks at `createdTime` and type of task events alone.

use serde::Serialize;

use crate::notice::{Notice, TaskEvent, What};
use crate::story::Party;
use crate::words::Outcome;

/// The naive figures, with the names of their columns. Times are epoch milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names are those of the columns")]
pub struct Naive {
    pub naive_parked_at: Option<u64>,
    pub naive_connect_at: Option<u64>,
    pub naive_connected_at: Option<u64>,
    pub naive_ended_at: Option<u64>,
    pub naive_live_wait_ms: Option<u64>,
    pub naive_talk_ms: Option<u64>,
    pub naive_outcome: Outcome,
}

impl Naive {
    /// The naive figures of these notices, which are in order of time.
    pub fn new(notices: &[Notice]) -> Naive {
        let parked = first(notices, |what| is_task(what, TaskEvent::Parked));
        let connected_at = first(notices, |what| is_task(what, TaskEvent::Connected));
        let ended_at = first(notices, |what| end_of(what).is_some());
        let talk = connected_at.zip(ended_at).and_then(|(from, to)| to.checked_sub(from));
        Naive {
            naive_parked_at: parked,
            naive_connect_at: first(notices, |what| is_task(what, TaskEvent::Connect)),
            naive_connected_at: connected_at,
            naive_ended_at: ended_at,
            naive_live_wait_ms: parked.and_then(|parked| live_wait_ms(notices, parked)),
            naive_talk_ms: talk,
            naive_outcome: match notices.iter().find_map(|notice| end_of(&notice.what)) {
                None => Outcome::Open,
                Some(_) if talk.is_some() => Outcome::Handled,
                Some(Party::Customer) => Outcome::Abandoned,
                Some(Party::Agent | Party::System) => Outcome::Failed,
            },
        }
    }
}

/// Up to the first offer or end that comes after the park.
fn live_wait_ms(notices: &[Notice], parked: u64) -> Option<u64> {
    let is_over = |what: &What| is_task(what, TaskEvent::Connect) || end_of(what).is_some();
    let over = notices.iter().find(|notice| notice.at >= parked && is_over(&notice.what))?;
    Some(over.at - parked)
}

fn first(notices: &[Notice], is_meant: impl Fn(&What) -> bool) -> Option<u64> {
    notices.iter().find(|notice| is_meant(&notice.what)).map(|notice| notice.at)
}

fn is_task(what: &What, event: TaskEvent) -> bool {
    matches!(what, What::Task(other) if *other == event)
}

fn end_of(what: &What) -> Option<Party> {
    if let What::Ended(party, _) = what { Some(*party) } else { None }
}
