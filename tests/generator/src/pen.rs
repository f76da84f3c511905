//! The [`Pen`] that writes a story: one verb for each thing that can happen, in the order in which
//! it happens.
//!
//! Each verb writes both halves at once: the scene that it begins, and the notices that Webex would
//! send of it. Time moves only by [`Pen::passes`]. The plots in [`crate::kinds`] are sequences of
//! these verbs.
//!
//! The invariant: the two halves tell of the same moments. A scene begins at the `createdTime` of
//! the notice that tells of it, where there is one.

mod ink;

use std::ops::RangeInclusive;

use crate::dice::Dice;
use crate::notice::{AgentState, Notice, TaskEvent, Telling, Version, What};
use crate::org::{Id, Org, phone_number};
use crate::reasons::spelled;
use crate::story::{
    Arrival, Callback, Channel, Doing, Ending, Fate, Party, Ring, Story, Told, Way,
};

/// How far from its task event the `wrapup` of an agent may be who leaves with it.
const WRAPUP_NEAR_MS: u64 = 400;
/// The agent's work after a call.
const WRAPUP: RangeInclusive<u64> = 3_000..=120_000;
/// Between a false end and its park.
const FALSE_END_GAP: RangeInclusive<u64> = 5..=1_500;

/// Where the false end of a ring comes, seen from the park that puts the task back into its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FalseEnd {
    /// Before it.
    Before,
    /// At the same millisecond.
    Same,
    /// After it.
    After,
    /// There is none: only the park tells that the ring is over.
    Missing,
}

/// Writes one story.
#[derive(Debug)]
pub struct Pen<'o> {
    /// For what the plot leaves to chance.
    pub dice: Dice,
    org: &'o Org,
    now: u64,
    way: Way,
    queue: Option<usize>,
    first_agent: usize,
    agents_met: usize,
    telling: Telling,
}

impl<'o> Pen<'o> {
    /// A blank story of this kind, about to begin at `now`.
    pub fn new(org: &'o Org, kind: &'static str, task_id: Id, now: u64, mut dice: Dice) -> Self {
        let story = Story {
            kind,
            task_id,
            channel: Channel::Telephony,
            way: Way::Inbound,
            scenes: Vec::new(),
            rings: Vec::new(),
            callback: None,
            false_ends: 0,
            ending: None,
        };
        let telling = Telling {
            story,
            customer: phone_number(&mut dice),
            entry: dice.pick(&org.numbers).clone(),
            agent_version: if dice.chance(0.5) { Version::V1 } else { Version::V2 },
            notices: Vec::new(),
            aside: None,
        };
        let first_agent = dice.index(org.agents.len());
        Pen { dice, org, now, way: Way::Inbound, queue: None, first_agent, agents_met: 0, telling }
    }

    /// The story as told, notices in order of time.
    pub fn finish(mut self) -> Telling {
        self.telling.notices.sort_by_key(|notice| notice.at);
        self.telling
    }

    // --- Time and setting ---

    /// Time goes by, mostly near the low end of the range.
    pub fn passes(&mut self, range: RangeInclusive<u64>) {
        self.now += self.dice.skewed(range);
    }

    /// The customer writes instead of calling.
    pub fn by_writing(&mut self, channel: Channel) {
        self.telling.story.channel = channel;
        self.telling.customer = format!("customer{}@example.com", self.dice.between(1..=99_999));
        self.telling.entry = "support@example.com".to_owned();
    }

    /// From now on, events belong to calls of this way.
    pub fn now_by(&mut self, way: Way) {
        self.way = way;
        if self.telling.story.scenes.is_empty() {
            self.telling.story.way = way;
        }
    }

    // --- Before an agent ---

    /// The customer comes into the flow.
    pub fn arrives(&mut self) {
        self.scene(Doing::InFlow);
        self.tell(What::Task(TaskEvent::New));
    }

    /// The customer waits in the queue: for the first time, again, or moved there after a talk.
    pub fn queues(&mut self) {
        self.enter_some_queue();
        self.release(Fate::NoAnswer);
        self.scene(self.waiting());
        self.tell(What::Task(TaskEvent::Parked));
    }

    /// Like [`Pen::queues`], in another queue than before.
    pub fn queues_elsewhere(&mut self) {
        let queues = self.org.queues.len();
        let step = 1 + self.dice.index(queues - 1);
        self.queue = self.queue.map(|queue| (queue + step) % queues);
        self.queues();
    }

    /// The customer asks for a callback and hangs up. Only a signal can tell.
    pub fn takes_callback(&mut self, signalled: bool) {
        self.telling.story.callback =
            Some(Callback { requested_at: self.now, signalled, shown_at: None, completed: false });
        self.scene(Doing::WaitingAway);
        if signalled {
            self.tell(What::CallbackRequested);
        }
    }

    // --- Ringing ---

    /// An agent's phone rings.
    pub fn rings(&mut self) {
        if self.way != Way::Outdial {
            self.enter_some_queue();
        }
        let agent = self.meets_agent();
        self.telling.story.rings.push(Ring {
            agent,
            at: self.now,
            answered_at: None,
            customer: None,
            released_at: None,
            fate: None,
            reason_told: false,
            wrapup: None,
        });
        self.scene(Doing::AgentRings);
        self.tell(What::Task(TaskEvent::Connect));
        self.tell_agent(agent, AgentState::Ringing);
    }

