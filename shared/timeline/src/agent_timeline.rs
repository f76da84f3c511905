//! What an agent does, from login to logout: a pure fold beside the task's state machine.
//!
//! [`AgentStatus`] says what one event tells of its agent, live and by night; [`AgentTimeline`] folds
//! the [`AgentEvent`]s of one agent, in order, into [`AgentSpan`]s. Rules: section G of
//! `docs/semantics.md`.
//!
//! Invariant: the spans are a function of the set of the agent's events. Those of one channel never
//! overlap, nor do those of the agent as a whole.

mod agent_event;
mod shift;
mod span;
mod staffing;
mod status;
mod timeline;

pub use self::agent_event::AgentEvent;
pub use self::span::{AgentRecord, AgentSink, AgentSpan};
pub use self::staffing::{Staffing, WORKS_FOR_MS};
pub use self::status::AgentStatus;
pub use self::timeline::{AgentTimeline, SHIFT_EDGE_MS, SILENCE_MS};
