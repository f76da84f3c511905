//! When signals came that give no time themselves: the same signal again has the time of the first.
//!
//! Invariant: of the same signals of a task that come within [`REPEATED_WITHIN_MS`] of each other, at
//! the same time or not, one is the first, and all have its time.

use task_timeline::EpochMs;

use super::item::{expires, item, number, time};
use super::key::Partition;
use super::session::{Session, Write};
use super::table::TableError;
use crate::store::retention::EVENT_DAYS;

/// I11: the same signal again within this time of the first is a repeat, in milliseconds. A flow
/// repeats a request that failed within seconds; a caller takes longer to ask again.
const REPEATED_WITHIN_MS: i64 = 60_000;

impl Session {
    /// The time of a signal that came at `at`: that of the first one with the same `digest`, or `at`
    /// if it is the first.
    ///
    /// # Errors
    /// When it is not certain which one is the first.
    pub(crate) async fn time_of_signal(
        &self,
        partition: &Partition,
        digest: &str,
        at: EpochMs,
    ) -> Result<EpochMs, TableError> {
        let mut item = item(partition, &format!("C#{digest}"));
        item.insert("at".to_owned(), number(at));
        item.insert("expires".to_owned(), expires(at, EVENT_DAYS));
        let put = self
            .put(item)
            .condition_expression("attribute_not_exists(pk) OR #at < :before")
            .expression_attribute_names("#at", "at")
            .expression_attribute_values(":before", number(at + -REPEATED_WITHIN_MS));
        self.round_trip();
        let there = match self.write(put, "remember the signal").await? {
            Write::Done => return Ok(at),
            Write::Conflict(there) => time(&there, "at"),
        };
        // One that waited in `spill/` may have come long before.
        Ok(there.filter(|&first| first - at <= REPEATED_WITHIN_MS).unwrap_or(at))
    }
}