    /// The ring ends without an answer, and the customer is back in the queue.
    pub fn rings_out(&mut self, fate: Fate, false_end: FalseEnd) {
        let Some(agent) = self.agent() else { return };
        self.release(fate);
        self.scene(self.waiting());
        let state =
            if fate == Fate::NoAnswer { AgentState::NotResponding } else { AgentState::Idle };
        self.tell_agent(agent, state);
        if false_end == FalseEnd::Missing {
            return self.tell(What::Task(TaskEvent::Parked));
        }
        if let Some(ring) = self.telling.story.rings.last_mut() {
            ring.reason_told = true;
        }
        self.tells_park_and_false_end(fate, false_end);
    }

    /// The agent answers. The customer is on the line with that, unless a callback has yet to reach
    /// the customer.
    pub fn answers(&mut self) {
        let now = self.now;
        if let Some(ring) = self.telling.story.rings.last_mut() {
            ring.answered_at = Some(now);
            ring.fate = Some(Fate::Answered);
        }
        if self.callback_is_pending() {
            self.scene(Doing::CustomerRings);
            self.tell(What::Task(TaskEvent::Connected));
        } else {
            self.customer_answers(Told::ByTask);
        }
    }

    /// The customer is on the line with the agent.
    pub fn customer_answers(&mut self, told: Told) {
        let now = self.now;
        if let Some(callback) = &mut self.telling.story.callback {
            callback.completed = true;
        }
        let Some(ring) = self.telling.story.rings.last_mut() else { return };
        ring.customer = Some(Arrival { at: now, told });
        let (agent, answered_at) = (ring.agent, ring.answered_at.unwrap_or(now));
        self.scene(Doing::Talking);
        match told {
            Told::ByTask => {
                self.tell(What::Task(TaskEvent::Connected));
                self.tell_agent(agent, AgentState::Connected);
            }
            Told::ByAgent => self.tell_agent_at(now, agent, AgentState::Connected, false),
            Told::ByLeaving => self.tell_agent_at(answered_at, agent, AgentState::Connected, true),
        }
    }

    // --- With an agent ---

    /// A bracket opens or closes: the customer is now `doing` that. The agent's event tells it too.
    pub fn turns_to(&mut self, doing: Doing, event: TaskEvent, state: AgentState) {
        self.scene(doing);
        self.tell(What::Task(event));
        if let Some(agent) = self.agent() {
            self.tell_agent(agent, state);
        }
    }

    /// A second agent, who has no ring in this task, is in this state.
    pub fn second_agent_is(&mut self, agent: usize, state: AgentState) {
        self.tell_agent(agent, state);
    }

    /// A second agent leaves: `first` tells it, and some work afterwards.
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

    /// An agent who was not in the story before.
    pub fn meets_agent(&mut self) -> usize {
        let agent = (self.first_agent + 7 * self.agents_met) % self.org.agents.len();
        self.agents_met += 1;
        agent
    }

    /// The agent leaves while the customer stays: a survey, or the flow goes on.
    pub fn agent_leaves(&mut self) {
        self.wraps_up_at(self.now);
        self.release(Fate::Answered);
        self.scene(Doing::AfterAgent);
    }

    /// The agent's `wrapup` comes close to the next task event, a little before or after. Some
    /// agents have none.
    pub fn wraps_up_about_now(&mut self) {
        if self.dice.chance(0.95) {
            let at = self.dice.around(self.now, WRAPUP_NEAR_MS);
            self.wraps_up_at(at);
        }
    }

    /// The agent's `wrapup` comes a little before the next task event, never after it.
    pub fn wraps_up_just_before(&mut self) {
        let at = self.now - self.dice.between(0..=WRAPUP_NEAR_MS);
        self.wraps_up_at(at);
    }

    // --- The end ---

    /// The task ends for good.
    pub fn ends(&mut self, party: Party, reason: &str) {
        self.ends_with(party, reason, Fate::Withdrawn);
    }

    /// Like [`Pen::ends`]; a ring that it ends has this fate.
    pub fn ends_with(&mut self, party: Party, reason: &str, fate: Fate) {
        let reason = spelled(reason, &mut self.dice);
        self.release(fate);
        self.telling.story.ending = Some(Ending { at: self.now, party, reason: reason.clone() });
        self.tell(What::Ended(party, reason));
    }

    /// Webex tells of an end, but the task goes on later: meanwhile the customer waits.
    pub fn seems_to_end(&mut self, party: Party, reason: &str) {
        let reason = spelled(reason, &mut self.dice);
        self.telling.story.false_ends += 1;
        self.release(Fate::Withdrawn);
        self.scene(self.waiting());
        self.tell(What::Ended(party, reason));
    }

    /// A notice that means nothing any more, `after_ms` from now.
    pub fn strays(&mut self, after_ms: u64, event: TaskEvent) {
        self.tell_at(self.now + after_ms, What::Task(event), false);
    }

    /// The recording is there.
    pub fn is_recorded(&mut self) {
        let at = self.now + self.dice.between(1_500..=9_000);
        self.tell_at(at, What::Capture, false);
    }

    // --- Beside the story ---

    /// Something that changes nothing, in the middle of the first scene.
    pub fn remarks(&mut self, what: What) {
        let from = self.telling.story.scenes.first().map_or(self.now, |scene| scene.from);
        let to = self.telling.story.scenes.get(1).map_or(self.now, |scene| scene.from);
        let way = self.telling.story.way;
        self.telling.notices.push(Notice {
            at: from.midpoint(to),
            what,
            way,
            queue: None,
            loose: false,
        });
    }

    /// Something that has to do with no task, at the beginning. The agent it is about may be any.
    pub fn remarks_aside(&mut self, what: fn(usize) -> What) {
        let at = self.telling.story.scenes.first().map_or(self.now, |scene| scene.from);
        let what = what(self.dice.index(self.org.agents.len()));
        self.telling.aside =
            Some(Notice { at, what, way: Way::Inbound, queue: None, loose: false });
    }
}
