//! Members that have the same value in many bodies.
//!
//! Invariant: an interned member says what reading it again would say.

use task_timeline::{Channel, Direction, Id};
use xxhash_rust::xxh3::xxh3_128;

use crate::field::{DataField, EnvelopeField};
use crate::member::Member;
use crate::plain::Plain;

/// A member as it was read once.
#[derive(Debug)]
pub(crate) enum Interned {
    Source,
    Org(Id),
    /// With the hash of the member.
    Channel(Channel, u128),
    /// With the hash of the member.
    Direction(Direction, u128),
}

impl Interned {
    /// The member of the envelope; `None` for fields that have many values.
    pub(crate) fn from_envelope(member: &Member<'_, EnvelopeField>) -> Option<Interned> {
        let Plain::Text(value) = member.value else { return None };
        match member.field {
            _ if value.is_empty() => None,
            EnvelopeField::Source => Some(Interned::Source),
            EnvelopeField::Org => Id::new(value).map(Interned::Org),
            EnvelopeField::Id
            | EnvelopeField::Type
            | EnvelopeField::DispatchedAt
            | EnvelopeField::Data
            | EnvelopeField::Constant
            | EnvelopeField::Other => None,
        }
    }

    /// The member of `data`; `None` for fields that have many values.
    pub(crate) fn from_data(member: &Member<'_, DataField>) -> Option<Interned> {
        let Plain::Text(value) = member.value else { return None };
        let hash = || xxh3_128(member.text);
        match member.field {
            _ if value.is_empty() => None,
            DataField::Channel => Some(Interned::Channel(Channel::from_name(value), hash())),
            DataField::Direction => Some(Interned::Direction(Direction::from_name(value), hash())),
            DataField::Task
            | DataField::CreatedTime
            | DataField::Queue
            | DataField::Agent
            | DataField::AgentState
            | DataField::IdleCode
            | DataField::OutboundType
            | DataField::TerminatingParty
            | DataField::Reason
            | DataField::Basis
            | DataField::IsFinal
            | DataField::Other => None,
        }
    }
}
