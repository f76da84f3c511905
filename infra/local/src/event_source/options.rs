//! The options of a mapping.

use std::time::Duration;

use aws_lambda_events::dynamodb::EventRecord;

/// The options of a mapping, as the template has them.
#[derive(Debug, Clone)]
pub struct EventSource {
    /// The most records that are read for one batch.
    pub batch_size: u16,
    /// How long to wait for a batch to fill up.
    pub window: Duration,
    /// Which records the function is to see; the others count as taken.
    pub filter: fn(&EventRecord) -> bool,
}

impl Default for EventSource {
    /// As in AWS: batches of up to 100 records, without waiting, unfiltered.
    fn default() -> Self {
        Self { batch_size: 100, window: Duration::ZERO, filter: |_| true }
    }
}
