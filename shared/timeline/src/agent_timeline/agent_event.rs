//! What an event says of the agent whom it names.
//!
//! Invariant: an event that says nothing but that the agent is there is an agent event too.

use crate::agent_timeline::status::AgentStatus;
use crate::channel_kind::ChannelKind;
use crate::event::Event;
use crate::event_type::{EventType, Subject};
use crate::id::Id;
use crate::position::Position;

/// What an event says of its agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentEvent {
    /// I4: where it stands among the agent's events.
    pub position: Position,
    /// Whether it is an `agent:login`.
    pub is_login: bool,
    /// The channel that it is about; none in `agent:1.0.0`.
    pub channel: Option<ChannelKind>,
    /// What the agent does now.
    pub status: Option<AgentStatus>,
    /// Why the agent is idle.
    pub idle_code: Option<Id>,
    /// The task that it names.
    pub task: Option<Id>,
}

impl AgentEvent {
    /// G1: what `event`, which may name a `task` and an idle code, says of its agent; `None` if it is of another type,
    /// or names no agent.
    pub fn new(event: &Event, task: Option<&Id>, idle_code: Option<&Id>) -> Option<AgentEvent> {
        let is_about_its_agent =
            event.kind.subject() == Subject::TaskOrAgent && event.agent.is_some();
        is_about_its_agent.then(|| AgentEvent {
            position: event.position(),
            is_login: event.kind == EventType::AgentLogin,
            // The first version knows fewer states: it must not speak for a channel that the second
            // one tells of.
            channel: event
                .details
                .channel
                .filter(|_| event.kind != EventType::AgentStateChange)
                .map(ChannelKind::from),
            status: AgentStatus::from_event(event),
            idle_code: idle_code.cloned(),
            task: task.cloned(),
        })
    }
}
