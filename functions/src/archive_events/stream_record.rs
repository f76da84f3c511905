//! Records of the table's stream, as far as they are used.
//!
//! Invariant: what is read here is what [`task_table`](crate::store::task_table) writes; expired
//! items, and items of any other kind, give no record.

use aws_lambda_events::event::dynamodb::EventRecord;
use event_archive::{ArchivedEvent, Headers};
use serde_dynamo::{AttributeValue, Item};
use task_timeline::EpochMs;
use webhook::Webhook;

use crate::store::bucket::RawDelivery;
use crate::store::task_table::{Partition, REPEATS, STATE_KEY};

/// One item that was written, in the order of the stream.
#[derive(Clone, Debug)]
pub(crate) struct StreamRecord<'a> {
    pub(crate) sequence_number: &'a str,
    pub(crate) partition: Partition,
    pub(crate) item: WrittenItem<'a>,
}

/// What was written.
#[derive(Clone, Debug)]
pub(crate) enum WrittenItem<'a> {
    /// An event was stored.
    Event(StoredEvent<'a>),
    /// A repeat of an event was counted: the event, with the arrival of the repeat.
    Repeat(StoredEvent<'a>),
    /// The state of a task was written; its digest changed by this.
    TaskState { digest: u128 },
    /// The state of an agent was written.
    AgentState,
}

/// An event as the table holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StoredEvent<'a> {
    pub(crate) body: &'a str,
    pub(crate) identity: u128,
    pub(crate) created_at: EpochMs,
    arrived_at: EpochMs,
    headers: Headers<'a>,
}

impl<'a> StreamRecord<'a> {
    /// The record, if it is of an event or a state.
    pub(crate) fn from_record(record: &'a EventRecord) -> Option<StreamRecord<'a>> {
        let new = &record.change.new_image;
        let partition = Partition::from_key(text(new, "pk")?);
        let key = text(new, "sk")?;
        let item = if let Some(position) = key.strip_prefix("E#") {
            let stored = stored_event(new, position)?;
            match record.event_name.as_str() {
                "INSERT" => WrittenItem::Event(stored),
                // Events are written once; a person may be erased from one, which adds no arrival.
                "MODIFY" => WrittenItem::Repeat(stored.repeated(new, &record.change.old_image)?),
                _removed => return None,
            }
        } else if key != STATE_KEY {
            return None;
        } else if partition.is_task() {
            let old = digest(&record.change.old_image);
            WrittenItem::TaskState {
                digest: digest(new).unwrap_or_default() ^ old.unwrap_or_default(),
            }
        } else {
            WrittenItem::AgentState
        };
        let sequence_number = record.change.sequence_number.as_deref()?;
        Some(StreamRecord { sequence_number, partition, item })
    }
}

fn stored_event<'a>(item: &'a Item, position: &str) -> Option<StoredEvent<'a>> {
    let (created, rest) = position.split_once('#')?;
    let created_at = EpochMs(created.parse().ok()?);
    let identity = u128::from_str_radix(rest.rsplit('#').next()?, 16).ok()?;
    let headers =
        Headers { timestamp: text(item, "dispatched"), version: text(item, "webhook_version") };
    let AttributeValue::N(arrived) = item.get("arrived")? else { return None };
    let arrived_at = EpochMs(arrived.parse().ok()?);
    let body = text(item, "body")?;
    Some(StoredEvent { body, identity, created_at, arrived_at, headers })
}

impl<'a> StoredEvent<'a> {
    /// I9: when it was created; `None` if that clock is ahead.
    pub(crate) fn credible_time(self, webhook: &Webhook<'_>) -> Option<EpochMs> {
        (!webhook.is_clock_ahead(self.arrived_at)).then_some(self.created_at)
    }

    /// The repeat that was added to the `old` item. Of its delivery only the arrival is known.
    fn repeated(self, new: &Item, old: &Item) -> Option<StoredEvent<'a>> {
        let known = repeats(old);
        let added = repeats(new).iter().find(|arrival| !known.contains(arrival))?;
        let arrived_at = EpochMs(added.parse().ok()?);
        Some(StoredEvent { arrived_at, headers: Headers::default(), ..self })
    }

    pub(crate) fn raw(self) -> RawDelivery<'a> {
        let StoredEvent { body, arrived_at, headers, .. } = self;
        RawDelivery { body: body.as_bytes(), arrived_at, headers }
    }

    pub(crate) fn archived(self, webhook: Webhook<'a>) -> ArchivedEvent<'a> {
        let StoredEvent { body, arrived_at, headers, .. } = self;
        ArchivedEvent { webhook, arrived_at, headers, body }
    }
}

fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    let AttributeValue::S(text) = item.get(name)? else { return None };
    Some(text)
}

fn repeats(item: &Item) -> &[String] {
    let Some(AttributeValue::Ns(arrivals)) = item.get(REPEATS) else { return &[] };
    arrivals
}

fn digest(item: &Item) -> Option<u128> {
    let AttributeValue::B(bytes) = item.get("digest")? else { return None };
    Some(u128::from_be_bytes(bytes.as_slice().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(pk: &str, sk: &str) -> EventRecord {
        let record = json!({
            "awsRegion": "here",
            "eventID": "1",
            "eventName": "INSERT",
            "dynamodb": {
                "SequenceNumber": "1",
                "SizeBytes": 1,
                "NewImage": {
                    "pk": { "S": pk }, "sk": { "S": sk },
                    "body": { "S": "{}" }, "arrived": { "N": "1665700000000" },
                    "events": { "N": "1" },
                },
            },
        });
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn an_event_tells_when_it_was_created() {
        let record = record("T#o#t", "E#1665700000001#03#0000000000000000000000000000000f");
        let WrittenItem::Event(stored) = StreamRecord::from_record(&record).unwrap().item else {
            panic!()
        };
        assert_eq!((stored.created_at, stored.identity), (EpochMs(1_665_700_000_001), 15));
    }

    #[test]
    fn a_repeat_is_the_event_with_another_arrival_and_any_other_change_is_none() {
        let mut record = record("T#o#t", "E#1665700000001#03#0000000000000000000000000000000f");
        record.event_name = "MODIFY".to_owned();
        assert!(StreamRecord::from_record(&record).is_none());
        let repeats = |times: &[&str]| {
            AttributeValue::Ns(times.iter().map(|&time| time.to_owned()).collect())
        };
        let change = &mut record.change;
        change.old_image.insert(REPEATS.to_owned(), repeats(&["1665700000500"]));
        change.new_image.insert(REPEATS.to_owned(), repeats(&["1665700000500", "1665700000900"]));
        let WrittenItem::Repeat(repeat) = StreamRecord::from_record(&record).unwrap().item else {
            panic!()
        };
        assert_eq!((repeat.arrived_at, repeat.identity), (EpochMs(1_665_700_000_900), 15));
    }

    #[test]
    fn pulses_organizations_and_times_of_signals_are_nothing_to_archive() {
        for (pk, sk) in [("P#o", "1665700000000"), ("ORGANIZATIONS", "o"), ("T#o#t", "C#0f")] {
            assert!(StreamRecord::from_record(&record(pk, sk)).is_none(), "{pk}");
        }
    }
}
