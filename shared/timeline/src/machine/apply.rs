//! [`Timeline::apply`]: the only place where a state changes.
//!
//! Invariant: events applied in the order of their [`Position`](crate::Position) give the same
//! timeline, however they are grouped; an event that comes out of that order changes nothing, and
//! the answer says so. `apply` is total: every event in every stage has a defined result.

use std::cmp::Ordering;

use crate::event::Event;
use crate::event_type::EventType;
use crate::limits::Limits;
use crate::machine::step::Step;
use crate::machine::timeline::Timeline;
use crate::sink::Sink;

/// What became of an event that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It comes after all others and is part of the state now.
    InOrder,
    /// It is the last event once more; nothing changed.
    Repeated,
    /// It belongs before the last event; nothing changed, the task must be folded anew.
    Behind,
}

impl Timeline {
    /// Takes the next event of the task. What is certain now goes to `sink`.
    ///
    /// ```
    /// # use task_timeline::{Applied, EpochMs, Event, EventType, Id, Identity, Limits, Phase, Timeline};
    /// let mut parked = Event::bare(EventType::TaskParked, Identity(1));
    /// parked.at = EpochMs(1_790_000_000_000);
    /// parked.queue = Id::new("billing");
    ///
    /// let mut timeline = Timeline::default();
    /// assert_eq!(timeline.apply(&parked, Limits::default(), &mut ()), Applied::InOrder);
    /// assert_eq!(timeline.phase(), Some(Phase::Queued));
    /// assert_eq!(timeline.apply(&parked, Limits::default(), &mut ()), Applied::Repeated);
    /// ```
    pub fn apply(&mut self, event: &Event, limits: Limits, sink: &mut impl Sink) -> Applied {
        let position = event.position();
        match self.last.map_or(Ordering::Greater, |last| position.cmp(&last)) {
            Ordering::Less => return Applied::Behind,
            Ordering::Equal => return Applied::Repeated,
            Ordering::Greater => {}
        }
        self.last = Some(position);
        self.events += 1;
        self.digest ^= event.identity.0;
        self.naive.note(event);
        Step { timeline: self, event, limits, sink }.take();
        Applied::InOrder
    }
}

impl<S: Sink> Step<'_, S> {
    /// Gives the event its effect.
    fn take(&mut self) {
        match self.event.kind {
            EventType::TaskNew | EventType::TaskOriginUpdated => self.start(), // T1, T2
            EventType::CallbackRequested => self.callback_requested(),         // T8
            EventType::TaskParked => self.parked(),                            // T3
            EventType::TaskConnect => self.connect(),                          // T4
            EventType::TaskConnected => self.connected(),                      // T5, T6
            EventType::TaskOnHold => self.open_bracket(|brackets| brackets.hold = true), // T10
            EventType::TaskConsulting => self.open_bracket(|brackets| brackets.consult = true),
            EventType::TaskConferencing => {
                self.open_bracket(|brackets| brackets.conference = true);
            }
            EventType::TaskHoldDone => self.close_bracket(|brackets| brackets.hold = false), // T11
            EventType::TaskConsultDone => self.close_bracket(|brackets| brackets.consult = false),
            EventType::TaskConferenceDone => {
                self.close_bracket(|brackets| brackets.conference = false);
            }
            EventType::TaskConferenceTransferred => self.conference_transferred(), // T12
            EventType::TaskEnded => self.ended(),                                  // T13 to T17
            EventType::CaptureAvailable => self.recorded(),                        // T21
            EventType::AgentStateChange
            | EventType::AgentChannelStateChange
            | EventType::AgentChannelTypeStateChange => self.agent_changed(), // T9, T22, A1 to A4
            EventType::CallbackFailed => self.callback_failed(),                   // T27
            EventType::TaskCustomerLeft => self.customer_left(),                   // T26
            EventType::TaskJoinConference | EventType::TaskOwnerChanged => self.join_conference(), // T29
            EventType::TaskExitConference => self.leave_conference(),
            EventType::TaskPrimaryOwnerLeft => self.primary_owner_left(),
            // T24
            EventType::TaskFailed
            | EventType::AgentLogin
            | EventType::AgentLogout
            | EventType::TaskMessageAppended
            | EventType::TaskMessageAppendFailed
            | EventType::CampaignContactDisposition
            | EventType::FlowError
            | EventType::Unknown => {}
        }
    }
}
