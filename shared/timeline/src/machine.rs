//! The state machine: one task's state, and the only place where it changes.
//!
//! [`timeline`] is the state and what can be asked of it, [`step`] the effect of each event,
//! [`finish`] what it comes to, and [`stored`] its form in the table. The rest collects what goes
//! to the outputs: [`segment_log`], [`offer_book`], [`agents`], [`first_events`].

mod agents;
mod finish;
mod first_events;
mod offer_book;
mod segment_log;
mod step;
mod stored;
mod timeline;

pub use stored::StoredError;
pub use timeline::{Applied, Current, Timeline};
