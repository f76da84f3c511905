//! A seeded generator of archives of Webex Contact Center webhooks that writes the truth beside
//! them.
//!
//! A *plot* ([`kinds`]) tells of a task with a *pen* ([`pen`]): every verb of the pen writes what
//! really happened, the *story* ([`story`]), and apart from it what Webex says of it, the *notices*
//! ([`notice`]). From the story comes the truth ([`truth`], [`record`]), from the notices come the
//! webhooks ([`webhook`]), with the quirks of their delivery ([`quirks`]). Put together they are an
//! archive ([`archive`]), in memory or as files ([`files`]).
//!
//! The invariant: the truth never comes from folding events, and this package shares no code with
//! the one that folds them. So it is a second, independent reading of the same rules, and a test
//! against it means something.
//!
//! ```
//! use generate_archive::{Archive, Options};
//!
//! let archive = Archive::new(Options { tasks: 10, ..Options::only(&["callback"]) })?;
//! assert!(archive.tasks().all(|task| task.truth.offers.len() == 1));
//! assert!(archive.deliveries().all(|delivery| delivery.line.starts_with('{')));
//! # anyhow::Ok(())
//! ```

pub mod archive;
pub mod dice;
pub mod files;
pub mod kinds;
pub mod notice;
pub mod objects;
mod options;
pub mod org;
pub mod pen;
pub mod quirks;
pub mod reasons;
pub mod record;
pub mod story;
pub mod truth;
pub mod webhook;

pub use archive::{Archive, Deliveries, Delivery, Summary, Task};
pub use files::write_archive;
pub use options::{Deal, Format, Options};
pub use quirks::Quirks;
pub use record::Truth;
