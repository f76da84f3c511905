//! A webhook as it was received: bytes in, envelope and [`Event`] out.
//!
//! Invariant: whatever the bytes, the answer is a webhook or an error that names the field at
//! fault; never a panic. Fields and types that are not known here are no error: they take part
//! in the identity, and the raw body is the archive's to keep.
//!
//! Source: Cisco's webhook guide and its published payloads, v1 and v2 subscriptions.

use std::borrow::Cow;

use thiserror::Error;
use xxhash_rust::xxh3::xxh3_128;

use crate::event::{
    AgentState, Channel, Direction, Event, EventType, Identity, OutboundType, Party, Subject,
};
use crate::id::Id;
use crate::json::Json;
use crate::members::{Members, Plain};
use crate::reason::Reason;
use crate::scanner::{Body, scan};
use crate::segment::Basis;
use crate::time::EpochMs;

/// One delivery: the envelope, whom it is about, and the event inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook<'a> {
    /// The id of the delivery. Not a key: one id is shared by several events.
    pub id: Option<Cow<'a, str>>,
    /// The type as sent, also where it is not a known one.
    pub type_name: Cow<'a, str>,
    /// `/com/cisco/wxcc/{subscriptionId}`.
    pub source: Option<Cow<'a, str>>,
    /// When Webex sent the delivery; v2 subscriptions only. Differs between repeats.
    pub dispatched_at: Option<EpochMs>,
    /// The organization.
    pub org: Id,
    /// The task (interaction); absent on agent events outside a task.
    pub task: Option<Id>,
    /// What happened.
    pub event: Event,
}

/// Why bytes are not a webhook that can be used.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// The bytes are not JSON.
    #[error("the body is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// The bytes are JSON, but not an object.
    #[error("the body is {found}, not an object")]
    NotAnObject {
        /// What it is.
        found: &'static str,
    },
    /// A field that is needed is not there, or null, or empty.
    #[error("`{field}` is missing")]
    Missing {
        /// The path of the field.
        field: &'static str,
    },
    /// A field holds another kind of value than Webex documents.
    #[error("`{field}` is {found}, not {expected}")]
    WrongKind {
        /// The path of the field.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// An instant that cannot be: before September 2001 or after 2099.
    #[error("`{field}` is {value}, which is no time in epoch milliseconds between 2001 and 2100")]
    Absurd {
        /// The path of the field.
        field: &'static str,
        /// Its value.
        value: String,
    },
    /// An identifier that is longer than any that Webex makes.
    #[error("`{field}` is longer than {} bytes", Id::MAX_TEXT)]
    TooLong {
        /// The path of the field.
        field: &'static str,
    },
}

impl<'a> Webhook<'a> {
    /// Reads one body as Webex posts it.
    ///
    /// # Errors
    /// When the bytes are not a JSON object, or a field that the product stands on is missing,
    /// of the wrong kind, or absurd.
    pub fn parse(body: &'a [u8]) -> Result<Webhook<'a>, WebhookError> {
        let mut plain = Body::default();
        if std::str::from_utf8(body).is_ok_and(|text| scan(text, &mut plain).is_some()) {
            return read(&plain);
        }
        let tree: Json<'_> = serde_json::from_slice(body).map_err(WebhookError::NotJson)?;
        Webhook::from_json(&tree).map(Webhook::into_owned)
    }

    /// Reads a body that is JSON already.
    ///
    /// # Errors
    /// As [`Webhook::parse`].
    pub fn from_json(tree: &'a Json<'a>) -> Result<Webhook<'a>, WebhookError> {
        read(&Body::of(tree).map_err(|found| WebhookError::NotAnObject { found })?)
    }

    fn into_owned(self) -> Webhook<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Webhook {
            id: self.id.map(owned),
            type_name: owned(self.type_name),
            source: self.source.map(owned),
            dispatched_at: self.dispatched_at,
            org: self.org,
            task: self.task,
            event: self.event,
        }
    }
}

fn read<'a>(body: &Body<'a>) -> Result<Webhook<'a>, WebhookError> {
    let (mut id, mut type_name, mut source) = (None, None, None);
    let (mut org, mut dispatched_at, mut data_found) = (None, None, Plain::Null);
    for (key, value) in body.envelope.iter() {
        match key {
            "id" => id = text("id", value)?,
            "type" => type_name = text("type", value)?,
            "source" => source = text("source", value)?,
            "comciscoorgid" => org = read_id("comciscoorgid", value)?,
            "comciscotimestamp" => dispatched_at = read_dispatched_at(value),
            "data" => data_found = value,
            _ => {}
        }
    }
    let type_name = type_name.ok_or(WebhookError::Missing { field: "type" })?;
    let org = org.ok_or(WebhookError::Missing { field: "comciscoorgid" })?;
    if !body.has_data {
        return Err(not_an_object("data", data_found));
    }
    let identity = identity_of(&org, type_name, &body.data);
    let (task, event) = read_event(EventType::of(type_name), identity, &body.data)?;
    let [id, source] = [id, source].map(|text| text.map(Cow::Borrowed));
    Ok(Webhook { id, type_name: type_name.into(), source, dispatched_at, org, task, event })
}

