//! What the members of a body mean: values in, a [`Webhook`] or the field at fault out.
//!
//! Invariant: the webhook does not depend on where the members come from (the scanner, a known
//! layout, a tree), nor on their order. A field that is there twice is an error.

use std::borrow::Cow;

use serde_json::Value;
use task_timeline::{
    AgentState, Basis, Channel, Direction, EpochMs, Event, EventType, Id, Identity, OutboundType,
    Party, Reason, Subject,
};
use xxhash_rust::xxh3::xxh3_128;

use crate::envelope::{Webhook, WebhookError, subscription_in};
use crate::field::{DataField, EnvelopeField};
use crate::interned::Interned;
use crate::member::{Member, MemberSink};
use crate::plain::Plain;
use crate::seen_fields::SeenFields;
use crate::slow::json::Json;

/// What has been read of a body so far.
#[derive(Default)]
pub(crate) struct Reading<'a> {
    seen: SeenFields,
    id: Option<&'a str>,
    type_name: Option<&'a str>,
    source: Option<&'a str>,
    dispatched_at: Plain<'a>,
    org: Option<Id>,
    /// The same as text, for the identity.
    org_text: &'a str,
    /// The value of `data` if it is not an object.
    other_data: Plain<'a>,
    data: Option<Data>,
}

/// What has been read of `data` so far.
struct Data {
    seen: SeenFields,
    task: Option<Id>,
    idle_code: Option<Id>,
    at: Option<EpochMs>,
    event: Event,
    /// The sum of the hashes of all members that are not null. A sum, because their order does
    /// not matter.
    sum: u128,
}

impl<'a> MemberSink<'a> for Reading<'a> {
    #[inline(always)]
    fn envelope(&mut self, member: Member<'a, EnvelopeField>) -> Option<()> {
        self.read_envelope(member.field, member.value).ok()
    }

    fn begin_data(&mut self) -> Option<()> {
        self.new_data().ok().map(drop)
    }

    #[inline(always)]
    fn data(&mut self, member: Member<'a, DataField>) -> Option<()> {
        self.data.as_mut()?.read(member.field, member.value, member.text).ok()
    }
}

impl<'a> Reading<'a> {
    /// Takes a member that was read before. `text` looks up its value.
    #[inline(always)]
    pub(crate) fn take_interned(
        &mut self,
        interned: &Interned,
        text: impl Fn() -> Option<&'a str>,
    ) -> Option<()> {
        match interned {
            Interned::Source => self.source = Some(text()?),
            Interned::Org(org) => (self.org, self.org_text) = (Some(org.clone()), text()?),
            Interned::Channel(channel, hash) => {
                let data = self.data.as_mut()?;
                data.sum = data.sum.wrapping_add(*hash);
                data.event.details.channel = Some(*channel);
            }
            Interned::Direction(direction, hash) => {
                let data = self.data.as_mut()?;
                data.sum = data.sum.wrapping_add(*hash);
                data.event.details.direction = Some(*direction);
            }
        }
        Some(())
    }

    #[inline(always)]
    pub(crate) fn read_envelope(
        &mut self,
        field: EnvelopeField,
        value: Plain<'a>,
    ) -> Result<(), WebhookError> {
        self.seen.add(field as u8, || field.path())?;
        match field {
            EnvelopeField::Id => self.id = value.text("id")?,
            EnvelopeField::Type => self.type_name = value.text("type")?,
            EnvelopeField::Source => self.source = value.text("source")?,
            EnvelopeField::Org => {
                self.org = value.id("comciscoorgid")?;
                self.org_text = value.text("comciscoorgid")?.unwrap_or_default();
            }
            EnvelopeField::DispatchedAt => self.dispatched_at = value,
            EnvelopeField::Data => self.other_data = value,
            EnvelopeField::Constant | EnvelopeField::Other => {}
        }
        Ok(())
    }

    pub(crate) fn read_data(
        &mut self,
        members: &[(Cow<'_, str>, Json<'_>)],
    ) -> Result<(), WebhookError> {
        let data = self.new_data()?;
        for (key, value) in members {
            let canonical = format!("{}:{}", Value::from(&**key), value.canonical());
            data.read(DataField::from_key(key), Plain::from_json(value), canonical.as_bytes())?;
        }
        Ok(())
    }

    /// The object `data` begins.
    fn new_data(&mut self) -> Result<&mut Data, WebhookError> {
        let field = EnvelopeField::Data;
        self.seen.add(field as u8, || field.path())?;
        Ok(self.data.insert(Data::new()))
    }

    /// The subscription that sent the body, if it names one.
    pub(crate) fn subscription(&self) -> Option<&'a str> {
        self.source.and_then(subscription_in)
    }

    /// When it was sent; `None` if the body does not say.
    ///
    /// # Errors
    /// When that is no plausible time.
    pub(crate) fn dispatched_at(&self) -> Result<Option<EpochMs>, WebhookError> {
        self.dispatched_at.instant("comciscotimestamp")
    }

    pub(crate) fn finish(self) -> Result<Webhook<'a>, WebhookError> {
        // An event counts whenever it was sent: only the proof insists on a time.
        let dispatched_at = self.dispatched_at().unwrap_or_default();
        let type_name = self.type_name.ok_or(WebhookError::Missing { field: "type" })?;
        let org = self.org.ok_or(WebhookError::Missing { field: "comciscoorgid" })?;
        let data = self.data.ok_or_else(|| self.other_data.not_an_object("data"))?;
        let (task, idle_code, event) = data.finish(self.org_text, type_name)?;
        let [id, source] = [self.id, self.source].map(|text| text.map(Cow::Borrowed));
        Ok(Webhook {
            id,
            type_name: type_name.into(),
            source,
            dispatched_at,
            org,
            task,
            idle_code,
            event,
        })
    }
}

