//! What really happened to a contact-centre task.
//!
//! Webex Contact Center reports a call by webhooks that mislead: a ring that nobody answered is
//! `task:ended`, and a caller who left the line for a callback still looks like one who waits.
//! This crate says what an event is and where it stands in the order of its task ([`Event`],
//! [`Position`]), and derives from a task's events the customer's timeline ([`Timeline`],
//! [`Segment`], [`Offer`]), with a ledger of all that was put right ([`Correction`]) and what the
//! webhooks alone would have said ([`Naive`]).
//!
//! It is pure: no I/O, no clock, no environment. The live path applies one event at a time, the
//! batch folds a whole [`History`]; both end up in [`Timeline::apply`].

mod agents;
mod correction;
mod event;
mod figures;
mod history;
mod id;
mod naive;
mod offer;
mod reason;
mod segment;
mod sink;
mod stored;
mod time;
mod timeline;

pub use correction::{Correction, Rule};
pub use event::{
    AgentState, Channel, Direction, Event, EventDetails, EventType, Identity, OutboundType, Party,
    Position, Subject,
};
pub use figures::{CallbackOutcome, FigureOptions, Figures, Outcome};
pub use history::{Delivery, History, Record, count_late};
pub use id::Id;
pub use naive::Naive;
pub use offer::{Offer, OfferOutcome};
pub use reason::{Reason, ReasonGroup};
pub use segment::{Basis, Phase, PhaseSums, Segment};
pub use sink::Sink;
pub use stored::StoredError;
pub use time::EpochMs;
pub use timeline::{Applied, Current, Timeline};
