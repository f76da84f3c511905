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

    /// The path of the field for errors; `None` if the member has no meaning.
    pub(crate) fn path(self) -> Option<&'static str> {
        match self {
            EnvelopeField::Id => Some("id"),
            EnvelopeField::Type => Some("type"),
            EnvelopeField::Source => Some("source"),
            EnvelopeField::Org => Some("comciscoorgid"),
            EnvelopeField::DispatchedAt => Some("comciscotimestamp"),
            EnvelopeField::Data => Some("data"),
            EnvelopeField::Constant | EnvelopeField::Other => None,
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

    /// The path of the field for errors; `None` if the member has no meaning.
    pub(crate) fn path(self) -> Option<&'static str> {
        match self {
            DataField::Task => Some("data.taskId"),
            DataField::CreatedTime => Some("data.createdTime"),
            DataField::Queue => Some("data.queueId"),
            DataField::Agent => Some("data.agentId"),
            DataField::AgentState => Some("data.currentState"),
            DataField::IdleCode => Some("data.idleCodeId"),
            DataField::Channel => Some("data.channelType"),
            DataField::Direction => Some("data.direction"),
            DataField::OutboundType => Some("data.outboundType"),
            DataField::TerminatingParty => Some("data.terminatingParty"),
            DataField::Reason => Some("data.reason"),
            DataField::Basis => Some("data.basis"),
            DataField::IsFinal => Some("data.final"),
            DataField::Other => None,
        }
    }
}
