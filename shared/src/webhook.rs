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
use crate::json::{Json, write_canonical_object};
use crate::reason::Reason;
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
        Self::from_json(Json::parse(body).map_err(WebhookError::NotJson)?)
    }

    /// Reads a body that is JSON already.
    ///
    /// # Errors
    /// As [`Webhook::parse`].
    pub fn from_json(body: Json<'a>) -> Result<Webhook<'a>, WebhookError> {
        let found = body.kind();
        let Json::Object(members) = body else { return Err(WebhookError::NotAnObject { found }) };
        let mut envelope = Envelope::default();
        for (key, value) in members {
            envelope.take(&key, value)?;
        }
        let Envelope { id, source, dispatched_at, .. } = envelope;
        let type_name = envelope.type_name.ok_or(WebhookError::Missing { field: "type" })?;
        let org = envelope.org.ok_or(WebhookError::Missing { field: "comciscoorgid" })?;
        let data = envelope.data.ok_or(WebhookError::Missing { field: "data" })?;
        let identity = identity_of(&org, &type_name, &data);
        let (task, event) = read_event(EventType::of(&type_name), identity, data)?;
        Ok(Webhook { id, type_name, source, dispatched_at, org, task, event })
    }
}

type Members<'a> = Vec<(Cow<'a, str>, Json<'a>)>;

/// The members of a body; of repeated ones the last.
#[derive(Default)]
struct Envelope<'a> {
    id: Option<Cow<'a, str>>,
    type_name: Option<Cow<'a, str>>,
    source: Option<Cow<'a, str>>,
    dispatched_at: Option<EpochMs>,
    org: Option<Id>,
    data: Option<Members<'a>>,
}

impl<'a> Envelope<'a> {
    fn take(&mut self, key: &str, value: Json<'a>) -> Result<(), WebhookError> {
        match key {
            "id" => self.id = text("id", value)?,
            "type" => self.type_name = text("type", value)?,
            "source" => self.source = text("source", value)?,
            "comciscoorgid" => self.org = id("comciscoorgid", value)?,
            "comciscotimestamp" => self.dispatched_at = dispatched_at(&value),
            "data" => self.data = object("data", value)?,
            _ => {}
        }
        Ok(())
    }
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
    write_canonical_object(data, &mut bytes);
    Identity(xxh3_128(&bytes))
}

fn read_event(
    kind: EventType,
    identity: Identity,
    data: Members<'_>,
) -> Result<(Option<Id>, Event), WebhookError> {
    let mut task = None;
    let mut at = None;
    let mut event = Event::bare(kind, identity);
    for (key, value) in data {
        match &*key {
            "taskId" => task = id("data.taskId", value)?,
            "createdTime" => at = instant("data.createdTime", value)?,
            "queueId" => event.queue = id("data.queueId", value)?,
            "agentId" => event.agent = id("data.agentId", value)?,
            "currentState" => event.agent_state = text("data.currentState", value)?.map(state),
            "channelType" => event.channel = name("data.channelType", value, Channel::of)?,
            "direction" => event.direction = name("data.direction", value, Direction::of)?,
            "outboundType" => {
                event.outbound_type = name("data.outboundType", value, OutboundType::of)?;
            }
            "terminatingParty" => {
                event.terminating_party = name("data.terminatingParty", value, Party::of)?;
            }
            "reason" => event.reason = name("data.reason", value, Reason::new)?,
            "basis" => event.basis = name("data.basis", value, basis)?.unwrap_or(event.basis),
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
fn state(text: Cow<'_, str>) -> AgentState {
    match AgentState::of(&text) {
        AgentState::Other => AgentState::of(&text.to_ascii_lowercase().replace('_', "-")),
        known => known,
    }
}

fn basis(text: &str) -> Basis {
    match text {
        "reconciled" => Basis::Reconciled,
        _ => Basis::Observed,
    }
}

/// The dispatch time, which Webex sends as a number or as a string of digits; for information
/// only, so anything else is as good as none.
fn dispatched_at(value: &Json<'_>) -> Option<EpochMs> {
    match value {
        Json::Number(number) => EpochMs::plausible(number.as_i64()?),
        Json::Text(digits) => EpochMs::plausible(digits.parse().ok()?),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// A text; null and the empty one are none.
fn text<'a>(field: &'static str, value: Json<'a>) -> Result<Option<Cow<'a, str>>, WebhookError> {
    let found = value.kind();
    match value {
        Json::Null => Ok(None),
        Json::Text(text) => Ok(Some(text).filter(|text| !text.is_empty())),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
            Err(WebhookError::WrongKind { field, expected: "a string", found })
        }
    }
}

fn id(field: &'static str, value: Json<'_>) -> Result<Option<Id>, WebhookError> {
    match text(field, value)? {
        None => Ok(None),
        Some(text) => Id::new(&text).map(Some).ok_or(WebhookError::TooLong { field }),
    }
}

fn name<T>(
    field: &'static str,
    value: Json<'_>,
    of: impl Fn(&str) -> T,
) -> Result<Option<T>, WebhookError> {
    Ok(text(field, value)?.map(|text| of(&text)))
}

fn instant(field: &'static str, value: Json<'_>) -> Result<Option<EpochMs>, WebhookError> {
    let found = value.kind();
    match value {
        Json::Null => Ok(None),
        Json::Number(number) => number
            .as_i64()
            .and_then(EpochMs::plausible)
            .map(Some)
            .ok_or_else(|| WebhookError::Absurd { field, value: number.to_string() }),
        Json::Bool(_) | Json::Text(_) | Json::Array(_) | Json::Object(_) => {
            let expected = "a whole number of milliseconds";
            Err(WebhookError::WrongKind { field, expected, found })
        }
    }
}

fn object<'a>(field: &'static str, value: Json<'a>) -> Result<Option<Members<'a>>, WebhookError> {
    let found = value.kind();
    match value {
        Json::Null => Ok(None),
        Json::Object(members) => Ok(Some(members)),
        Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::Array(_) => {
            Err(WebhookError::WrongKind { field, expected: "an object", found })
        }
    }
}
