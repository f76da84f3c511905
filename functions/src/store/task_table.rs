//! The DynamoDB table: which items it has, and every request that is made to it.
//!
//! | item | `pk` | `sk` | attributes |
//! |---|---|---|---|
//! | event of a task | `T#<org>#<task>` | `E#<createdTime>#<rank>#<identity>` | `body`, `arrived`, `dispatched`, `webhook_version`, `expires`; `repeats`, the times at which it arrived again |
//! | state of a task | `T#<org>#<task>` | `S` | `version`, `timeline`, `digest`, `first_arrival`, `last_arrival`, `expires`; while the task is open `live`, `phase`, `since`, `queue`, `agent`, `basis` |
//! | event of an agent without a task | `A#<org>#<agent>` | as of a task | as of a task |
//! | state of an agent | `A#<org>#<agent>` | `S` | `last`, `expires`; until the agent logs out `live`, `phase`, `since`, `queue`, then `logged_out_at` |
//! | signal that gave no time | as of its event | `C#<digest of its type and fields>` | `at`, the time of the first, which repeats get; `expires` |
//! | event about neither | `O#<org>` | as of a task | as of a task |
//! | pulse | `P#<org>` | begin of ten seconds | `events`, `settled`, `newest`, `subscriptions`, `expires` |
//! | organization | `ORGANIZATIONS` | `<org>` | |
//! | subscription | `WATCH` | its resource | `seen`; `gap` while it is not active; `gap_ended` after the last one |
//!
//! Within an id of a `pk`, `%` is `%25` and `#` is `%23`, so no two ids share a key; other ids stand as
//! they are. An id has at most 64 bytes, so keys are far below the limits of DynamoDB.
//!
//! `createdTime` has 13 digits and `rank` two, so a Query gives the events of a task in the order
//! of their [`Position`](task_timeline::Position), and the state after them. The index `live` (hash
//! `live`, range `pk`) holds open tasks and agents who are logged in and nothing else; its 16
//! shards for each organization keep a busy one from throttling the table. The `phase` of a task that
//! is no call stands behind its channel, like `chat/queued`. Times are epoch milliseconds, but
//! `expires` is epoch seconds, as TTL needs them.
//!
//! Pulses and organizations are written by `archive-events`, once for each of its batches and once
//! for each of its instances. The table's stream shows them and the times of signals too, but its
//! consumer needs only items with an `sk` of `S` or `E#…`.
//!
//! Invariant: an event is never written twice, and a state never over one that was not read.

mod agents;
mod bodies;
mod events;
mod item;
mod key;
mod live;
mod organizations;
mod pulse;
mod session;
mod signals;
mod states;
mod table;
mod watch;

pub(crate) use self::agents::tells_agent_state;
pub use self::bodies::{Page, StoredBody};
pub(crate) use self::events::REPEATS;
pub use self::events::{Arrivals, MOST_REPEATS};
pub use self::key::{LIVE_ATTRIBUTES, LIVE_INDEX, LIVE_SHARDS, Partition, STATE_KEY, event_key};
pub use self::live::{Live, LiveAgent, LiveTask};
pub use self::pulse::{Beat, Pulse};
pub use self::session::Session;
pub use self::states::{StateWrite, TaskState};
pub use self::table::{TableError, TaskTable};
pub use self::watch::Watched;
