//! The truth as it is written: one [`Truth`] for each task, with the columns and words of the
//! outputs.
//!
//! Invariant: segments are in order and without pauses between them, and only the last may be open.

use serde::Serialize;

use crate::naive::Naive;
use crate::org::Id;
pub use crate::words::{Basis, CallbackState, OfferOutcome, Outcome, Phase, VisitResult};

/// One line of the truth: a task with its segments and offers. Times are epoch milliseconds.
#[derive(Clone, Debug, Serialize)]
pub struct Truth {
    /// Organization.
    pub org_id: Id,
    /// `taskId`.
    pub task_id: Id,
    /// Name of the plot; not part of the timeline.
    pub kind: &'static str,
    /// The kind of channel.
    pub channel: &'static str,
    /// `direction` of the first event.
    pub direction: &'static str,
    /// The first queue.
    pub first_queue_id: Option<Id>,
    /// The last queue.
    pub last_queue_id: Option<Id>,
    /// Time of the first task event.
    pub started_at: u64,
    /// Time of the real end; `None` while the task is open.
    pub ended_at: Option<u64>,
    /// Outcome of the task.
    pub outcome: Outcome,
    /// `terminatingParty` of the real end.
    pub terminating_party: Option<&'static str>,
    /// `reason` of the real end, as spelled.
    pub reason: Option<String>,
    /// What became of the callback.
    pub callback: CallbackState,
    /// How the callback is known.
    pub callback_basis: Option<Basis>,
    /// Offers that no agent answered in time.
    pub rona_count: usize,
    /// `task:ended` events that did not end the task.
    pub false_ends: u32,
    /// Distinct events.
    pub events: usize,
    /// Repeats of them.
    pub duplicates: usize,
    /// Milliseconds by phase.
    #[serde(flatten)]
    pub sums: Sums,
    /// What the webhooks say at face value.
    #[serde(flatten)]
    pub naive: Naive,
    /// The phases, one after the other.
    pub segments: Vec<Segment>,
    /// The offers, in order.
    pub offers: Vec<Offer>,
    /// The stays in queues, in order.
    pub visits: Vec<Visit>,
}

/// Milliseconds in closed segments, by phase, and the agents' wrap-up (`None` if none is known).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "each is named after its phase")]
pub struct Sums {
    pub self_service_ms: u64,
    pub live_wait_ms: u64,
    pub callback_wait_ms: u64,
    pub outbound_wait_ms: u64,
    pub ring_ms: u64,
    pub dialing_ms: u64,
    pub talk_ms: u64,
    pub hold_ms: u64,
    pub consult_ms: u64,
    pub conference_ms: u64,
    pub wrapup_ms: Option<u64>,
    pub total_ms: u64,
}

/// A period of the customer's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segment {
    /// What the customer was doing.
    pub phase: Phase,
    /// When it began.
    pub started_at: u64,
    /// When it ended; `None` while it lasts.
    pub ended_at: Option<u64>,
    /// The current queue, if known; `None` in self-service.
    pub queue_id: Option<Id>,
    /// The offer's agent, from ringing to the end of the talk.
    pub agent_id: Option<Id>,
    /// How it is known.
    pub basis: Basis,
}

/// One offer of the task to one agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// Its number, from 0.
    pub seq: usize,
    /// When it began to ring.
    pub offered_at: u64,
    /// The agent.
    pub agent_id: Option<Id>,
    /// When the agent's leg was connected.
    pub answered_at: Option<u64>,
    /// When the customer's leg was connected.
    pub customer_connected_at: Option<u64>,
    /// When the ring or the talk ended.
    pub released_at: Option<u64>,
    /// After-call work (wrap-up).
    pub wrapup_ms: Option<u64>,
    /// How it ended.
    pub outcome: OfferOutcome,
}

/// A stay in a queue; a task that was offered to none has one without a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// Its number, from 0.
    pub seq: usize,
    /// The queue.
    pub queue_id: Option<Id>,
    /// The kind of channel.
    pub channel: &'static str,
    /// When the customer entered it; without a queue, when the task began.
    pub entered_at: u64,
    /// When the customer left it; `None` while there.
    pub left_at: Option<u64>,
    /// How it ended; `None` if nothing was offered to a queue.
    pub result: Option<VisitResult>,
    /// What became of the callback that was asked for in it.
    pub callback: CallbackState,
    /// On the line in the queue.
    pub live_wait_ms: u64,
    /// Ringing, until agent and customer were connected.
    pub ring_ms: u64,
    /// Off the line.
    pub callback_wait_ms: u64,
    /// Talk and conferences.
    pub talk_ms: u64,
    /// Hold and consultations.
    pub hold_ms: u64,
    /// After-call work; `None` if none is known.
    pub wrapup_ms: Option<u64>,
    /// Offers that began in it.
    pub offers: usize,
    /// Those that no agent answered.
    pub rona: usize,
}
