//! Where a task is: one [`Stage`] at a time, with what only that stage knows.
//!
//! Invariant: what a stage does not hold cannot be: brackets only with an agent, an agent's leg
//! only while the customer is dialled, a reason only after an end.

use serde::{Deserialize, Serialize};

use crate::event::{Event, Party};
use crate::position::Identity;
use crate::reason::Reason;
use crate::segment::Phase;
use crate::time::EpochMs;

/// An agent event and a task event nearer than this tell of the same moment; in milliseconds.
pub(super) const SAME_MOMENT_MS: i64 = 1_000;
/// What follows a hang-up within this is a straggler, not life; in milliseconds.
const HANG_UP_RACE_MS: i64 = 1_000;

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
    /// Offered to an agent, whose phone rings.
    Ringing,
    /// On a callback: the agent is on, the customer's phone rings.
    Dialing {
        /// The agent's own leg: the first `task:connected` of the offer.
        agent_leg: Moment,
        /// An agent event that suggests that the customer answered. The next event decides.
        picked_up: Option<Moment>,
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
    /// The recording is there: the task is over, unless another event follows.
    Recorded {
        /// When the recording said so.
        end: Moment,
        /// What the recording found.
        before: BeforeRecording,
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

/// What a recording found when it ended the task: it ends nothing else (T21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BeforeRecording {
    /// The customer was with an agent.
    WithAgent(Brackets),
    /// The agent had left.
    AfterTalk,
}

/// The end of a task, until more life is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// The `task:ended`.
    pub(super) moment: Moment,
    pub(super) party: Option<Party>,
    pub(super) reason: Option<Reason>,
    pub(super) by_customer: bool,
}

impl End {
    /// Whether `event` only lost a race against a hang-up (T19).
    pub(super) fn hung_up_just_before(&self, event: &Event) -> bool {
        let is_hang_up = self.reason.as_ref().is_some_and(|reason| reason.group.is_hang_up());
        is_hang_up && event.at - self.moment.at <= HANG_UP_RACE_MS
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
            Stage::NotStarted | Stage::Recorded { .. } | Stage::Ended(_) => None,
            Stage::SelfService | Stage::AfterTalk => Some(Phase::SelfService),
            Stage::Queued => Some(Phase::Queued),
            Stage::CallbackWait => Some(Phase::CallbackWait),
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
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk
            | Stage::Recorded { .. } => None,
        }
    }

    /// Whether the task is over, as far as is known.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Stage::Recorded { .. } | Stage::Ended(_) => true,
            Stage::NotStarted
            | Stage::SelfService
            | Stage::Queued
            | Stage::CallbackWait
            | Stage::Ringing
            | Stage::Dialing { .. }
            | Stage::WithAgent { .. }
            | Stage::AfterTalk => false,
        }
    }
}
