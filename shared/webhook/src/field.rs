//! The members of a body that have a meaning, by the keys that Webex gives them.
//!
//! Invariant: a member whose key is not listed here counts for the identity of the event only.

/// A member of the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnvelopeField {
    Id,
    Type,
    Source,
    Org,
    DispatchedAt,
    Data,
    /// The same in every body.
    Constant,
    Other,
}

/// A member of `data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataField {
    Task,
    CreatedTime,
    Queue,
    Agent,
    AgentState,
    IdleCode,
    Channel,
    Direction,
    OutboundType,
    TerminatingParty,
    Reason,
    Basis,
    IsFinal,
    Other,
}

impl EnvelopeField {
    /// The field with that key.
    pub(crate) fn from_key(key: &str) -> EnvelopeField {
        match key {
            "id" => EnvelopeField::Id,
            "type" => EnvelopeField::Type,
            "source" => EnvelopeField::Source,
            "comciscoorgid" => EnvelopeField::Org,
            "comciscotimestamp" => EnvelopeField::DispatchedAt,
            "data" => EnvelopeField::Data,
            "specversion" | "datacontenttype" => EnvelopeField::Constant,
            _ => EnvelopeField::Other,
        }
    }
}

impl DataField {
    /// The field with that key.
    pub(crate) fn from_key(key: &str) -> DataField {
        match key {
            "taskId" => DataField::Task,
            "createdTime" => DataField::CreatedTime,
            "queueId" => DataField::Queue,
            "agentId" => DataField::Agent,
            "currentState" => DataField::AgentState,
            "idleCodeId" => DataField::IdleCode,
            "channelType" => DataField::Channel,
            "direction" => DataField::Direction,
            "outboundType" => DataField::OutboundType,
            "terminatingParty" => DataField::TerminatingParty,
            "reason" => DataField::Reason,
            "basis" => DataField::Basis,
            "final" => DataField::IsFinal,
            _ => DataField::Other,
        }
    }
}
