//! What really happened to a contact-centre task.
//!
//! Webex Contact Center reports a call by webhooks that mislead: a ring that nobody answered is
//! `task:ended`, and a caller who left the line for a callback still looks like one who waits.
//! This crate reads the webhooks ([`Webhook`]), gives each event an identity and a place in the
//! order of its task ([`Event`], [`Position`]), and tells from them the customer's way
//! ([`Timeline`], [`Segment`], [`Offer`]), with a ledger of all that was put right
//! ([`Correction`]) and what the webhooks alone would have said ([`Naive`]).
//!
//! It is pure: no I/O, no clock, no environment. The live path applies one event at a time, the
//! batch folds a whole [`History`]; both end up in [`Timeline::apply`].

mod agents;
mod correction;
mod event;
mod field;
mod figures;
mod history;
mod id;
mod json;
mod layout;
mod line;
mod naive;
mod offer;
mod plain;
mod reading;
mod reason;
mod scanner;
mod segment;
mod signature;
mod sink;
mod stored;
mod time;
mod timeline;
mod webhook;

pub use correction::{Correction, Rule};
pub use event::{
    AgentState, Channel, Direction, Event, EventType, Identity, OutboundType, Party, Position,
};
pub use figures::{CallbackOutcome, Figures, Outcome, Terms};
pub use history::{Delivery, History, Record, count_late};
pub use id::Id;
pub use json::Json;
pub use layout::Layouts;
pub use line::Lines;
pub use naive::Naive;
pub use offer::{Offer, OfferOutcome};
pub use reason::{Reason, ReasonGroup};
pub use segment::{Basis, Phase, PhaseSums, Segment};
pub use signature::{EmptySecret, ProofHeaders, Refusal, Secret, Secrets, TOLERANCE_MS};
pub use sink::Sink;
pub use stored::StoredError;
pub use time::EpochMs;
pub use timeline::{Applied, Current, Timeline};
pub use webhook::{Webhook, WebhookError};
