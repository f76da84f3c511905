//! Consumes the table's stream: events go to the archive, tasks and agents that lag are settled,
//! deliveries that DynamoDB once refused are stored.
//!
//! Invariants:
//! - A batch is acknowledged up to the first record whose event is not in the archive, or whose
//!   task is not settled. So an event is archived at least once; readers of the archive drop
//!   repeats by identity.
//! - A task whose state was not moved by the function that stored the event is settled here.

use std::time::Instant;

use aws_lambda_events::event::dynamodb;
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use task_timeline::EpochMs;

use self::archive::archive;
use self::pulse_count::PulseCount;
use self::settle::settle;
use self::spill::{LastReplay, replay};
use self::stream_record::StreamRecord;
use crate::error_chain::Chain;
use crate::store::bucket::Bucket;
use crate::store::task_table::{Session, TaskTable};

mod archive;
mod failure;
mod pulse_count;
mod settle;
mod spill;
mod stream_record;
mod summary;
mod work;

pub use self::summary::BatchSummary;
pub use self::work::Work;

/// The function.
#[derive(Debug)]
pub struct ArchiveEvents {
    table: TaskTable,
    bucket: Bucket,
    last_replay: LastReplay,
    pulse: PulseCount,
}

impl ArchiveEvents {
    /// The function, over a table and a bucket.
    pub fn new(table: TaskTable, bucket: Bucket) -> ArchiveEvents {
        let (last_replay, pulse) = (LastReplay::default(), PulseCount::default());
        ArchiveEvents { table, bucket, last_replay, pulse }
    }

    /// Does the work, at `now`. The answer names the record to continue with, if a batch is not
    /// done completely.
    pub async fn handle(&self, work: &Work, now: EpochMs) -> (DynamoDbEventResponse, BatchSummary) {
        let began = Instant::now();
        let mut summary = BatchSummary::default();
        let session = self.table.session();
        let mut response = DynamoDbEventResponse::default();
        if let Work::Batch(batch) = work {
            let go_on_with = self.take_batch(&session, batch, now, &mut summary).await;
            response.batch_item_failures.extend(go_on_with.map(failed_record));
        }
        if self.last_replay.is_due(matches!(work, Work::Schedule))
            && let Err(error) = replay(&self.bucket, &session, &mut summary).await
        {
            summary.errors.push(Chain(&error).to_string());
        }
        summary.spent = session.spent();
        summary.duration_ms = began.elapsed().as_secs_f64() * 1e3;
        (response, summary)
    }

    /// Takes a batch. Returns the record to continue with, if not everything is done.
    async fn take_batch(
        &self,
        session: &Session,
        batch: &dynamodb::Event,
        now: EpochMs,
        summary: &mut BatchSummary,
    ) -> Option<String> {
        let records: Vec<_> = batch.records.iter().filter_map(StreamRecord::from_record).collect();
        let mut failures = archive(&self.bucket, &records, summary).await;
        let settled = settle(session, &records, now, &mut failures).await;
        summary.settled += settled.len();
        summary.errors.extend(failures.iter().map(|failure| Chain(&failure.error).to_string()));
        let first = failures.iter().map(|failure| failure.record).min();
        let done = &records[..first.unwrap_or(records.len())];
        self.pulse.count(session, done, &settled, now).await;
        Some(records[first?].sequence_number.to_owned())
    }
}

fn failed_record(sequence_number: String) -> DynamoDbBatchItemFailure {
    let mut failed = DynamoDbBatchItemFailure::default();
    failed.item_identifier = Some(sequence_number);
    failed
}
