//! The [`Pen`] writes a story: it has one verb for each thing that can happen.
//!
//! Each verb writes two things at once: the scene that begins, and the notices that Webex would
//! send about it. Only [`Pen::passes`] moves the time. The plots in [`crate::kinds`] are sequences
//! of these verbs.
//!
//! Invariant: scenes and notices agree on times. A scene begins at the `createdTime` of the notice
//! that reports it, if there is one.

mod endings;
mod ink;
mod with_agents;

use std::ops::RangeInclusive;

use crate::dice::Dice;
use crate::notice::{AgentState, Notice, TaskEvent, Telling, Version, What};
use crate::org::{Id, Org, phone_number};
use crate::story::{Arrival, Channel, Doing, Evidence, Fate, Ring, Story, Told, Way};

/// Maximum time between the `wrapup` of an agent and the task event with which the agent leaves.
const WRAPUP_NEAR_MS: u64 = 400;
/// After-call work (wrap-up).
const WRAPUP: RangeInclusive<u64> = 3_000..=120_000;
/// Time for which an agent who vanishes in the wrap-up is away.
const VANISHED: RangeInclusive<u64> = 2 * 3_600_000..=4 * 3_600_000;
/// Maximum time between the events of two agents of whom one takes over from the other, before drift.
const HAND_OVER_MS: u64 = 80;
/// Between a false end and its park.
const FALSE_END_GAP: RangeInclusive<u64> = 5..=1_500;

/// When the false end of a ring comes, relative to the park that returns the task to its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FalseEnd {
    /// Before it.
    Before,
    /// At the same millisecond.
    Same,
    /// After it.
    After,
    /// Never: only the park shows that the ring is over.
    Missing,
}

/// Writes one story.
#[derive(Debug)]
pub struct Pen<'o> {
    /// For what a plot leaves to chance.
    pub dice: Dice,
    org: &'o Org,
    now: u64,
    way: Way,
    queue: Option<usize>,
    first_agent: usize,
    agents_met: usize,
    telling: Telling,
    /// The agent who works a whole shift, and what that one does.
    desk: Option<usize>,
    steps: Vec<(u64, AgentState)>,
}

