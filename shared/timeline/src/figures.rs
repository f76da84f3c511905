//! What a finished or unfinished task comes to: the figures of one row of the task report.
//!
//! Invariant: the figures follow from the stored state alone; no event is read again.

use crate::basis::Basis;
use crate::channel_kind::ChannelKind;
use crate::event::{Channel, Direction, Party};
use crate::id::Id;
use crate::limits::Limits;
use crate::naive::Naive;
use crate::outcome::{CallbackOutcome, Outcome};
use crate::segment::PhaseSums;
use crate::task_kind::TaskKind;
use crate::time::EpochMs;

/// What figures depend on besides the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FigureOptions {
    /// The as-of time: the instant that the figures are for.
    pub as_of: EpochMs,
    /// An open task without an event for longer than this is over; in milliseconds.
    pub stale_after_ms: i64,
    /// A task without talk that ended within this is a short call; in milliseconds, 0 for none.
    pub short_call_ms: i64,
    /// What was too long to be true while the events were applied.
    pub limits: Limits,
}

/// The figures of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The channel, as the first event that names one says.
    pub channel: Option<Channel>,
    /// Whose call it is.
    pub kind: TaskKind,
    /// The direction, as the first event that names one says.
    pub direction: Option<Direction>,
    /// The first queue.
    pub first_queue: Option<Id>,
    /// The last queue.
    pub last_queue: Option<Id>,
    /// The first `task:*` event.
    pub started_at: EpochMs,
    /// The end; `None` while the task is open.
    pub ended_at: Option<EpochMs>,
    /// How it came out.
    pub outcome: Outcome,
    /// Whether the customer ended it by leaving, after talk or without (R5).
    pub customer_left: bool,
    /// Who ended it.
    pub terminating_party: Option<Party>,
    /// Why it ended, as sent.
    pub reason: Option<std::sync::Arc<str>>,
    /// What became of the callback.
    pub callback: CallbackOutcome,
    /// How the callback request is known.
    pub callback_basis: Option<Basis>,
    /// Offers to agents.
    pub offers: u32,
    /// Offers that no agent answered (RONA).
    pub rona_count: u32,
    /// `task:ended` events that did not end the task.
    pub false_ends: u32,
    /// Rows in the ledger.
    pub corrections: u32,
    /// Distinct events.
    pub events: u32,
    /// Deliveries of events that were there already.
    pub duplicates: u32,
    /// Deliveries that came after a later event.
    pub late: u32,
    /// Milliseconds in each phase; open segments do not count.
    pub phases: PhaseSums,
    /// Milliseconds of wrap-up; `None` if none is known from its beginning to its end.
    pub wrapup_ms: Option<i64>,
    /// What the webhooks say at face value.
    pub naive: Naive,
}

impl Figures {
    /// The kind of channel. A task that names none is taken for a call.
    pub fn channel_kind(&self) -> ChannelKind {
        self.channel.map_or(ChannelKind::Telephony, ChannelKind::from)
    }

    /// Milliseconds from the start to the end, or to the last change of phase while open.
    pub fn total_ms(&self) -> i64 {
        self.phases.total()
    }
}
