//! Items: what is stored of events, tasks and agents, and back.
//!
//! Invariant: a state that another version of the program wrote reads as an empty one of the same
//! version number, which is folded anew before it is written over.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use event_archive::ArchivedEvent;
use task_timeline::{AgentState, Delivery, EpochMs, Event, EventType, Identity, Timeline};
use webhook::Webhook;

use super::key::{Partition, STATE_KEY, event_key};
use super::{TableError, TaskState};

/// Events stay longer than a task can live (14 days), so that a late one can be folded in.
const EVENT_DAYS: i64 = 21;
/// After this, in milliseconds, some events of the task may have expired: it cannot be folded
/// anew.
pub(super) const FOLDABLE_MS: i64 = (EVENT_DAYS - 1) * DAY_MS;
/// States of tasks that ended, and of agents.
const STATE_DAYS: i64 = 30;
/// States of tasks that are open; every event gives them as much again.
const OPEN_STATE_DAYS: i64 = 45;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn event_item(received: &ArchivedEvent<'_>) -> Item {
    let webhook = &received.webhook;
    let mut item = item(&Partition::of(webhook), &event_key(webhook.event.position()));
    item.insert("body".to_owned(), text(received.body));
    item.insert("arrived".to_owned(), number(received.arrived_at.0));
    item.insert("expires".to_owned(), expires(received.arrived_at, EVENT_DAYS));
    for (name, value) in
        [("dispatched", received.headers.timestamp), ("webhook_version", received.headers.version)]
    {
        item.extend(value.map(|value| (name.to_owned(), text(value))));
    }
    item
}

/// The event of an item. Its identity is the key's: a body from which a person was erased gives
/// another one.
pub(super) fn stored_event(item: &Item) -> Option<Delivery> {
    let body = item.get("body")?.as_s().ok()?;
    let key = item.get("sk")?.as_s().ok()?;
    let mut event = Webhook::parse(body.as_bytes()).ok()?.event;
    event.identity = Identity(u128::from_str_radix(key.rsplit('#').next()?, 16).ok()?);
    Some(Delivery { event, arrived_at: time(item, "arrived") })
}

pub(super) fn task_item(partition: &Partition, next: &TaskState) -> Result<Item, TableError> {
    let timeline = &next.timeline;
    let mut item = item(partition, STATE_KEY);
    item.insert("version".to_owned(), number(next.version + 1));
    item.insert("timeline".to_owned(), bytes(timeline.encode()?));
    item.insert("digest".to_owned(), bytes(timeline.digest().to_be_bytes().to_vec()));
    for (name, arrival) in
        [("first_arrival", next.first_arrival), ("last_arrival", next.last_arrival)]
    {
        item.extend(arrival.map(|arrival| (name.to_owned(), number(arrival.0))));
    }
    let current = timeline.current();
    let days = if current.is_some() { OPEN_STATE_DAYS } else { STATE_DAYS };
    item.insert("expires".to_owned(), expires(next.last_arrival.unwrap_or_default(), days));
    if let Some(current) = current {
        item.insert("live".to_owned(), text(&partition.live()));
        item.insert("phase".to_owned(), text(current.phase.name()));
        item.insert("since".to_owned(), number(current.since.0));
        item.insert("basis".to_owned(), text(current.basis.name()));
        for (name, id) in [("queue", current.queue), ("agent", current.agent)] {
            item.extend(id.map(|id| (name.to_owned(), text(&id.to_string()))));
        }
    }
    Ok(item)
}

pub(super) fn task_state(item: &Item) -> TaskState {
    let timeline = item.get("timeline").and_then(|value| value.as_b().ok());
    TaskState {
        version: item.get("version").and_then(parsed).unwrap_or_default(),
        timeline: timeline
            .and_then(|stored| Timeline::decode(stored.as_ref()).ok())
            .unwrap_or_default(),
        first_arrival: time(item, "first_arrival"),
        last_arrival: time(item, "last_arrival"),
    }
}

/// The state that an event tells of its agent, if it tells one.
pub(super) fn agent_item(received: &ArchivedEvent<'_>) -> Option<Item> {
    let Webhook { org, event, .. } = &received.webhook;
    let state = agent_state(event)?;
    let partition = Partition::agent(org, event.agent.as_ref()?);
    let mut item = item(&partition, STATE_KEY);
    item.insert("last".to_owned(), text(&event_key(event.position())));
    item.insert("expires".to_owned(), expires(received.arrived_at, STATE_DAYS));
    if state != AgentState::LoggedOut.name() {
        item.insert("live".to_owned(), text(&partition.live()));
        item.insert("phase".to_owned(), text(state));
        item.insert("since".to_owned(), number(event.at.0));
        item.extend(event.queue.as_ref().map(|id| ("queue".to_owned(), text(&id.to_string()))));
    }
    Some(item)
}

/// Whether an event tells the state of its agent.
pub(crate) fn tells_agent_state(event: &Event) -> bool {
    event.agent.is_some() && agent_state(event).is_some()
}

/// Logging in tells a state even where the event does not name one.
fn agent_state(event: &Event) -> Option<&'static str> {
    let named = event.details.agent_state.map(AgentState::name);
    if event.kind == EventType::AgentLogin {
        named.or(Some("logged-in"))
    } else if event.kind == EventType::AgentLogout {
        Some(AgentState::LoggedOut.name())
    } else {
        named
    }
}

fn item(partition: &Partition, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(partition.key())), ("sk".to_owned(), text(sk))])
}

pub(super) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn bytes(value: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(value))
}

fn expires(from: EpochMs, days: i64) -> AttributeValue {
    number((from + days * DAY_MS).0 / 1_000)
}

pub(super) fn time(item: &Item, name: &str) -> Option<EpochMs> {
    item.get(name).and_then(parsed).map(EpochMs)
}

fn parsed<T: FromStr>(value: &AttributeValue) -> Option<T> {
    value.as_n().ok()?.parse().ok()
}