impl<'o> Pen<'o> {
    /// An empty story of this kind that begins at `now`.
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
            agent_versions: match dice.between(0..=19) {
                0..=8 => &[Version::V1],
                9..=18 => &[Version::V2],
                _ => &[Version::V1, Version::V2],
            },
            notices: Vec::new(),
            asides: Vec::new(),
        };
        let first_agent = dice.index(org.met_by_any());
        Pen {
            dice,
            org,
            now,
            way: Way::Inbound,
            queue: None,
            first_agent,
            agents_met: 0,
            telling,
            desk: None,
            steps: Vec::new(),
        }
    }

    /// The first agent of the story is this one, whose shift is told elsewhere, in these versions.
    pub fn at_desk(mut self, agent: usize, versions: &'static [Version]) -> Self {
        self.desk = Some(agent);
        self.telling.agent_versions = versions;
        self
    }

    /// The finished story, and what the agent at the desk did in it, in order of time.
    pub fn finish_at_desk(mut self) -> (Telling, Vec<(u64, AgentState)>) {
        let mut steps = std::mem::take(&mut self.steps);
        steps.sort_by_key(|(at, _)| *at);
        (self.finish(), steps)
    }

    /// The finished story, with its notices in order of time.
    pub fn finish(mut self) -> Telling {
        self.telling.notices.sort_by_key(|notice| notice.at);
        self.telling
    }

    // --- Time and setting ---

    /// Time passes, mostly near the low end of the range.
    pub fn passes(&mut self, range: RangeInclusive<u64>) {
        self.now += self.dice.skewed(range);
    }

    /// Both subscriptions to agents, the older and the newer one, tell each transition.
    pub fn in_both_versions(&mut self) {
        self.telling.agent_versions = &[Version::V1, Version::V2];
    }

    /// The customer writes instead of calling.
    pub fn by_writing(&mut self, channel: Channel) {
        self.telling.story.channel = channel;
        self.telling.customer = format!("customer{}@example.com", self.dice.between(1..=99_999));
        self.telling.entry = "support@example.com".to_owned();
    }

    /// From now on, events belong to calls of this kind.
    pub fn now_by(&mut self, way: Way) {
        self.way = way;
        if self.telling.story.scenes.is_empty() {
            self.telling.story.way = way;
        }
    }

    // --- Before an agent ---

    /// The customer enters the flow.
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

    /// The customer asks for a callback and hangs up. Only a signal can report it.
    pub fn takes_callback(&mut self, signalled: bool) {
        self.owes_callback(if signalled { Told::AtOnce } else { Told::Never });
        self.scene(Doing::WaitingAway);
        if signalled {
            self.tell(What::CallbackRequested);
        }
    }

    /// The customer asked for a callback on the web, or for this hour.
    pub fn is_web_callback(&mut self) {
        self.now_by(Way::WebCallback);
        self.owes_callback(Told::AtOnce);
    }

    /// The customer asks for a callback, which a signal reports, and stays on the line: an agent is
    /// free at once.
    pub fn asks_and_stays(&mut self) {
        self.tell(What::CallbackRequested);
    }

    /// The customer who asked and stayed is called back after all, as no agent answers the ring.
    pub fn is_owed_callback(&mut self) {
        self.owes_callback(Told::AfterLiveRing);
    }

    // --- Ringing ---

    /// An agent's phone rings.
    pub fn rings(&mut self) {
        if self.way != Way::Outdial {
            self.enter_some_queue();
        }
        self.release(Fate::NoAnswer);
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

    /// The agent answers. With that the customer is on the line, unless it is a callback, which
    /// still has to reach the customer.
    pub fn answers(&mut self) {
        let now = self.now;
        if let Some(ring) = self.telling.story.rings.last_mut() {
            ring.answered_at = Some(now);
            ring.fate = Some(Fate::Answered);
        }
        if self.callback_is_pending() {
            self.scene(Doing::CustomerRings);
            self.tell(What::Task(TaskEvent::Connected));
            if let Some(agent) = self.agent() {
                self.tell_agent(agent, AgentState::Connected);
            }
        } else {
            self.customer_answers(Evidence::TaskEvent);
        }
    }

    /// The customer is on the line with the agent.
    pub fn customer_answers(&mut self, evidence: Evidence) {
        let now = self.now;
        if let Some(callback) = &mut self.telling.story.callback {
            callback.completed = true;
        }
        let Some(ring) = self.telling.story.rings.last_mut() else { return };
        ring.customer = Some(Arrival { at: now, evidence });
        let agent = ring.agent;
        self.scene(Doing::Talking);
        match evidence {
            Evidence::TaskEvent => {
                self.tell(What::Task(TaskEvent::Connected));
                self.tell_agent(agent, AgentState::Connected);
            }
            Evidence::AgentEvent => self.tell_agent_at(now, agent, AgentState::Connected, false),
            Evidence::CustomerLeft => (),
        }
    }

    /// The dial fails, and the customer waits on. Only our signal reports it.
    pub fn dial_fails(&mut self) {
        self.release(Fate::Withdrawn);
        self.scene(self.waiting());
        self.tell(What::CallbackFailed { is_final: false });
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

    /// An event at the beginning that belongs to no task. It may be about any agent.
    pub fn remarks_aside(&mut self, what: fn(usize) -> What) {
        let at = self.telling.story.scenes.first().map_or(self.now, |scene| scene.from);
        let what = what(self.dice.index(self.org.met_by_any()));
        self.telling.asides.push(Notice { at, what, way: Way::Inbound, queue: None, loose: false });
    }
}
