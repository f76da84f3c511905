//! Generates archives of Webex Contact Center webhooks from a seed, and the truth about them.
//!
//! A *plot* ([`kinds`]) describes a task with a *pen* ([`pen`]). Every verb of the pen writes what
//! really happened, the *story* ([`story`]), and separately what Webex reports about it, the
//! *notices* ([`notice`]). The story gives the truth ([`truth`], [`record`]). The notices give the
//! webhooks ([`webhook`]), with the quirks of their delivery ([`quirks`]). Together they make an
//! archive ([`archive`]), in memory or as files ([`files`]). Some agents work whole shifts
//! ([`roster`]), with a truth of their own ([`agent_truth`]).
//!
//! Invariant: the truth is never computed by folding events, and this package shares no code with
//! the one that folds them. So it is a second, independent implementation of the same rules, and a
//! test against it is meaningful.
//!
//! ```
//! use generate_archive::{Archive, Options};
//!
//! let archive = Archive::new(Options { tasks: 10, ..Options::only(&["callback"]) })?;
//! assert!(archive.tasks().all(|task| task.truth.offers.len() == 1));
//! assert!(archive.deliveries().all(|delivery| delivery.line.starts_with('{')));
//! # anyhow::Ok(())
//! ```

pub mod agent_truth;
pub mod archive;
pub mod dice;
pub mod files;
pub mod kinds;
pub mod naive;
pub mod notice;
pub mod objects;
mod options;
pub mod org;
pub mod pen;
pub mod quirks;
pub mod reasons;
pub mod record;
pub mod roster;
pub mod story;
pub mod truth;
pub mod webhook;
pub mod words;

pub use archive::{Archive, Deliveries, Delivery, Summary, Task};
pub use files::write_archive;
pub use options::{Deal, Format, Options};
pub use quirks::Quirks;
pub use record::Truth;
