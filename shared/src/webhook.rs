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
        Self::from_json(serde_json::from_slice(body).map_err(WebhookError::NotJson)?)
    }

    /// Reads a body that is JSON already.
    ///
    /// # Errors
    /// As [`Webhook::parse`].
    pub fn from_json(body: Json<'a>) -> Result<Webhook<'a>, WebhookError> {
        let mut body = Fields::of(body)?;
        let type_name = body.text("type")?.ok_or(WebhookError::Missing { field: "type" })?;
        let org = body.id("comciscoorgid")?;
        let org = org.ok_or(WebhookError::Missing { field: "comciscoorgid" })?;
        let data = match body.take("data") {
            Some(Json::Object(members)) => members,
            Some(other) => {
                return Err(WebhookError::WrongKind {
                    field: "data",
                    expected: "an object",
                    found: other.kind(),
                });
            }
            None => return Err(WebhookError::Missing { field: "data" }),
        };
        let identity = identity_of(&org, &type_name, &data);
        let (task, event) = read_event(EventType::of(&type_name), identity, Fields(data))?;
        Ok(Webhook {
            id: body.text("id")?,
            source: body.text("source")?,
            dispatched_at: dispatched_at(body.take("comciscotimestamp").as_ref()),
            type_name,
            org,
            task,
            event,
        })
    }
}

/// Hashes what makes an event the same event: organization, type and canonical data.
///
/// XXH3 is no cryptographic hash. It need not be one: only deliveries with a proven signature
/// get this far.
fn identity_of(org: &Id, type_name: &str, data: &[(Cow<'_, str>, Json<'_>)]) -> Identity {
    let mut bytes = Vec::with_capacity(640);
    bytes.extend_from_slice(org.to_string().as_bytes());
    bytes.push(b'\n');
    bytes.extend_from_slice(type_name.as_bytes());
    bytes.push(b'\n');
    write_canonical_object(data, &mut bytes);
    Identity(xxh3_128(&bytes))
}

fn read_event(
    kind: EventType,
    identity: Identity,
    mut data: Fields<'_>,
) -> Result<(Option<Id>, Event), WebhookError> {
    let task = data.id("data.taskId")?;
    let agent = data.id("data.agentId")?;
    match kind.subject() {
        Subject::Task if task.is_none() => {
            return Err(WebhookError::Missing { field: "data.taskId" });
        }
        Subject::TaskOrAgent if task.is_none() && agent.is_none() => {
            return Err(WebhookError::Missing { field: "data.agentId" });
        }
        Subject::Task | Subject::TaskOrAgent | Subject::Any => {}
    }
    let event = Event {
        kind,
        at: data.instant("data.createdTime")?,
        identity,
        queue: data.id("data.queueId")?,
        agent,
        agent_state: data.name("data.currentState", |text| {
            AgentState::of(&text.to_ascii_lowercase().replace('_', "-"))
        })?,
        channel: data.name("data.channelType", Channel::of)?,
        direction: data.name("data.direction", Direction::of)?,
        outbound_type: data.name("data.outboundType", OutboundType::of)?,
        terminating_party: data.name("data.terminatingParty", Party::of)?,
        reason: data.name("data.reason", Reason::new)?,
        basis: data
            .name("data.basis", |text| match text {
                "reconciled" => Basis::Reconciled,
                _ => Basis::Observed,
            })?
            .unwrap_or(Basis::Observed),
    };
    Ok((task, event))
}

/// The dispatch time, which Webex sends as a number or as a string of digits; for information
/// only, so anything else is as good as none.
fn dispatched_at(value: Option<&Json<'_>>) -> Option<EpochMs> {
    match value? {
        Json::Number(number) => EpochMs::plausible(number.as_i64()?),
        Json::Text(digits) => EpochMs::plausible(digits.parse().ok()?),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    }
}

/// The members of an object, taken out by their path.
struct Fields<'a>(Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Fields<'a> {
    fn of(body: Json<'a>) -> Result<Fields<'a>, WebhookError> {
        let found = body.kind();
        if let Json::Object(members) = body {
            Ok(Fields(members))
        } else {
            Err(WebhookError::NotAnObject { found })
        }
    }

    /// The value at the last part of `path`, unless it is null; of repeated keys the last one.
    fn take(&mut self, path: &str) -> Option<Json<'a>> {
        let key = path.rsplit('.').next().unwrap_or(path);
        let (_, value) = self.0.iter_mut().rfind(|(name, _)| name == key)?;
        Some(std::mem::replace(value, Json::Null)).filter(|value| *value != Json::Null)
    }

    fn text(&mut self, field: &'static str) -> Result<Option<Cow<'a, str>>, WebhookError> {
        match self.take(field) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text).filter(|text| !text.is_empty())),
            Some(other) => {
                Err(WebhookError::WrongKind { field, expected: "a string", found: other.kind() })
            }
        }
    }

    fn id(&mut self, field: &'static str) -> Result<Option<Id>, WebhookError> {
        match self.text(field)? {
            None => Ok(None),
            Some(text) => Id::new(&text).map(Some).ok_or(WebhookError::TooLong { field }),
        }
    }

    fn name<T>(
        &mut self,
        field: &'static str,
        of: impl Fn(&str) -> T,
    ) -> Result<Option<T>, WebhookError> {
        Ok(self.text(field)?.map(|text| of(&text)))
    }

    fn instant(&mut self, field: &'static str) -> Result<EpochMs, WebhookError> {
        match self.take(field) {
            None => Err(WebhookError::Missing { field }),
            Some(Json::Number(number)) => number
                .as_i64()
                .and_then(EpochMs::plausible)
                .ok_or_else(|| WebhookError::Absurd { field, value: number.to_string() }),
            Some(other) => Err(WebhookError::WrongKind {
                field,
                expected: "a whole number of milliseconds",
                found: other.kind(),
            }),
        }
    }
}
