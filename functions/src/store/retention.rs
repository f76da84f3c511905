//! How long a task may live, and how long what is stored of it stays.
//!
//! Invariant: events stay longer than a task can live, so that a late one can be folded in.

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// A task that is silent for this long has ended. The rebuild has the same default.
pub const STALE_AFTER_MS: i64 = 14 * DAY_MS;
/// Events of tasks and agents.
pub(crate) const EVENT_DAYS: i64 = 21;
/// States of tasks that ended, and of agents.
pub(crate) const STATE_DAYS: i64 = 30;
/// States of tasks that are open; every event gives them as much again.
pub(crate) const OPEN_STATE_DAYS: i64 = 45;
/// After this some events of a task may have expired: it cannot be folded again from the table.
pub const FOLDABLE_MS: i64 = (EVENT_DAYS - 1) * DAY_MS;
