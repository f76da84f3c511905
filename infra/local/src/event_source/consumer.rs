//! Reads batches, and hands each to the function until it is taken.
//!
//! Invariant: a record is acknowledged only when the function has taken it.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::DynamoDbEventResponse;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::task::AbortOnDropHandle;

use super::options::EventSource;
use crate::stream_reader::StreamReader;
use crate::stream_records::StreamRecords;

/// How long to wait after a read that found nothing.
const POLL_EVERY: Duration = Duration::from_millis(20);

/// The first pause after a failed batch; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// What was read for one invocation.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Those that the function is to see.
    records: Vec<EventRecord>,
    /// How many were read.
    read: usize,
    /// The sequence number of the last one read.
    last: Option<String>,
}

/// Reads the stream of a table, and hands it to a function.
pub(super) struct Consumer<H> {
    pub(super) reader: StreamReader,
    pub(super) stream_records: StreamRecords,
    pub(super) table: String,
    pub(super) source: EventSource,
    pub(super) function: H,
    pub(super) idle_polls: watch::Sender<u64>,
}

impl<H, F, E> Consumer<H>
where
    H: Fn(Event) -> F,
    F: Future<Output = Result<DynamoDbEventResponse, E>> + Send + 'static,
    E: Display + Send + 'static,
{
    /// Reads until the batch is full or its window has passed.
    pub(super) async fn next_batch(&mut self) -> Batch {
        let size = usize::from(self.source.batch_size);
        let mut batch = Batch::default();
        let mut closes = None;
        loop {
            let found = self.read_into(&mut batch).await;
            if batch.read == 0 {
                sleep(POLL_EVERY).await;
                continue;
            }
            let closes = *closes.get_or_insert_with(|| Instant::now() + self.source.window);
            if batch.read >= size || batch.records.is_empty() || Instant::now() >= closes {
                return batch;
            }
            if !found {
                sleep(POLL_EVERY).await;
            }
        }
    }

    /// Whether anything was there to read.
    async fn read_into(&mut self, batch: &mut Batch) -> bool {
        let room = usize::from(self.source.batch_size) - batch.read;
        let records = match self.reader.read(i32::try_from(room).unwrap_or(i32::MAX)).await {
            Ok(records) => records,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the stream cannot be read");
                return false;
            }
        };
        let Some(last) = records.last() else {
            if batch.read == 0 {
                self.idle_polls.send_modify(|polls| *polls += 1);
            }
            return false;
        };
        batch.last.clone_from(&last.change.sequence_number);
        batch.read += records.len();
        batch.records.extend(records.into_iter().filter(self.source.filter));
        true
    }

    /// Invokes the function until it has taken the whole batch.
    pub(super) async fn deliver(&self, mut batch: Batch) {
        let mut pause = FIRST_PAUSE;
        while !batch.records.is_empty() {
            let taken = self.invoke(&batch.records).await;
            if taken == 0 {
                sleep(pause).await;
                pause = LONGEST_PAUSE.min(pause * 2);
                continue;
            }
            pause = FIRST_PAUSE;
            let last = batch.records.drain(..taken).next_back();
            self.acknowledge(last.and_then(|record| record.change.sequence_number)).await;
        }
        self.acknowledge(batch.last).await;
    }

    /// How many records the function has taken before the first that it has not.
    async fn invoke(&self, records: &[EventRecord]) -> usize {
        let mut event = Event::default();
        event.records = records.to_vec();
        // As a task, so that a panic fails the invocation and not the mapping.
        let invocation = AbortOnDropHandle::new(tokio::spawn((self.function)(event)));
        match invocation.await {
            Ok(Ok(response)) => taken(records, &response),
            Ok(Err(error)) => {
                tracing::warn!(error = format!("{error:#}"), "the function failed");
                0
            }
            Err(error) => {
                tracing::warn!(%error, "the function failed");
                0
            }
        }
    }

    /// A failure is only logged: the records come again with the next mapping, and the next
    /// acknowledgement includes them.
    async fn acknowledge(&self, sequence_number: Option<String>) {
        let Some(sequence_number) = sequence_number else { return };
        let acknowledged = self.stream_records.acknowledge(&self.table, &sequence_number).await;
        if let Err(error) = acknowledged {
            tracing::warn!(error = format!("{error:#}"), "taken records stay in the stream");
        }
    }
}

/// The place of the first failed record. As in Lambda, a name that is not in the batch fails all
/// of it.
fn taken(records: &[EventRecord], response: &DynamoDbEventResponse) -> usize {
    let place = |name: &Option<String>| {
        records.iter().position(|it| name.is_some() && it.change.sequence_number == *name)
    };
    let failures = response.batch_item_failures.iter();
    failures
        .map(|failure| place(&failure.item_identifier).unwrap_or(0))
        .min()
        .unwrap_or(records.len())
}
