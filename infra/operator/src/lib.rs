//! What the operator of Trueline does by hand: subscribe, rotate secrets, check, replay, erase,
//! try out.
//!
//! Each command is a module: it gets its options, and returns what it did, which `main` prints.
//! Nothing here decides what an event means; `task-timeline` does.
//!
//! Invariant: every command can be run again, also after it was interrupted at any point, and then
//! completes what is left.

pub mod check;
pub mod cost;
pub mod erase;
pub mod replay;
pub mod rotate;
pub mod secret_file;
pub mod subscribe;
pub mod trigger;

/// How long a new secret must be in Secrets Manager before it may be used: an instance that gets
/// deliveries with a secret that it does not know has read the secrets again by then.
pub const KNOWN_AFTER: std::time::Duration = functions::ingest_webhook::secret_store::REREAD_AFTER
    .saturating_add(std::time::Duration::from_secs(2));
