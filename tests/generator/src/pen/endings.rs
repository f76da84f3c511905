//! The verbs of ends, real and false, and of what comes after them.
//!
//! Invariant: a story has one end; everything else that Webex calls an end is none.

use crate::notice::{TaskEvent, What};
use crate::pen::Pen;
use crate::reasons::{is_by_customer, spelled};
use crate::story::{Fate, Party};

impl Pen<'_> {
    /// The task ends for good.
    pub fn ends(&mut self, party: Party, reason: &str) {
        self.ends_with(party, reason, Fate::Withdrawn);
    }

    /// Like [`Pen::ends`]; if this ends a ring, the ring has this fate.
    pub fn ends_with(&mut self, party: Party, reason: &str, fate: Fate) {
        self.release(fate);
        self.is_over(is_by_customer(party, reason));
        self.is_told_why(party, reason);
    }

    /// The customer leaves the agents of a conference, who talk on.
    pub fn leaves_conference(&mut self) {
        self.release(Fate::Answered);
        self.is_over(true);
        self.tell(What::Task(TaskEvent::CustomerLeft));
    }

    /// The flow dials no more. Only our signal reports it.
    pub fn is_given_up(&mut self) {
        self.release(Fate::Withdrawn);
        self.is_over(false);
        self.tell(What::CallbackFailed { is_final: true });
    }

    /// After the end, `task:ended` says what it was; or another one says it better.
    pub fn is_told_why(&mut self, party: Party, reason: &str) {
        let reason = spelled(reason, &mut self.dice);
        if let Some(ending) = &mut self.telling.story.ending {
            ending.told = Some((party, reason.clone()));
        }
        self.tell(What::Ended(party, reason));
    }

    /// Webex reports an end, but the task goes on later. Meanwhile the customer waits.
    pub fn seems_to_end(&mut self, party: Party, reason: &str) {
        let reason = spelled(reason, &mut self.dice);
        self.telling.story.false_ends += 1;
        self.release(Fate::Withdrawn);
        self.scene(self.waiting());
        self.tell(What::Ended(party, reason));
    }

    /// Webex reports something about the task that changes nothing for the customer.
    pub fn mentions(&mut self, event: TaskEvent) {
        self.tell(What::Task(event));
    }

    /// A message comes. The clock of messages may be hours behind.
    pub fn is_written_to(&mut self) {
        let behind_ms = if self.dice.chance(0.3) { 7 * 3_600_000 } else { 0 };
        self.tell(What::Message { behind_ms });
    }

    /// A notice `after_ms` from now that no longer means anything.
    pub fn strays(&mut self, after_ms: u64, event: TaskEvent) {
        self.tell_at(self.now + after_ms, What::Task(event), false);
    }

    /// The recording is available.
    pub fn is_recorded(&mut self) {
        let at = self.now + self.dice.between(1_500..=9_000);
        self.tell_at(at, What::Capture, false);
    }
}
