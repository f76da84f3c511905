//! The shifts of one agent: logins, idle codes, calls, logouts that are told or lost.
//!
//! Invariant: the agent does one thing at a time, at least a second passes between two of them, and
//! the last shift ends with a logout.

use std::ops::RangeInclusive;

use crate::dice::{Dice, Stream};
use crate::kinds::{self, KINDS, Kind};
use crate::notice::{AgentState, Notice, Telling, Version, What};
use crate::options::Options;
use crate::org::{Id, Org};
use crate::pen::Pen;
use crate::story::Way;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
/// How long a shift lasts at least; it ends after the call that is on then.
const LENGTH: RangeInclusive<u64> = 2 * HOUR..=4 * HOUR;
/// Between two shifts of a day.
const LUNCH: RangeInclusive<u64> = HOUR..=2 * HOUR;
/// Between two things that the agent does without a call.
const PAUSE: RangeInclusive<u64> = 1_000..=90_000;
const BREAK: RangeInclusive<u64> = 60_000..=1_200_000;
/// How often a logout is lost.
const LOST: f64 = 0.2;
/// Kinds of calls in which what the first agent does can be told from the webhooks.
const CALLS: &[&str] = &[
    "answered_at_once",
    "answered_after_wait",
    "holds",
    "consult",
    "transfer",
    "survey",
    "ring_no_answer",
    "ring_refused",
];

/// Something that the agent begins to do.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: u64,
    /// What.
    pub state: AgentState,
    /// Position in the organization's idle codes.
    pub idle_code: Option<usize>,
    /// With which task.
    pub task: Option<Id>,
}

/// A shift as it really was.
#[derive(Clone, Debug)]
pub struct Shift {
    /// The subscriptions that tell of it.
    pub versions: &'static [Version],
    /// What the agent did, in order; the first step is the login.
    pub steps: Vec<Step>,
    /// When the agent logged out, if that is told.
    pub logout_at: Option<u64>,
}

/// All shifts of one agent, and the calls in them.
#[derive(Clone, Debug)]
pub struct Roster {
    /// Position in the organization's agents.
    pub agent: usize,
    /// The shifts, in order.
    pub shifts: Vec<Shift>,
    /// The calls. What the agent does without a call is told beside them.
    pub calls: Vec<Telling>,
}

impl Roster {
    /// The shifts of the agent at this desk.
    pub fn new(org: &Org, options: &Options, desk: usize) -> Roster {
        let number = u64::try_from(desk).unwrap_or_default();
        let mut writer = Writer {
            org,
            dice: Dice::new(options.seed, Stream::Shifts, number),
            now: 0,
            versions: &[],
            asides: Vec::new(),
            roster: Roster { agent: org.desk(desk), shifts: Vec::new(), calls: Vec::new() },
        };
        for day in 0..options.days {
            writer.now = options.start_ms + day * DAY + writer.dice.between(6 * HOUR..=9 * HOUR);
            let has_second = writer.dice.chance(0.5);
            writer.works(!has_second && day + 1 == options.days);
            if has_second {
                writer.now += writer.dice.between(LUNCH);
                writer.works(day + 1 == options.days);
            }
        }
        writer.roster
    }
}

/// Writes a roster.
struct Writer<'o> {
    org: &'o Org,
    dice: Dice,
    now: u64,
    versions: &'static [Version],
    /// What the next call tells beside it.
    asides: Vec<Notice>,
    roster: Roster,
}

impl Writer<'_> {
    /// A whole shift.
    fn works(&mut self, is_last: bool) {
        self.versions = match self.dice.between(0..=4) {
            0 => &[Version::V1],
            1 => &[Version::V1, Version::V2],
            _ => &[Version::V2],
        };
        let until = self.now + self.dice.between(LENGTH);
        self.roster.shifts.push(Shift {
            versions: self.versions,
            steps: Vec::new(),
            logout_at: None,
        });
        self.logs_in();
        while self.now < until {
            self.takes_call();
            self.now += self.dice.skewed(PAUSE);
            self.has_pause();
        }
        if is_last || !self.dice.chance(LOST) {
            self.logs_out();
        }
        let asides = std::mem::take(&mut self.asides);
        if let Some(call) = self.roster.calls.last_mut() {
            call.asides.extend(asides);
        }
    }

    fn logs_in(&mut self) {
        self.aside(What::Login(self.roster.agent));
        self.step(AgentState::Idle, None, None);
        self.now += self.dice.skewed(PAUSE);
        self.has_pause();
    }

    fn logs_out(&mut self) {
        self.now += self.dice.skewed(PAUSE);
        self.aside(What::Logout(self.roster.agent));
        if let Some(shift) = self.roster.shifts.last_mut() {
            shift.logout_at = Some(self.now);
        }
    }

    /// Perhaps a break, perhaps two in a row; then the agent is ready again.
    fn has_pause(&mut self) {
        for _ in 0..self.dice.between(0..=2) {
            let code = self.dice.index(self.org.idle_codes.len());
            self.turns(AgentState::Idle, Some(code));
            self.now += self.dice.skewed(BREAK);
        }
        self.turns(AgentState::Available, None);
        self.now += self.dice.skewed(PAUSE);
    }

    /// A call comes, at first to this agent.
    fn takes_call(&mut self) {
        let kind = self.kind_of_call();
        let task = Id::random(&mut self.dice);
        let dice = self.dice.fork();
        let pen = Pen::new(self.org, kind.name, task, self.now, dice);
        let pen = pen.at_desk(self.roster.agent, self.versions);
        let (mut call, steps) = kinds::tell_at_desk(kind, pen);
        for (at, state) in steps {
            self.now = at;
            self.step(state, None, Some(task));
        }
        call.asides.append(&mut self.asides);
        self.roster.calls.push(call);
    }

    fn kind_of_call(&mut self) -> &'static Kind {
        let name = *self.dice.pick(CALLS);
        KINDS.iter().find(|kind| kind.name == name).unwrap_or(&KINDS[0])
    }

    /// The agent does something without a call.
    fn turns(&mut self, state: AgentState, idle_code: Option<usize>) {
        let agent = self.roster.agent;
        for &version in self.versions {
            self.aside(What::OffTask { agent, state, version, idle_code });
        }
        self.step(state, idle_code, None);
    }

    fn step(&mut self, state: AgentState, idle_code: Option<usize>, task: Option<Id>) {
        let step = Step { at: self.now, state, idle_code, task };
        if let Some(shift) = self.roster.shifts.last_mut() {
            shift.steps.push(step);
        }
    }

    fn aside(&mut self, what: What) {
        let at = self.now;
        self.asides.push(Notice { at, what, way: Way::Inbound, queue: None, loose: false });
    }
}
