//! The rows of an archive as events.
//!
//! Invariant: events read from columns are those that parsing the bodies would give.

use std::borrow::Cow;

use polars_arrow::array::{FixedSizeBinaryArray, PrimitiveArray, Utf8ViewArray};
use task_timeline::{
    AgentState, Basis, Channel, Direction, EpochMs, Event, EventDetails, EventType, Id, Identity,
    Named, OutboundType, Party, Reason,
};
use thiserror::Error;
use webhook::{Webhook, WebhookError};

use crate::bodies::{Bodies, Body, instant};
use crate::columns::{IDENTITY, TEXT, time};
use crate::group::Group;
use crate::read_error::ReadError;

/// The events of a group of rows.
pub struct Events(Rows);

/// The columns of this version, or the bodies of another one.
enum Rows {
    Columns(Box<Columns>),
    Bodies(Box<Bodies>),
}

/// An event with its envelope, and when it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadEvent<'a> {
    /// The event and its envelope.
    pub webhook: Webhook<'a>,
    /// When it was received; unknown only in archives of other versions.
    pub arrived_at: Option<EpochMs>,
}

/// A row that gives no event.
#[derive(Debug)]
pub struct UnreadableRow<'a> {
    /// What is wrong with it.
    pub error: RowError,
    /// Its body, if that was read.
    pub body: Option<&'a [u8]>,
}

/// Why a row gives no event.
#[derive(Debug, Error)]
pub enum RowError {
    /// The body is not a webhook.
    #[error(transparent)]
    Body(#[from] WebhookError),
    /// A column holds an impossible value.
    #[error("the column `{column}` has no such value")]
    Column {
        /// The column.
        column: &'static str,
    },
}

impl Events {
    pub(crate) fn from_columns(group: &Group<'_>) -> Result<Events, ReadError> {
        Columns::read(group).map(|columns| Events(Rows::Columns(columns.into())))
    }

    pub(crate) fn from_bodies(bodies: Bodies) -> Events {
        Events(Rows::Bodies(bodies.into()))
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match &self.0 {
            Rows::Columns(columns) => columns.created_time.len(),
            Rows::Bodies(bodies) => bodies.rows(),
        }
    }

    /// The rows in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = Result<ReadEvent<'_>, UnreadableRow<'_>>> {
        (0..self.rows()).map(|row| match &self.0 {
            Rows::Columns(columns) => columns
                .event(row)
                .map_err(|column| UnreadableRow { error: RowError::Column { column }, body: None }),
            Rows::Bodies(bodies) => {
                let Body { body, arrived_at, .. } = bodies.get(row);
                match Webhook::parse(body) {
                    Ok(webhook) => Ok(ReadEvent { webhook, arrived_at }),
                    Err(error) => Err(UnreadableRow { error: error.into(), body: Some(body) }),
                }
            }
        })
    }
}

/// Everything that an event consists of, decoded.
struct Columns {
    org_id: Utf8ViewArray,
    task_id: Utf8ViewArray,
    agent_id: Utf8ViewArray,
    queue_id: Utf8ViewArray,
    type_name: Utf8ViewArray,
    created_time: PrimitiveArray<i64>,
    identity: FixedSizeBinaryArray,
    webhook_id: Utf8ViewArray,
    source: Utf8ViewArray,
    dispatched_at: PrimitiveArray<i64>,
    channel: Utf8ViewArray,
    direction: Utf8ViewArray,
    outbound_type: Utf8ViewArray,
    terminating_party: Utf8ViewArray,
    reason: Utf8ViewArray,
    agent_state: Utf8ViewArray,
    idle_code_id: Utf8ViewArray,
    basis: Utf8ViewArray,
    is_final: Utf8ViewArray,
    arrived_at: PrimitiveArray<i64>,
}

impl Columns {
    fn read(group: &Group<'_>) -> Result<Columns, ReadError> {
        let text = |name| group.column(name, &TEXT);
        let time = |name| group.column(name, &time());
        Ok(Columns {
            org_id: text("org_id")?,
            task_id: text("task_id")?,
            agent_id: text("agent_id")?,
            queue_id: text("queue_id")?,
            type_name: text("type")?,
            created_time: time("created_time")?,
            identity: group.column("identity", &IDENTITY)?,
            webhook_id: text("webhook_id")?,
            source: text("source")?,
            dispatched_at: time("dispatched_at")?,
            channel: text("channel")?,
            direction: text("direction")?,
            outbound_type: text("outbound_type")?,
            terminating_party: text("terminating_party")?,
            reason: text("reason")?,
            agent_state: text("agent_state")?,
            idle_code_id: text("idle_code_id")?,
            basis: text("basis")?,
            is_final: text("is_final")?,
            arrived_at: time("arrived_at")?,
        })
    }

    /// The event in a row, or the name of the column with an impossible value.
    fn event(&self, row: usize) -> Result<ReadEvent<'_>, &'static str> {
        let type_name = self.type_name.get(row).ok_or("type")?;
        let identity = self.identity.get(row).and_then(|bytes| bytes.try_into().ok());
        let event = Event {
            kind: EventType::from_name(type_name),
            at: instant(&self.created_time, row).ok_or("created_time")?,
            identity: Identity(u128::from_be_bytes(identity.ok_or("identity")?)),
            queue: id(&self.queue_id, row).ok_or("queue_id")?,
            agent: id(&self.agent_id, row).ok_or("agent_id")?,
            details: EventDetails {
                agent_state: self.agent_state.get(row).map(AgentState::from_name),
                channel: self.channel.get(row).map(Channel::from_name),
                direction: self.direction.get(row).map(Direction::from_name),
                outbound_type: self.outbound_type.get(row).map(OutboundType::from_name),
                terminating_party: self.terminating_party.get(row).map(Party::from_name),
                reason: self.reason.get(row).map(Reason::new),
                basis: self.basis.get(row).and_then(Basis::from_name).ok_or("basis")?,
                is_final: self.is_final.get(row).is_some(),
            },
        };
        let webhook = Webhook {
            id: self.webhook_id.get(row).map(Cow::Borrowed),
            type_name: type_name.into(),
            source: self.source.get(row).map(Cow::Borrowed),
            dispatched_at: instant(&self.dispatched_at, row),
            org: id(&self.org_id, row).flatten().ok_or("org_id")?,
            task: id(&self.task_id, row).ok_or("task_id")?,
            idle_code: id(&self.idle_code_id, row).ok_or("idle_code_id")?,
            event,
        };
        Ok(ReadEvent { webhook, arrived_at: instant(&self.arrived_at, row) })
    }
}

/// The id in a row; the inner `None` means that there is none, the outer one that the text is not an id.
fn id(ids: &Utf8ViewArray, row: usize) -> Option<Option<Id>> {
    match ids.get(row) {
        None => Some(None),
        Some(text) => Id::new(text).map(Some),
    }
}
