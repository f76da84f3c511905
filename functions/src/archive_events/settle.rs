//! Settling: tasks and agents whose states did not follow their events are brought up to date.
//!
//! Invariant: a task that lags shows without a request. Over a batch, the identities of the events
//! that came in and the changes of the states' digests must cancel each other out.

use std::collections::BTreeMap;

use event_archive::ArchivedEvent;
use futures_util::{StreamExt, stream};
use task_timeline::EpochMs;
use webhook::Webhook;

use super::failure::{Failure, PartError};
use super::stream_record::{StreamRecord, WrittenItem};
use crate::store::task_table::{Partition, Session, tells_agent_state};
use crate::store::transition::{Transition, refold};

/// How many tasks, and how many agents, are settled at the same time.
const AT_ONCE: usize = 8;

/// Settles the tasks and agents whose states did not follow the events of the batch. Returns the
/// records of those that were behind.
pub(super) async fn settle(
    session: &Session,
    records: &[StreamRecord<'_>],
    now: EpochMs,
    failures: &mut Vec<Failure>,
) -> Vec<usize> {
    let tasks = lagging_tasks(records).into_iter().map(|(partition, record)| async move {
        let settled = refold(session, partition, now).await;
        (record, settled.map(|done| done == Transition::Late).map_err(PartError::from))
    });
    let agents = last_of_agents(records).into_values().map(|(record, event)| async move {
        let moved = session.catch_up_agent(&event).await;
        (record, moved.map_err(PartError::from))
    });
    // Collected before they run: a closure that lives across an await must take any lifetime.
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

/// The tasks with events that, going by this batch, their state does not hold yet, and the first
/// record of each.
fn lagging_tasks<'r>(records: &'r [StreamRecord<'_>]) -> BTreeMap<&'r Partition, usize> {
    let mut balances: BTreeMap<&Partition, (u128, Option<usize>)> = BTreeMap::new();
    for (number, record) in records.iter().enumerate() {
        if !record.partition.is_task() {
            continue;
        }
        let (balance, first) = balances.entry(&record.partition).or_default();
        match &record.item {
            WrittenItem::Event(stored) => {
                *balance ^= stored.identity;
                first.get_or_insert(number);
            }
            WrittenItem::TaskState { digest } => *balance ^= digest,
            WrittenItem::Repeat(_) | WrittenItem::AgentState => {}
        }
    }
    // Without an event here, the previous batch has seen the event and settled the task.
    let lagging = |(partition, (balance, first)): (_, (u128, Option<usize>))| {
        first.filter(|_| balance != 0).map(|first| (partition, first))
    };
    balances.into_iter().filter_map(lagging).collect()
}

/// The last event of each agent that gives the agent's state, and its record.
fn last_of_agents<'r>(
    records: &'r [StreamRecord<'_>],
) -> BTreeMap<Partition, (usize, ArchivedEvent<'r>)> {
    let mut last: BTreeMap<Partition, (usize, ArchivedEvent<'r>)> = BTreeMap::new();
    for (number, record) in records.iter().enumerate() {
        let WrittenItem::Event(stored) = &record.item else { continue };
        let Ok(webhook) = Webhook::parse(stored.body.as_bytes()) else { continue };
        let event = stored.archived(webhook);
        let Some(agent) = &event.webhook.event.agent else { continue };
        if !tells_agent_state(&event) {
            continue;
        }
        let agent = Partition::agent(&event.webhook.org, agent);
        let position = event.webhook.event.position();
        let is_later =
            last.get(&agent).is_none_or(|(_, known)| known.webhook.event.position() < position);
        if is_later {
            last.insert(agent, (number, event));
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive_events::work::Work;

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
        let records: Vec<_> = batch.records.iter().filter_map(StreamRecord::from_record).collect();
        assert_eq!(records.len(), 2);
        assert_eq!(lagging_tasks(&records), BTreeMap::new());
        let lagging = lagging_tasks(&records[..1]);
        assert_eq!(lagging.into_values().collect::<Vec<_>>(), [0]);
        assert_eq!(lagging_tasks(&records[1..]), BTreeMap::new());
    }
}
