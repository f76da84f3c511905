//! What Lambda's event source mapping does: it hands a table's stream to a function, in batches.
//!
//! At least once and in order: a record is forgotten when the function has taken it, and a batch
//! that fails is handed over again until it no longer does. Nothing is skipped.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use anyhow::{Context, Result};
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::DynamoDbEventResponse;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tokio_util::task::AbortOnDropHandle;

use crate::dynamodb::DynamoDb;
use crate::stream_reader::StreamReader;
use crate::stream_records::StreamRecords;

/// How long to wait after a read that found nothing.
const POLL_EVERY: Duration = Duration::from_millis(20);

/// The first pause after a failed batch; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

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

impl EventSource {
    /// Starts to hand the stream of `table` to `function`, from the first record that was never
    /// taken.
    ///
    /// # Errors
    ///
    /// When the table has no stream.
    pub async fn start<H, F, E>(
        self,
        dynamodb: &DynamoDb,
        table: &str,
        function: H,
    ) -> Result<Mapping>
    where
        H: Fn(Event) -> F + Send + Sync + 'static,
        F: Future<Output = Result<DynamoDbEventResponse, E>> + Send + 'static,
        E: Display + Send + 'static,
    {
        let (idle_polls, polls) = watch::channel(0);
        let mut consumer = Consumer {
            reader: StreamReader::open(&dynamodb.endpoint(), table).await?,
            stream_records: dynamodb.stream_records(),
            table: table.to_owned(),
            source: self,
            function,
            idle_polls,
        };
        let task = tokio::spawn(async move {
            loop {
                let batch = consumer.next_batch().await;
                consumer.deliver(batch).await;
            }
        });
        Ok(Mapping { task: AbortOnDropHandle::new(task), idle_polls: polls })
    }
}

/// A running mapping. When dropped it stops at once, also amid an invocation, which is repeated by
/// the next mapping of the table.
#[derive(Debug)]
pub struct Mapping {
    task: AbortOnDropHandle<()>,
    idle_polls: watch::Receiver<u64>,
}

impl Mapping {
    /// Waits until the function has taken all that was written before the call.
    ///
    /// # Errors
    ///
    /// When the mapping has ended.
    pub async fn drained(&self) -> Result<()> {
        let mut idle_polls = self.idle_polls.clone();
        // The poll under way may have begun before the last write; the one after it has not.
        let enough = *idle_polls.borrow() + 2;
        idle_polls.wait_for(|polls| *polls >= enough).await.context("the event source ended")?;
        Ok(())
    }

    /// Stops at once, and returns when nothing runs any more.
    pub async fn stop(self) {
        self.task.abort();
        if let Err(error) = self.task.await
            && error.is_panic()
        {
            tracing::error!(%error, "the event source had failed");
        }
    }
}

/// What was read for one invocation.
#[derive(Debug, Default)]
struct Batch {
    /// Those that the function is to see.
    records: Vec<EventRecord>,
    /// How many were read.
    read: usize,
    /// The sequence number of the last one read.
    last: Option<String>,
}

struct Consumer<H> {
    reader: StreamReader,
    stream_records: StreamRecords,
    table: String,
    source: EventSource,
    function: H,
    idle_polls: watch::Sender<u64>,
}

impl<H, F, E> Consumer<H>
where
    H: Fn(Event) -> F,
    F: Future<Output = Result<DynamoDbEventResponse, E>> + Send + 'static,
    E: Display + Send + 'static,
{
    /// Reads until the batch is full or its window has passed.
    async fn next_batch(&mut self) -> Batch {
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
    async fn deliver(&self, mut batch: Batch) {
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

/// The place of the first failed record; as in Lambda, a name that is none of the batch's fails
/// all of it.
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
