//! One event being applied to one timeline.

use crate::event::Event;
use crate::limits::Limits;
use crate::machine::stage::Moment;
use crate::machine::timeline::Timeline;

/// One event being applied.
pub(super) struct Step<'a, S> {
    pub(super) timeline: &'a mut Timeline,
    pub(super) event: &'a Event,
    pub(super) limits: Limits,
    pub(super) sink: &'a mut S,
}

impl Event {
    /// When it happened, with the event as the cause of what it changes.
    pub(super) fn moment(&self) -> Moment {
        Moment { at: self.at, cause: self.identity }
    }
}
