//! What really happened to a contact-centre task.
//!
//! Webex Contact Center reports a call by webhooks that mislead: a ring that nobody answered is
//! `task:ended`, and a caller who left the line for a callback still looks like one who waits.
//! This crate says what an event is and where it stands in the order of its task ([`Event`],
//! [`Position`]), and derives from a task's events the customer's timeline ([`Timeline`],
//! [`Segment`], [`Offer`]), with a ledger of all corrections ([`Correction`]) and what the
//! webhooks alone would have said ([`Naive`]). [`AgentTimeline`] does the same for an agent.
//!
//! It is pure: no I/O, no clock, no environment. The live path applies one event at a time, the
//! batch folds a whole [`History`]; both end up in [`Timeline::apply`].

mod agent_timeline;
mod basis;
mod channel_kind;
mod correction;
mod event;
mod event_type;
mod figures;
mod history;
mod id;
mod limits;
mod machine;
mod naive;
mod offer;
mod outcome;
mod output_names;
mod position;
mod reason;
mod segment;
mod sink;
mod task_kind;
mod time;
mod wire_names;

pub use agent_timeline::{
    AgentEvent, AgentRecord, AgentSink, AgentSpan, AgentStatus, AgentTimeline, SHIFT_EDGE_MS,
    SILENCE_MS, Staffing, WORKS_FOR_MS,
};
pub use basis::Basis;
pub use channel_kind::ChannelKind;
pub use correction::{Correction, Rule};
pub use event::{AgentState, Channel, Direction, Event, EventDetails, OutboundType, Party};
pub use event_type::{EventType, Subject};
pub use figures::{FigureOptions, Figures};
pub use history::{Delivery, History, Record, count_late};
pub use id::Id;
pub use limits::Limits;
pub use machine::{
    Applied, BeforeEnd, Brackets, Current, DialResult, End, Moment, Stage, StoredError, Timeline,
};
pub use naive::{Actual, Naive};
pub use offer::{Offer, OfferOutcome};
pub use outcome::{CallbackOutcome, Outcome};
pub use output_names::Named;
pub use position::{Identity, Position};
pub use reason::{Reason, ReasonGroup};
pub use segment::{Phase, PhaseSums, Segment};
pub use sink::Sink;
pub use task_kind::TaskKind;
pub use time::EpochMs;
