//! Processes deliveries that are kept in the bucket again, with the code of the functions for new
//! ones.
//!
//! Invariant: a delivery that is already stored changes nothing, and one leaves `spill/` or
//! `quarantine/` only when its event is stored.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use event_archive::{Archive, ArchivedEvent};
use functions::store::bucket::Bucket;
use functions::store::retention::FOLDABLE_MS;
use functions::store::task_table::{Partition, TaskTable};
use functions::store::transition::{Transition, store, transition};
use functions::store::undated::dated;
use futures_util::{StreamExt, TryStreamExt, stream};
use task_timeline::EpochMs;
use webhook::Webhook;

/// How many tasks are replayed at the same time.
const AT_ONCE: usize = 16;

/// Where deliveries are taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The archive, dates of events from and to, both included: `2026-11-22`.
    Archive {
        /// The first date.
        from: String,
        /// The last date.
        to: String,
    },
    /// Deliveries that DynamoDB did not take.
    Spill,
    /// Genuine deliveries that could not be read, in case they can now.
    Quarantine,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Objects that were read.
    pub objects: usize,
    /// Deliveries in them.
    pub deliveries: usize,
    /// Events that were new, and moved a state.
    pub stored: usize,
    /// Events that were already stored.
    pub repeated: usize,
    /// Events too old for the live state: nightly rebuilds have them.
    pub expired: usize,
    /// Deliveries that cannot be read; they stay where they are.
    pub unreadable: usize,
}

impl Counts {
    fn add(&mut self, done: Transition) {
        match done {
            Transition::Applied | Transition::Late | Transition::NoTask => self.stored += 1,
            Transition::Repeated => self.repeated += 1,
            Transition::Expired => self.expired += 1,
        }
    }

    /// A line for people.
    pub fn line(&self) -> String {
        let Counts { objects, deliveries, stored, repeated, expired, unreadable } = self;
        format!(
            "{deliveries} deliveries in {objects} objects: {stored} stored, {repeated} there \
             already, {expired} too old, {unreadable} unreadable"
        )
    }
}

/// Replays everything in `source`, at `now`.
///
/// # Errors
/// When the table or the bucket fails; what was stored until then stays, and a second run
/// completes it.
pub async fn replay(
    source: &Source,
    table: &TaskTable,
    bucket: &Bucket,
    now: EpochMs,
) -> Result<Counts> {
    match source {
        Source::Archive { from, to } => archive(from, to, table, bucket, now).await,
        Source::Spill => kept("spill/", table, bucket, now).await,
        Source::Quarantine => kept("quarantine/", table, bucket, now).await,
    }
}

async fn archive(
    from: &str,
    to: &str,
    table: &TaskTable,
    bucket: &Bucket,
    now: EpochMs,
) -> Result<Counts> {
    let mut counts = Counts::default();
    for key in bucket.keys("events/date=").await? {
        let of = key.strip_prefix("events/date=").and_then(|rest| rest.split('/').next());
        if !of.is_some_and(|date| from <= date && date <= to) {
            continue;
        }
        let Some(bytes) = bucket.object(&key).await? else { continue };
        counts.objects += 1;
        let read = one_archive(bytes, table, now, &mut counts).await;
        read.with_context(|| format!("{key} is not replayed to its end"))?;
    }
    Ok(counts)
}

async fn one_archive(
    bytes: Vec<u8>,
    table: &TaskTable,
    now: EpochMs,
    counts: &mut Counts,
) -> Result<()> {
    let archive = Archive::open(bytes)?;
    for group in 0..archive.groups() {
        // Of the columns the event with its identity, which an erased body no longer gives.
        let (events, bodies) = (archive.events(group)?, archive.bodies(group)?);
        let mut received: BTreeMap<Partition, Vec<ArchivedEvent<'_>>> = BTreeMap::new();
        for (event, delivery) in events.iter().zip(bodies.iter()) {
            counts.deliveries += 1;
            let (Ok(event), Ok(body)) = (event, std::str::from_utf8(delivery.body)) else {
                counts.unreadable += 1;
                continue;
            };
            let arrived_at = event.arrived_at.unwrap_or(event.webhook.event.at);
            if now - arrived_at >= FOLDABLE_MS {
                counts.expired += 1;
                continue;
            }
            let (webhook, headers) = (event.webhook, delivery.headers);
            let event = ArchivedEvent { webhook, arrived_at, headers, body };
            received.entry(Partition::from_webhook(&event.webhook)).or_default().push(event);
        }
        // The events of a task one after the other: concurrent writers would count repeats.
        let tasks: Vec<_> = received.values().map(|events| take_all(events, table)).collect();
        let mut tasks = stream::iter(tasks).buffer_unordered(AT_ONCE);
        while let Some(done) = tasks.try_next().await? {
            done.into_iter().for_each(|done| counts.add(done));
        }
    }
    Ok(())
}

/// Replays what was kept one delivery an object, and removes what is stored now.
async fn kept(prefix: &str, table: &TaskTable, bucket: &Bucket, now: EpochMs) -> Result<Counts> {
    let mut counts = Counts::default();
    for key in bucket.keys(prefix).await? {
        let delivery = bucket.read_spilled(key).await?;
        (counts.objects, counts.deliveries) = (counts.objects + 1, counts.deliveries + 1);
        let body = dated(&table.session(), &delivery.body).await?;
        let body = std::str::from_utf8(&body);
        let Ok((body, Ok(webhook))) = body.map(|body| (body, Webhook::parse(body.as_bytes())))
        else {
            counts.unreadable += 1;
            continue;
        };
        let is_known = delivery.arrived_at > EpochMs::default();
        let arrived_at = if is_known { delivery.arrived_at } else { now };
        let headers = delivery.headers();
        counts.add(take(&ArchivedEvent { webhook, arrived_at, headers, body }, table).await?);
        bucket.forget(delivery).await?;
    }
    Ok(counts)
}

async fn take_all(events: &[ArchivedEvent<'_>], table: &TaskTable) -> Result<Vec<Transition>> {
    let mut done = Vec::new();
    for event in events {
        done.push(take(event, table).await?);
    }
    Ok(done)
}

async fn take(event: &ArchivedEvent<'_>, table: &TaskTable) -> Result<Transition> {
    let session = table.session();
    let stored = store(&session, event).await?;
    Ok(transition(&session, event, stored).await?)
}

/// The dates of a range, checked: `2026-11-22`, the first not after the last.
///
/// # Errors
/// When one is no date, or they are in the wrong order.
pub fn range(from: &str, to: Option<&str>) -> Result<Source> {
    let to = to.unwrap_or(from);
    for text in [from, to] {
        let parsed: jiff::civil::Date =
            text.parse().with_context(|| format!("{text} is no date like 2026-11-22"))?;
        anyhow::ensure!(parsed.to_string() == text, "{text} is no date like {parsed}");
    }
    anyhow::ensure!(from <= to, "the range begins at {from}, after its end {to}");
    Ok(Source::Archive { from: from.to_owned(), to: to.to_owned() })
}