impl Data {
    fn new() -> Data {
        let event = Event::bare(EventType::Unknown, Identity::default());
        Data { seen: SeenFields::default(), task: None, idle_code: None, at: None, event, sum: 0 }
    }

    /// Takes a member; `canonical` is its text, `"key":value`.
    #[inline(always)]
    fn read(
        &mut self,
        field: DataField,
        value: Plain<'_>,
        canonical: &[u8],
    ) -> Result<(), WebhookError> {
        self.seen.add(field as u8, || field.path())?;
        if value != Plain::Null {
            self.sum = self.sum.wrapping_add(xxh3_128(canonical));
        }
        let event = &mut self.event;
        let details = &mut event.details;
        match field {
            DataField::Task => self.task = value.id("data.taskId")?,
            DataField::CreatedTime => {
                self.at = value.instant("data.createdTime")?;
                if let (Plain::Text(_), Some(at)) = (value, self.at) {
                    // I6: the same time as a text is the same event.
                    let number = format!("\"createdTime\":{at}");
                    self.sum = self.sum.wrapping_sub(xxh3_128(canonical));
                    self.sum = self.sum.wrapping_add(xxh3_128(number.as_bytes()));
                }
            }
            DataField::Queue => event.queue = value.id("data.queueId")?,
            DataField::Agent => event.agent = value.id("data.agentId")?,
            DataField::AgentState => {
                details.agent_state = value.text("data.currentState")?.map(state)
            }
            // An event counts whatever its code is: one that is no id tells nothing.
            DataField::IdleCode => self.idle_code = value.id("data.idleCodeId").unwrap_or_default(),
            DataField::Channel => {
                details.channel = value.text("data.channelType")?.map(Channel::from_name)
            }
            DataField::Direction => {
                details.direction = value.text("data.direction")?.map(Direction::from_name)
            }
            DataField::OutboundType => {
                details.outbound_type =
                    value.text("data.outboundType")?.map(OutboundType::from_name);
            }
            DataField::TerminatingParty => {
                details.terminating_party =
                    value.text("data.terminatingParty")?.map(Party::from_name);
            }
            DataField::Reason => details.reason = value.text("data.reason")?.map(Reason::new),
            DataField::Basis => {
                details.basis = value.text("data.basis")?.map_or(Basis::Observed, basis)
            }
            DataField::IsFinal => details.is_final = value == Plain::Bool(true),
            DataField::Other => {}
        }
        Ok(())
    }

    fn finish(
        self,
        org: &str,
        type_name: &str,
    ) -> Result<(Option<Id>, Option<Id>, Event), WebhookError> {
        let Data { seen: _, task, idle_code, at, mut event, sum } = self;
        event.kind = EventType::from_name(type_name);
        event.identity = identity(org, type_name, sum);
        match event.kind.subject() {
            Subject::Task if task.is_none() => {
                return Err(WebhookError::Missing { field: "data.taskId" });
            }
            Subject::TaskOrAgent if task.is_none() && event.agent.is_none() => {
                return Err(WebhookError::Missing { field: "data.agentId" });
            }
            Subject::Task | Subject::TaskOrAgent | Subject::Any => {}
        }
        event.at = at.ok_or(WebhookError::Missing { field: "data.createdTime" })?;
        Ok((task, idle_code, event))
    }
}

/// I1: hashes what identifies an event: organization, type and canonical data. `sum` is the sum of the
/// hashes of the members of `data`, which saves sorting them.
///
/// XXH3 is not a cryptographic hash. It need not be one: only deliveries with a proven signature
/// get this far.
fn identity(org: &str, type_name: &str, sum: u128) -> Identity {
    let parts = [&sum.to_be_bytes(), org.as_bytes(), b"\n", type_name.as_bytes()];
    let mut buffer = [0; 160];
    let length = parts.iter().map(|part| part.len()).sum();
    let Some(bytes) = buffer.get_mut(..length) else {
        return Identity(xxh3_128(&parts.concat()));
    };
    let mut rest = &mut *bytes;
    for part in parts {
        let (here, after) = rest.split_at_mut(part.len());
        here.copy_from_slice(part);
        rest = after;
    }
    Identity(xxh3_128(bytes))
}

/// The state of an agent. `NOT_RESPONDING` is the same as `not-responding`.
fn state(text: &str) -> AgentState {
    let known = AgentState::from_name(text);
    if known == AgentState::Other {
        return AgentState::from_name(&text.to_ascii_lowercase().replace('_', "-"));
    }
    known
}

fn basis(text: &str) -> Basis {
    match text {
        "reconciled" => Basis::Reconciled,
        _ => Basis::Observed,
    }
}
