//! The events of a batch and their repeats go to the archive: an object for each date among them.
//!
//! Invariant: the key of an object follows from the deliveries in it, so a batch that comes again
//! writes the same objects, and a batch of repeats none of another.

use std::collections::BTreeMap;

use event_archive::ArchivedEvent;
use webhook::Webhook;

use super::failure::{Failure, PartError};
use super::stream_record::{StreamRecord, WrittenItem};
use super::summary::BatchSummary;
use crate::store::bucket::{Bucket, date, digest};

/// Writes an object for each date among the events. What cannot be read goes to `quarantine/`.
pub(super) async fn archive(
    bucket: &Bucket,
    records: &[StreamRecord<'_>],
    summary: &mut BatchSummary,
) -> Vec<Failure> {
    let mut failures = Vec::new();
    let mut by_date: BTreeMap<String, Vec<(usize, ArchivedEvent<'_>)>> = BTreeMap::new();
    for (number, record) in records.iter().enumerate() {
        let stored = match &record.item {
            WrittenItem::Event(stored) | WrittenItem::Repeat(stored) => stored,
            WrittenItem::TaskState { .. } | WrittenItem::AgentState => continue,
        };
        match Webhook::parse(stored.body.as_bytes()) {
            Ok(webhook) => {
                let date = date(webhook.event.at);
                by_date.entry(date).or_default().push((number, stored.archived(webhook)));
            }
            Err(error) => {
                summary.quarantined += 1;
                let kept = bucket.quarantine(stored.raw(), &error.to_string()).await;
                failures.extend(
                    kept.err().map(|error| Failure { record: number, error: error.into() }),
                );
            }
        }
    }
    for (date, events) in by_date {
        let of_date = events.iter().map(|(_, event)| event.clone()).collect();
        match archive_date(bucket, &date, of_date).await {
            Ok(()) => {
                summary.objects += 1;
                summary.archived += events.len();
            }
            Err(error) => failures.push(Failure { record: events[0].0, error }),
        }
    }
    failures
}

async fn archive_date(
    bucket: &Bucket,
    date: &str,
    events: Vec<ArchivedEvent<'_>>,
) -> Result<(), PartError> {
    let deliveries: Vec<_> = events
        .iter()
        .map(|event| {
            (event.webhook.event.identity.0.to_be_bytes(), event.arrived_at.0.to_be_bytes())
        })
        .collect();
    let name = digest(deliveries.iter().flat_map(|(event, arrival)| [&event[..], &arrival[..]]));
    let key = format!("events/date={date}/{name}.parquet");
    Ok(bucket.write_archive(&key, event_archive::write(&events)?).await?)
}
