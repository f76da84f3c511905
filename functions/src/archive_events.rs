//! Consumes the table's stream: events go to the archive, tasks and agents that lag are settled,
//! deliveries that DynamoDB once refused are stored.
//!
//! Invariants:
//! - A batch is acknowledged up to the first record whose event is not in the archive, or whose
//!   task is not settled. So an event is archived at least once; who reads the archive drops
//!   repeats by identity.
//! - A task whose state was not moved by the function that stored the event is settled here. That
//!   shows without a request: over a batch, the identities of the events that came in and the
//!   changes of the states' digests must cancel each other out.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_lambda_events::event::dynamodb;
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use event_archive::ArchivedEvent;
use futures_util::{StreamExt, stream};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use task_timeline::EpochMs;
use thiserror::Error;
use webhook::Webhook;

use crate::archive_events::pulse_count::PulseCount;
use crate::archive_events::stream_record::{Change, StreamRecord};
use crate::error_chain::Chain;
use crate::store::bucket::{Bucket, BucketError, Spilled, date, digest};
use crate::store::spent::Spent;
use crate::store::task_table::{Partition, Session, TableError, TaskTable, tells_agent_state};
use crate::store::transition::{Transition, TransitionError, settle, store, transition};

mod pulse_count;
mod stream_record;

/// How often an instance looks for spilled deliveries while the stream flows.
const REPLAY_EVERY: Duration = Duration::from_secs(60);
/// How many tasks are settled, or deliveries replayed, at the same time.
const AT_ONCE: usize = 8;

/// The function.
#[derive(Debug)]
pub struct ArchiveEvents {
    table: TaskTable,
    bucket: Bucket,
    replayed: Mutex<Option<Instant>>,
    pulse: PulseCount,
}

/// What the function is called for.
#[derive(Clone, Debug)]
pub enum Work {
    /// A batch of the table's stream.
    Batch(dynamodb::Event),
    /// Anything else, the schedule that is: deliveries in `spill/` must not wait for the next batch.
    Schedule,
}

impl<'de> Deserialize<'de> for Work {
    /// A batch that cannot be read is an error, and comes again; it must not pass for the schedule.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Work, D::Error> {
        let work = Value::deserialize(deserializer)?;
        if work.get("Records").is_none() {
            return Ok(Work::Schedule);
        }
        dynamodb::Event::deserialize(work).map(Work::Batch).map_err(D::Error::custom)
    }
}

/// What was done with a batch.
#[derive(Clone, Debug, Default)]
pub struct BatchReport {
    /// Events written to the archive.
    pub archived: usize,
    /// Objects that they went to.
    pub objects: usize,
    /// Events that could not be read; they went to `quarantine/`.
    pub quarantined: usize,
    /// Tasks and agents whose state had been behind.
    pub settled: usize,
    /// Deliveries replayed from `spill/`.
    pub replayed: usize,
    /// Deliveries that are still in `spill/` after that, as far as they were listed.
    pub spill_left: usize,
    /// What went wrong, and where the batch has to be taken up again.
    pub errors: Vec<String>,
    /// What it cost.
    pub spent: Spent,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
}

impl BatchReport {
    /// Writes the batch's line in the log.
    pub fn log(&self) {
        tracing::info!(
            archived = self.archived,
            objects = self.objects,
            quarantined = self.quarantined,
            settled = self.settled,
            replayed = self.replayed,
            spill_left = self.spill_left,
            errors = self.errors.len(),
            capacity.read_units = self.spent.read_units,
            capacity.write_units = self.spent.write_units,
            duration_ms = self.duration_ms,
            "batch"
        );
        for error in &self.errors {
            tracing::error!(error, "a part of the batch has to be done again");
        }
    }
}

