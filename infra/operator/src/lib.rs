//! What the operator of Trueline does by hand: subscribe, rotate secrets, check, replay, erase.
//!
//! Each command is a module: what it is told comes in, what it did is returned and printed by
//! `main`. Nothing here decides what an event means; that is `task-timeline`'s.
//!
//! Invariant: every command may be run again, also after it was broken off at any point, and then
//! completes what is left.

pub mod check;
pub mod cost;
pub mod erase;
pub mod replay;
pub mod rotate;
pub mod secret_file;
pub mod subscribe;

/// How long a new secret must lie in Secrets Manager before it may be used: no instance reads
/// more seldom when deliveries do not fit what it knows.
pub const KNOWN_AFTER: std::time::Duration = functions::ingest_webhook::secret_store::REREAD_AFTER
    .saturating_add(std::time::Duration::from_secs(2));
