//! The verbs of what happens once the customer is with an agent, and of agents who come and go.
//!
//! Invariant: an agent's `wrapup` is near the task event that it goes with, or clearly before it.

use std::ops::RangeInclusive;

use crate::notice::{AgentState, TaskEvent, What};
use crate::pen::{HAND_OVER_MS, Pen, VANISHED, WRAPUP, WRAPUP_NEAR_MS};
use crate::story::{Doing, Fate};

impl Pen<'_> {
    /// A bracket opens or closes, and the customer is now `doing` that. The agent's event reports
    /// it too.
    pub fn turns_to(&mut self, doing: Doing, event: TaskEvent, state: AgentState) {
        self.scene(doing);
        self.tell(What::Task(event));
        if let Some(agent) = self.agent() {
            self.tell_agent(agent, state);
        }
    }

    /// A second agent, who has no ring in this task, enters this state.
    pub fn second_agent_is(&mut self, agent: usize, state: AgentState) {
        self.tell_agent(agent, state);
    }

    /// A second agent leaves: `first` reports it, and some after-call work follows.
    pub fn second_agent_leaves(&mut self, agent: usize, first: AgentState) {
        self.tell_agent(agent, first);
        let at = self.now + self.dice.skewed(WRAPUP);
        let last = if first == AgentState::Wrapup {
            AgentState::WrapupDone
        } else {
            AgentState::Available
        };
        self.tell_agent_at(at, agent, last, true);
    }

    /// The second agent takes over from the first one. Their events come in either order.
    pub fn hands_over_to(&mut self, second: usize) {
        let [left, came] = [(); 2].map(|()| self.dice.between(0..=HAND_OVER_MS));
        self.wraps_up_at(self.now + left);
        self.tell_agent_at(self.now + came, second, AgentState::Connected, true);
    }

    /// The second agent, who took over, leaves while the customer stays.
    pub fn second_agent_hangs_up(&mut self, second: usize) {
        self.release(Fate::Answered);
        self.scene(Doing::AfterAgent);
        self.tell_agent_at(self.now, second, AgentState::Wrapup, false);
        let done = self.now + self.dice.skewed(WRAPUP);
        self.tell_agent_at(done, second, AgentState::WrapupDone, true);
    }

    /// A supervisor listens in, and speaks for a while.
    pub fn is_overheard(&mut self, range: RangeInclusive<u64>) {
        let supervisor = self.meets_agent();
        self.tell_agent(supervisor, AgentState::Monitoring);
        self.passes(400..=900);
        self.tell_agent(supervisor, AgentState::Connected);
        self.passes(range);
        self.tell_agent(supervisor, AgentState::Available);
    }

    /// An agent who was not in the story before.
    pub fn meets_agent(&mut self) -> usize {
        let agent = (self.first_agent + 7 * self.agents_met) % self.org.met_by_any();
        self.agents_met += 1;
        self.desk.filter(|_| self.agents_met == 1).unwrap_or(agent)
    }

    /// The agent leaves while the customer stays: a survey, or the flow goes on.
    pub fn agent_leaves(&mut self) {
        self.wraps_up_at(self.now);
        self.release(Fate::Answered);
        self.scene(Doing::AfterAgent);
    }

    /// The agent's `wrapup` comes shortly before or after the next task event. Some agents have
    /// none.
    pub fn wraps_up_about_now(&mut self) {
        if self.dice.chance(0.95) {
            let at = self.dice.around(self.now, WRAPUP_NEAR_MS);
            self.wraps_up_at(at);
        }
    }

    /// The agent's `wrapup` comes shortly before the next task event, never after it.
    pub fn wraps_up_just_before(&mut self) {
        let at = self.now - self.dice.between(0..=WRAPUP_NEAR_MS);
        self.wraps_up_at(at);
    }

    /// The agent's `wrapup` comes this long after the end: first, the agent talks on.
    pub fn wraps_up_after(&mut self, range: RangeInclusive<u64>) {
        let at = self.now + self.dice.skewed(range);
        self.wraps_up_at(at);
    }

    /// The agent's wrap-up begins, and the agent is away for hours.
    pub fn wraps_up_and_vanishes(&mut self) {
        let (from, away) = (self.now, self.dice.between(VANISHED));
        self.wraps_up_between(from, from + away, AgentState::Idle);
    }
}
