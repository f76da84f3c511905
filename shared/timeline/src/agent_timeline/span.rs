//! A stretch of an agent's time in one state, and where such stretches go.
//!
//! Invariant: a span has a length, or is still open.

use crate::agent_timeline::status::AgentStatus;
use crate::basis::Basis;
use crate::channel_kind::ChannelKind;
use crate::id::Id;
use crate::time::EpochMs;

/// A stretch of an agent's time in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentSpan {
    /// The channel; none where events name none, and of the agent as a whole.
    pub channel: Option<ChannelKind>,
    /// What the agent does.
    pub status: AgentStatus,
    /// Why, where the agent is idle.
    pub idle_code: Option<Id>,
    /// With which task.
    pub task: Option<Id>,
    /// When it began.
    pub started_at: EpochMs,
    /// When it ended.
    pub ended_at: Option<EpochMs>,
    /// How the end is known.
    pub basis: Basis,
}

impl AgentSpan {
    /// Its length in milliseconds, unless it is still open.
    pub fn duration_ms(&self) -> Option<i64> {
        self.ended_at.map(|ended_at| ended_at - self.started_at)
    }
}

/// Takes what [`AgentTimeline`](crate::AgentTimeline) finds out.
pub trait AgentSink {
    /// A span on one channel, or without a channel. Spans of one channel come in order.
    fn on_channel(&mut self, span: AgentSpan);
    /// G6: a span of the agent as a whole. They come in order.
    fn as_a_whole(&mut self, span: AgentSpan);
}

/// An [`AgentSink`] that keeps all it is given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentRecord {
    /// The spans of all channels.
    pub on_channels: Vec<AgentSpan>,
    /// The spans of the agent as a whole.
    pub as_a_whole: Vec<AgentSpan>,
}

impl AgentSink for AgentRecord {
    fn on_channel(&mut self, span: AgentSpan) {
        self.on_channels.push(span);
    }

    fn as_a_whole(&mut self, span: AgentSpan) {
        self.as_a_whole.push(span);
    }
}
