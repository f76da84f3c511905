//! Members that many bodies have with the same value.
//!
//! Invariant: an interned member says what reading it again would say.

use task_timeline::{Channel, Direction, Id};
use xxhash_rust::xxh3::xxh3_128;

use crate::field::Field;
use crate::member::Member;
use crate::plain::Plain;

/// A member that many bodies have, as it was read once.
#[derive(Debug)]
pub(crate) enum Familiar {
    Source,
    Org(Id),
    /// With the hash of the member.
    Channel(Channel, u128),
    /// With the hash of the member.
    Direction(Direction, u128),
}

impl Familiar {
    /// `None` for those that may be other ones every time.
    pub(crate) fn of(member: &Member<'_>) -> Option<Familiar> {
        let Plain::Text(value) = member.value else { return None };
        let hash = || xxh3_128(member.text);
        match member.field {
            _ if value.is_empty() => None,
            Field::Source => Some(Familiar::Source),
            Field::Org => Id::new(value).map(Familiar::Org),
            Field::Channel => Some(Familiar::Channel(Channel::from_name(value), hash())),
            Field::Direction => Some(Familiar::Direction(Direction::from_name(value), hash())),
            Field::Id
            | Field::Type
            | Field::DispatchedAt
            | Field::Data
            | Field::Task
            | Field::CreatedTime
            | Field::Queue
            | Field::Agent
            | Field::AgentState
            | Field::OutboundType
            | Field::TerminatingParty
            | Field::Reason
            | Field::Basis
            | Field::Constant
            | Field::Other => None,
        }
    }
}