/// Hashes what makes an event the same event: organization, type and canonical data.
///
/// XXH3 is no cryptographic hash. It need not be one: only deliveries with a proven signature
/// get this far.
fn identity_of(org: &Id, type_name: &str, data: &Members<'_>) -> Identity {
    let mut bytes = Vec::with_capacity(640);
    bytes.extend_from_slice(org.as_text(&mut [0; 36]).as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(type_name.as_bytes());
    bytes.push(b'\n');
    data.write_canonical(&mut bytes);
    Identity(xxh3_128(&bytes))
}

fn read_event(
    kind: EventType,
    identity: Identity,
    data: &Members<'_>,
) -> Result<(Option<Id>, Event), WebhookError> {
    let mut task = None;
    let mut at = None;
    let mut event = Event::bare(kind, identity);
    for (key, value) in data.iter() {
        match key {
            "taskId" => task = read_id("data.taskId", value)?,
            "createdTime" => at = read_instant("data.createdTime", value)?,
            "queueId" => event.queue = read_id("data.queueId", value)?,
            "agentId" => event.agent = read_id("data.agentId", value)?,
            "currentState" => event.agent_state = text("data.currentState", value)?.map(state),
            "channelType" => event.channel = text("data.channelType", value)?.map(Channel::of),
            "direction" => event.direction = text("data.direction", value)?.map(Direction::of),
            "outboundType" => {
                event.outbound_type = text("data.outboundType", value)?.map(OutboundType::of);
            }
            "terminatingParty" => {
                event.terminating_party = text("data.terminatingParty", value)?.map(Party::of);
            }
            "reason" => event.reason = text("data.reason", value)?.map(Reason::new),
            "basis" => event.basis = text("data.basis", value)?.map_or(Basis::Observed, basis),
            _ => {}
        }
    }
    match kind.subject() {
        Subject::Task if task.is_none() => {
            return Err(WebhookError::Missing { field: "data.taskId" });
        }
        Subject::TaskOrAgent if task.is_none() && event.agent.is_none() => {
            return Err(WebhookError::Missing { field: "data.agentId" });
        }
        Subject::Task | Subject::TaskOrAgent | Subject::Any => {}
    }
    event.at = at.ok_or(WebhookError::Missing { field: "data.createdTime" })?;
    Ok((task, event))
}

/// The state of an agent; `NOT_RESPONDING` is `not-responding`.
fn state(text: &str) -> AgentState {
    let known = AgentState::of(text);
    if known == AgentState::Other {
        return AgentState::of(&text.to_ascii_lowercase().replace('_', "-"));
    }
    known
}

fn basis(text: &str) -> Basis {
    match text {
        "reconciled" => Basis::Reconciled,
        _ => Basis::Observed,
    }
}

/// The dispatch time, which Webex sends as a number or as a string of digits; for information
/// only, so anything else is as good as none.
fn read_dispatched_at(value: Plain<'_>) -> Option<EpochMs> {
    match value {
        Plain::Whole(digits) | Plain::Text(digits) => EpochMs::plausible(digits.parse().ok()?),
        Plain::Other(Json::Number(number)) => EpochMs::plausible(number.as_i64()?),
        Plain::Null | Plain::Bool(_) | Plain::Other(_) => None,
    }
}

/// A text; null and the empty one are none.
fn text<'a>(field: &'static str, value: Plain<'a>) -> Result<Option<&'a str>, WebhookError> {
    match value {
        Plain::Null => Ok(None),
        Plain::Text(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Plain::Bool(_) | Plain::Whole(_) | Plain::Other(_) => {
            Err(WebhookError::WrongKind { field, expected: "a string", found: value.kind() })
        }
    }
}

fn read_id(field: &'static str, value: Plain<'_>) -> Result<Option<Id>, WebhookError> {
    match text(field, value)? {
        None => Ok(None),
        Some(text) => Id::new(text).map(Some).ok_or(WebhookError::TooLong { field }),
    }
}

fn read_instant(field: &'static str, value: Plain<'_>) -> Result<Option<EpochMs>, WebhookError> {
    let (number, text): (_, Cow<'_, str>) = match value {
        Plain::Null => return Ok(None),
        Plain::Whole(digits) => (digits.parse().ok(), digits.into()),
        Plain::Other(Json::Number(number)) => (number.as_i64(), Cow::Owned(number.to_string())),
        Plain::Bool(_) | Plain::Text(_) | Plain::Other(_) => {
            let expected = "a whole number of milliseconds";
            return Err(WebhookError::WrongKind { field, expected, found: value.kind() });
        }
    };
    let instant = number.and_then(EpochMs::plausible);
    instant.map(Some).ok_or_else(|| WebhookError::Absurd { field, value: text.into_owned() })
}

fn not_an_object(field: &'static str, value: Plain<'_>) -> WebhookError {
    match value {
        Plain::Null => WebhookError::Missing { field },
        Plain::Bool(_) | Plain::Whole(_) | Plain::Text(_) | Plain::Other(_) => {
            WebhookError::WrongKind { field, expected: "an object", found: value.kind() }
        }
    }
}
