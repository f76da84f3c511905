//! The members of a body that mean something, by the keys that Webex gives them.
//!
//! Invariant: a key that is not here is of no use to anybody but the identity.

/// A member of the envelope or of `data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Id,
    Type,
    Source,
    Org,
    DispatchedAt,
    Data,
    Task,
    CreatedTime,
    Queue,
    Agent,
    AgentState,
    Channel,
    Direction,
    OutboundType,
    TerminatingParty,
    Reason,
    Basis,
    /// The same in every body.
    Constant,
    Other,
}

impl Field {
    /// The member of the envelope with that key.
    pub(crate) fn of_envelope(key: &str) -> Field {
        match key {
            "id" => Field::Id,
            "type" => Field::Type,
            "source" => Field::Source,
            "comciscoorgid" => Field::Org,
            "comciscotimestamp" => Field::DispatchedAt,
            "data" => Field::Data,
            "specversion" | "datacontenttype" => Field::Constant,
            _ => Field::Other,
        }
    }

    /// The member of `data` with that key.
    pub(crate) fn of_data(key: &str) -> Field {
        match key {
            "taskId" => Field::Task,
            "createdTime" => Field::CreatedTime,
            "queueId" => Field::Queue,
            "agentId" => Field::Agent,
            "currentState" => Field::AgentState,
            "channelType" => Field::Channel,
            "direction" => Field::Direction,
            "outboundType" => Field::OutboundType,
            "terminatingParty" => Field::TerminatingParty,
            "reason" => Field::Reason,
            "basis" => Field::Basis,
            _ => Field::Other,
        }
    }
}