/// Why a part of a batch has to be done again.
#[derive(Debug, Error)]
enum PartError {
    #[error("the archive was not written")]
    Archive(#[from] BucketError),
    #[error("the archive's format failed")]
    Format(#[from] event_archive::WriteError),
    #[error("the task was not settled")]
    Settle(#[from] TransitionError),
    #[error("the agent was not moved")]
    Agent(#[from] TableError),
}

/// A part of a batch that failed, by the first record that it concerns.
struct Failure {
    record: usize,
    error: PartError,
}

impl ArchiveEvents {
    /// The function, over a table and a bucket.
    pub fn new(table: TaskTable, bucket: Bucket) -> ArchiveEvents {
        ArchiveEvents { table, bucket, replayed: Mutex::new(None), pulse: PulseCount::default() }
    }

    /// Does what it is called for, at `now`. The answer names the record to go on with, if not all
    /// of a batch is done.
    pub async fn handle(&self, work: &Work, now: EpochMs) -> (DynamoDbEventResponse, BatchReport) {
        let began = Instant::now();
        let mut report = BatchReport::default();
        let session = self.table.session();
        let mut response = DynamoDbEventResponse::default();
        if let Work::Batch(batch) = work {
            let go_on_with = self.take_batch(&session, batch, now, &mut report).await;
            response.batch_item_failures.extend(go_on_with.map(failed_record));
        }
        if self.is_time_to_replay(work) {
            self.replay(&session, &mut report).await;
        }
        report.spent = session.spent();
        report.duration_ms = began.elapsed().as_secs_f64() * 1e3;
        (response, report)
    }

    /// Takes a batch. Returns the record to go on with, if not all is done.
    async fn take_batch(
        &self,
        session: &Session,
        batch: &dynamodb::Event,
        now: EpochMs,
        report: &mut BatchReport,
    ) -> Option<String> {
        let records: Vec<_> = batch.records.iter().filter_map(StreamRecord::of).collect();
        let mut failures = self.archive(&records, report).await;
        let settled = settle_lagging(session, &records, now, &mut failures).await;
        report.settled += settled.len();
        report.errors.extend(failures.iter().map(|failure| Chain(&failure.error).to_string()));
        let first = failures.iter().map(|failure| failure.record).min();
        let done = &records[..first.unwrap_or(records.len())];
        self.pulse.count(session, done, &settled, now).await;
        Some(records[first?].sequence_number.to_owned())
    }

    /// Writes an object for each date among the events.
    async fn archive(
        &self,
        records: &[StreamRecord<'_>],
        report: &mut BatchReport,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut by_date: BTreeMap<String, Vec<(usize, ArchivedEvent<'_>)>> = BTreeMap::new();
        for (number, record) in records.iter().enumerate() {
            let Change::Event(stored) = &record.change else { continue };
            match Webhook::parse(stored.body.as_bytes()) {
                Ok(webhook) => {
                    let date = date(webhook.event.at);
                    by_date.entry(date).or_default().push((number, stored.archived(webhook)));
                }
                Err(error) => {
                    report.quarantined += 1;
                    let kept = self.bucket.quarantine(stored.raw(), &error.to_string()).await;
                    failures.extend(
                        kept.err().map(|error| Failure { record: number, error: error.into() }),
                    );
                }
            }
        }
        for (date, events) in by_date {
            match self
                .archive_date(&date, events.iter().map(|(_, event)| event.clone()).collect())
                .await
            {
                Ok(()) => {
                    report.objects += 1;
                    report.archived += events.len();
                }
                Err(error) => failures.push(Failure { record: events[0].0, error }),
            }
        }
        failures
    }

    async fn archive_date(
        &self,
        date: &str,
        events: Vec<ArchivedEvent<'_>>,
    ) -> Result<(), PartError> {
        let identities: Vec<[u8; 16]> =
            events.iter().map(|event| event.webhook.event.identity.0.to_be_bytes()).collect();
        let name = digest(identities.iter().map(<[u8; 16]>::as_slice));
        let key = format!("events/date={date}/{name}.parquet");
        Ok(self.bucket.archive(&key, event_archive::write(&events)?).await?)
    }
}

impl ArchiveEvents {
    /// Stores what waits in `spill/`, until DynamoDB fails again.
    async fn replay(&self, session: &Session, report: &mut BatchReport) {
        if let Err(error) = self.try_replay(session, report).await {
            report.errors.push(Chain(&error).to_string());
        }
    }

    async fn try_replay(
        &self,
        session: &Session,
        report: &mut BatchReport,
    ) -> Result<(), PartError> {
        let keys = self.bucket.spilled().await?;
        report.spill_left = keys.len();
        for key in keys {
            let spilled = self.bucket.read_spilled(key).await?;
            self.store_spilled(session, &spilled).await?;
            self.bucket.forget(spilled).await?;
            report.replayed += 1;
            report.spill_left -= 1;
        }
        Ok(())
    }

    async fn store_spilled(&self, session: &Session, spilled: &Spilled) -> Result<(), PartError> {
        let parsed = std::str::from_utf8(&spilled.body)
            .ok()
            .map(|body| (body, Webhook::parse(body.as_bytes())));
        let Some((body, Ok(webhook))) = parsed else {
            return Ok(self.bucket.quarantine(spilled.raw(), "unreadable in spill/").await?);
        };
        let (arrived_at, headers) = (spilled.arrived_at, spilled.headers());
        let event = ArchivedEvent { webhook, arrived_at, headers, body };
        let stored = store(session, &event).await?;
        transition(session, &event, stored).await?;
        Ok(())
    }

    fn is_time_to_replay(&self, work: &Work) -> bool {
        let mut replayed = self.replayed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = matches!(work, Work::Schedule)
            || replayed.is_none_or(|last| last.elapsed() >= REPLAY_EVERY);
        if is_time {
            *replayed = Some(Instant::now());
        }
        is_time
    }
}

/// Settles the tasks and agents whose states did not follow the events of the batch. Returns
/// the records of those who had been behind.
async fn settle_lagging(
    session: &Session,
    records: &[StreamRecord<'_>],
    now: EpochMs,
    failures: &mut Vec<Failure>,
) -> Vec<usize> {
    let tasks = lagging_tasks(records).into_iter().map(|(partition, record)| async move {
        let settled = settle(session, partition, now).await;
        (record, settled.map(|done| done == Transition::Late).map_err(PartError::from))
    });
    let agents = last_of_agents(records).into_values().map(|(record, event)| async move {
        let moved = session.settle_agent(&event).await;
        (record, moved.map_err(PartError::from))
    });
    // Made before they run: a closure that lives across an await must take any lifetime.
    let (tasks, agents): (Vec<_>, Vec<_>) = (tasks.collect(), agents.collect());
    let tasks = stream::iter(tasks).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let agents = stream::iter(agents).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    let (tasks, agents) = tokio::join!(tasks, agents);
    let mut were_behind = Vec::new();
    for (record, settled) in tasks.into_iter().chain(agents) {
        match settled {
            Ok(was_behind) => were_behind.extend(was_behind.then_some(record)),
            Err(error) => failures.push(Failure { record, error }),
        }
    }
    were_behind
}

/// The tasks with events that their state does not hold yet as far as the batch tells, and the
/// first record of each.
fn lagging_tasks<'r>(records: &'r [StreamRecord<'_>]) -> BTreeMap<&'r Partition, usize> {
    let mut balances: BTreeMap<&Partition, (u128, Option<usize>)> = BTreeMap::new();
    for (number, record) in records.iter().enumerate() {
        if !record.partition.is_task() {
            continue;
        }
        let (balance, first) = balances.entry(&record.partition).or_default();
        match &record.change {
            Change::Event(stored) => {
                *balance ^= stored.identity;
                first.get_or_insert(number);
            }
            Change::TaskState { digest } => *balance ^= digest,
            Change::AgentState => {}
        }
    }
    // Without an event here, the batch before this one has seen it, and settled the task.
    let lagging = |(partition, (balance, first)): (_, (u128, Option<usize>))| {
        first.filter(|_| balance != 0).map(|first| (partition, first))
    };
    balances.into_iter().filter_map(lagging).collect()
}

/// The last event of each agent that tells a state, and its record.
fn last_of_agents<'r>(
    records: &'r [StreamRecord<'_>],
) -> BTreeMap<Partition, (usize, ArchivedEvent<'r>)> {
    let mut last: BTreeMap<Partition, (usize, ArchivedEvent<'r>)> = BTreeMap::new();
    for (number, record) in records.iter().enumerate() {
        let Change::Event(stored) = &record.change else { continue };
        let Ok(webhook) = Webhook::parse(stored.body.as_bytes()) else { continue };
        let Some(agent) = &webhook.event.agent else { continue };
        let agent = Partition::agent(&webhook.org, agent);
        let position = webhook.event.position();
        if !tells_agent_state(&webhook.event) {
            continue;
        }
        let is_later =
            last.get(&agent).is_none_or(|(_, known)| known.webhook.event.position() < position);
        if is_later {
            last.insert(agent, (number, stored.archived(webhook)));
        }
    }
    last
}

fn failed_record(sequence_number: String) -> DynamoDbBatchItemFailure {
    let mut failed = DynamoDbBatchItemFailure::default();
    failed.item_identifier = Some(sequence_number);
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Lambda hands it over: 15 came in, and the state went from nothing to 15.
    const BATCH: &str = r#"{"Records": [
        {
            "eventID": "1", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
            "awsRegion": "eu-central-1", "eventName": "INSERT", "eventSourceARN": "arn:aws:x",
            "dynamodb": {
                "ApproximateCreationDateTime": 1665700000, "SequenceNumber": "100",
                "SizeBytes": 700, "StreamViewType": "NEW_AND_OLD_IMAGES",
                "Keys": { "pk": { "S": "T#o#t" }, "sk": { "S": "E" } },
                "NewImage": {
                    "pk": { "S": "T#o#t" },
                    "sk": { "S": "E#1665700000001#03#0000000000000000000000000000000f" },
                    "body": { "S": "{}" }, "arrived": { "N": "1665700000000" }
                }
            }
        },
        {
            "eventID": "2", "awsRegion": "eu-central-1", "eventName": "INSERT",
            "dynamodb": {
                "ApproximateCreationDateTime": 1665700000.5, "SequenceNumber": "101",
                "SizeBytes": 400,
                "NewImage": {
                    "pk": { "S": "T#o#t" }, "sk": { "S": "S" },
                    "digest": { "B": "AAAAAAAAAAAAAAAAAAAADw==" }
                }
            }
        }
    ]}"#;

    #[test]
    fn lambdas_batches_are_read_and_what_follows_its_events_does_not_lag() {
        let Ok(Work::Batch(batch)) = serde_json::from_str(BATCH) else { panic!("no batch") };
        let records: Vec<_> = batch.records.iter().filter_map(StreamRecord::of).collect();
        assert_eq!(records.len(), 2);
        assert_eq!(lagging_tasks(&records), BTreeMap::new());
        let lagging = lagging_tasks(&records[..1]);
        assert_eq!(lagging.into_values().collect::<Vec<_>>(), [0]);
        assert_eq!(lagging_tasks(&records[1..]), BTreeMap::new());
    }

    #[test]
    fn anything_but_a_batch_is_the_schedule() {
        let schedule = serde_json::from_str(r#"{"source": "aws.scheduler"}"#);
        assert!(matches!(schedule, Ok(Work::Schedule)));
        let broken = serde_json::from_str::<Work>(r#"{"Records": [{"eventID": 7}]}"#);
        assert!(broken.is_err(), "{broken:?}");
    }
}
