//! Where a task is: one [`Stage`] at a time, with what only that stage knows.
//!
//! Invariant: what a stage does not hold cannot be: brackets only with an agent, an agent's leg
//! only while the customer is dialled, a reason only after an end.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Party};
use crate::event_type::EventType;
use crate::position::Identity;
use crate::reason::{Reason, ReasonGroup};
use crate::segment::Phase;
use crate::time::EpochMs;

/// An agent event and a task event nearer than this tell of the same moment; in milliseconds.
pub(super) const SAME_MOMENT_MS: i64 = 1_000;
/// What follows a hang-up within this is a straggler, not life; in milliseconds.
const HANG_UP_RACE_MS: i64 = 1_000;
/// Ends nearer than this are one end, told several times; in milliseconds.
const ONE_END_MS: i64 = 2_000;

/// Where a task is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// No task event yet.
    #[default]
    NotStarted,
    /// In the flow (IVR), before any agent.
    SelfService,
    /// On the line, waiting in a queue.
    Queued,
    /// Off the line, waiting to be called back.
    CallbackWait,
    /// Not on the line: the contact centre's own call waits for an agent.
    OutboundQueued,
    /// Offered to an agent, whose phone rings.
    Ringing,
    /// On a callback: the agent is on, the customer's phone rings.
    Dialing {
        /// The agent's own leg: the first `task:connected` of the offer.
        agent_leg: Moment,
        /// How the dial seems to have gone. The next event decides.
        result: Option<DialResult>,
    },
    /// Agent and customer are connected.
    WithAgent {
        /// What they do besides talking.
        brackets: Brackets,
        /// An agent event that suggests that the only agent left. The next event decides.
        agent_left: Option<Moment>,
    },
    /// In self-service since the agent left: a post-call survey, for example.
    AfterTalk,
    /// Over as far as the recording or the flow says, unless another event follows.
    EndInferred {
        /// When they said so.
        end: Moment,
        /// Where the task was.
        before: BeforeEnd,
    },
    /// Over, unless the task turns out to go on.
    Ended(End),
}

/// An instant, and the event that tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub at: EpochMs,
    /// The event.
    pub cause: Identity,
}

/// What agent and customer do besides talking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brackets {
    /// The customer is on hold.
    pub hold: bool,
    /// The agent consults another one.
    pub consult: bool,
    /// Two agents are with the customer.
    pub conference: bool,
}

impl Brackets {
    /// The phase that they make (P3): the later ones hide the earlier ones.
    pub(super) fn phase(self) -> Phase {
        match (self.conference, self.consult, self.hold) {
            (true, _, _) => Phase::Conferencing,
            (false, true, _) => Phase::Consulting,
            (false, false, true) => Phase::OnHold,
            (false, false, false) => Phase::Talking,
        }
    }
}

/// How a dial of the customer seems to have gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DialResult {
    /// The customer answered, as an agent event suggests (T9).
    PickedUp(Moment),
    /// The customer was not reached, as the flow says (T27).
    Failed(Moment),
}

/// Where a task was whose end was inferred: a recording (T21) and the flow (T27) end nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BeforeEnd {
    /// The customer was with an agent.
    WithAgent(Brackets),
    /// The agent had left.
    AfterTalk,
    /// The customer waited to be called back.
    CallbackWait,
    /// The customer's phone rang.
    Dialing {
        /// The agent's own leg.
        agent_leg: Moment,
    },
}

/// The end of a task, until more life is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The first event that told of it.
    pub(super) moment: Moment,
    pub(super) party: Option<Party>,
    pub(super) reason: Option<Reason>,
    pub(super) by_customer: bool,
    /// Whether the customer left a conference of agents, which may go on (T26).
    pub(super) left_conference: bool,
}

impl End {
    /// Whether `event` proves no life: it only lost a race against a hang-up (T19), or an agent
    /// joined others whom the customer had left (T26).
    pub(super) fn outlives(&self, event: &Event) -> bool {
        let group = self.reason.as_ref().map(|reason| reason.group);
        let is_hang_up = self.left_conference || group.is_some_and(ReasonGroup::is_hang_up);
        let lost_a_race = is_hang_up && event.at - self.moment.at <= HANG_UP_RACE_MS;
        lost_a_race || (self.left_conference && event.kind == EventType::TaskConnected)
    }

    /// Whether a `task:ended` at `at` belongs to the same end (T17).
    pub(super) fn goes_on_until(&self, at: EpochMs) -> bool {
        at - self.moment.at <= ONE_END_MS
    }
}

impl Stage {
    /// Connected with an agent, and nothing that waits to be decided.
    pub(super) fn with_agent(brackets: Brackets) -> Stage {
        Stage::WithAgent { brackets, agent_left: None }
    }

    /// The phase of the segment that is open in this stage; `None` before the task and after it.
    pub fn phase(&self) -> Option<Phase> {
        match self {
            Stage::NotStarted | Stage::EndInferred { .. } | Stage::Ended(_) => None,
            Stage::SelfService | Stage::AfterTalk => Some(Phase::SelfService),
            Stage::Queued => Some(Phase::Queued),
            Stage::CallbackWait => Some(Phase::CallbackWait),
            Stage::OutboundQueued => Some(Phase::OutboundQueued),
            Stage::Ringing => Some(Phase::Offered),
            Stage::Dialing { .. } => Some(Phase::Dialing),
            Stage::WithAgent { brackets, .. } => Some(brackets.phase()),
        }
    }

    /// The end that a `task:ended` told of.
    pub(super) fn end(&self) -> Option<&End> {
        match self {
            Stage::Ended(end) => Some(end),
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::EndInferred { .. } => None,
        }
    }

    /// Whether the task is over, as far as is known.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Stage::EndInferred { .. } | Stage::Ended(_) => true,
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::OutboundQueued
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk => false,
        }
    }
}
