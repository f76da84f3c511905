//! How the verbs of the pen write a scene to the story, and a notice with it.
//!
//! Invariant: a scene and a notice that are written together have the same time.

use crate::notice::{AgentState, Notice, TaskEvent, What};
use crate::pen::{FALSE_END_GAP, FalseEnd, Pen, WRAPUP};
use crate::reasons::spelled;
use crate::story::{Callback, Doing, Ending, Fate, Party, Scene, Told, Way};

impl Pen<'_> {
    pub(super) fn scene(&mut self, doing: Doing) {
        let queue =
            if matches!(doing, Doing::InFlow | Doing::AfterAgent) { None } else { self.queue };
        let with_agent = !matches!(
            doing,
            Doing::InFlow
                | Doing::WaitingLive
                | Doing::WaitingAway
                | Doing::CallWaits
                | Doing::AfterAgent
        );
        let ring = self.telling.story.rings.len().checked_sub(1).filter(|_| with_agent);
        self.telling.story.scenes.push(Scene { from: self.now, doing, queue, ring });
    }

    pub(super) fn tell(&mut self, what: What) {
        self.tell_at(self.now, what, false);
    }

    pub(super) fn tell_agent(&mut self, agent: usize, state: AgentState) {
        self.tell_agent_at(self.now, agent, state, true);
    }

    pub(super) fn tell_agent_at(&mut self, at: u64, agent: usize, state: AgentState, loose: bool) {
        let is_at_desk = self.desk == Some(agent);
        if is_at_desk {
            self.steps.push((at, state));
        }
        let loose = loose && !is_at_desk;
        for &version in self.telling.agent_versions {
            if let Some(state) = state.as_told_by(version) {
                self.tell_at(at, What::Agent(agent, state, version), loose);
            }
        }
    }

    pub(super) fn tell_at(&mut self, at: u64, what: What, loose: bool) {
        if matches!(what, What::Task(TaskEvent::Connect | TaskEvent::Parked)) {
            self.shows_callback(at);
        }
        let queue = if self.names_queue(&what) { self.queue } else { None };
        self.telling.notices.push(Notice { at, what, way: self.way, queue, loose });
    }

    pub(super) fn owes_callback(&mut self, told: Told) {
        let requested_at = self.now;
        self.telling.story.callback =
            Some(Callback { requested_at, told, shown_at: None, completed: false });
    }

    pub(super) fn is_over(&mut self, by_customer: bool) {
        self.telling.story.ending = Some(Ending { at: self.now, by_customer, told: None });
    }

    fn shows_callback(&mut self, at: u64) {
        if let Some(callback) =
            self.telling.story.callback.as_mut().filter(|_| self.way == Way::Callback)
        {
            callback.shown_at.get_or_insert(at);
        }
    }

    fn names_queue(&mut self, what: &What) -> bool {
        match what {
            What::Task(_) => true,
            What::Agent(_, state, _) => !state.is_after_the_call(),
            What::Ended(..) | What::CallbackRequested => self.dice.chance(0.2),
            What::Capture
            | What::CallbackFailed { .. }
            | What::Message { .. }
            | What::Unknown(_)
            | What::OffTask { .. }
            | What::Login(_)
            | What::Logout(_)
            | What::TaskFailed => false,
        }
    }

    pub(super) fn tells_park_and_false_end(&mut self, fate: Fate, false_end: FalseEnd) {
        self.telling.story.false_ends += 1;
        let party = if self.dice.chance(0.8) { Party::System } else { Party::Agent };
        let reason = *self.dice.pick(fate.reasons());
        let ended = What::Ended(party, spelled(reason, &mut self.dice));
        let parked = What::Task(TaskEvent::Parked);
        let (first, second) = match false_end {
            FalseEnd::Before => (ended, parked),
            FalseEnd::After | FalseEnd::Missing => (parked, ended),
            FalseEnd::Same if self.dice.chance(0.5) => (ended, parked),
            FalseEnd::Same => (parked, ended),
        };
        self.tell(first);
        if false_end != FalseEnd::Same {
            self.now += self.dice.between(FALSE_END_GAP);
        }
        self.tell(second);
    }

    pub(super) fn wraps_up_at(&mut self, from: u64) {
        let to = from + self.dice.skewed(WRAPUP);
        self.wraps_up_between(from, to, AgentState::WrapupDone);
    }

    pub(super) fn wraps_up_between(&mut self, from: u64, to: u64, last: AgentState) {
        let Some(ring) = self.telling.story.rings.last_mut().filter(|ring| ring.wrapup.is_none())
        else {
            return;
        };
        ring.wrapup = Some((from, to));
        let agent = ring.agent;
        self.tell_agent_at(from, agent, AgentState::Wrapup, false);
        self.tell_agent_at(to, agent, last, false);
        if self.dice.chance(0.3) {
            self.tell_agent_at(to + 600, agent, AgentState::Available, true);
        }
    }

    pub(super) fn release(&mut self, fate: Fate) {
        let now = self.now;
        if let Some(ring) =
            self.telling.story.rings.last_mut().filter(|ring| ring.released_at.is_none())
        {
            ring.released_at = Some(now);
            ring.fate.get_or_insert(fate);
        }
    }

    pub(super) fn agent(&self) -> Option<usize> {
        self.telling.story.rings.last().map(|ring| ring.agent)
    }

    pub(super) fn enter_some_queue(&mut self) {
        if self.queue.is_none() {
            self.queue = Some(self.dice.index(self.org.queues.len()));
        }
    }

    pub(super) fn waiting(&self) -> Doing {
        if self.callback_is_pending() {
            Doing::WaitingAway
        } else if self.telling.story.way.is_own_call() && !self.telling.story.has_talked() {
            Doing::CallWaits
        } else {
            Doing::WaitingLive
        }
    }

    pub(super) fn callback_is_pending(&self) -> bool {
        self.telling.story.callback.as_ref().is_some_and(|callback| !callback.completed)
    }
}
