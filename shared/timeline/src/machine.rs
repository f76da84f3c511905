//! The state machine: one task's state, and the only place where it changes.
//!
//! [`stage`] says where a task can be, and [`timeline`] is its whole state. [`apply`] gives each
//! event to its effect, in [`task_events`], [`callbacks`], [`endings`] and [`agent_events`];
//! [`connection`] holds what several of them bring about. [`finish`] says what a state comes to, and [`stored`] is its
//! form in the table. The rest collects what goes to the outputs: [`segment_log`], [`offer_book`],
//! [`agents`], [`first_events`].

mod agent_events;
mod agents;
mod apply;
mod callback;
mod callbacks;
mod connection;
mod endings;
mod finish;
mod first_events;
mod offer_book;
mod segment_log;
mod stage;
mod step;
mod stored;
mod task_events;
mod timeline;

pub use apply::Applied;
pub use stage::{BeforeEnd, Brackets, DialResult, End, Moment, Stage};
pub use stored::StoredError;
pub use timeline::{Current, Timeline};
