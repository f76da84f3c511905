//! The organization whose contact centre the archive comes from: its ids, queues, agents and
//! subscriptions.
//!
//! Invariant: an organization is a function of the seed alone.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::dice::{Dice, Stream};

const QUEUES: usize = 12;
const TEAMS: usize = 16;
const AGENTS: usize = 400;
/// Agents who work whole shifts: at most this many.
pub const DESKS: usize = 40;
const IDLE_CODES: usize = 6;
const ENTRY_NUMBERS: usize = 5;

/// A UUID, printed in lower case with hyphens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u128);

impl Id {
    /// A random id, marked as a UUID of version 4.
    pub fn random(dice: &mut Dice) -> Self {
        let bits = dice.wide_bits();
        Id(bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62))
    }

    /// The id of a task that could not be created while this one was open.
    pub fn stillborn(self) -> Self {
        Id(self.0 ^ 1)
    }

    /// Appends the 36 characters.
    pub fn write(self, out: &mut String) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
        let mut text = [b'-'; 36];
        for (byte, place) in self.0.to_be_bytes().into_iter().zip(PLACES) {
            text[place] = DIGITS[usize::from(byte >> 4)];
            text[place + 1] = DIGITS[usize::from(byte & 0xf)];
        }
        out.push_str(str::from_utf8(&text).unwrap_or_default());
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(36);
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An agent, as far as webhooks describe one.
#[derive(Clone, Debug)]
pub struct Agent {
    /// `agentId`.
    pub id: Id,
    /// `teamId`.
    pub team: Id,
    /// `channelId` of version 2 events.
    pub channel: Id,
    /// The number at which the agent's phone rings.
    pub number: String,
}

/// The subscriptions, one for each resource version, whose ids end the `source` of an envelope.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    /// `task:1.0.0`: a version 1 and a version 2 subscription.
    pub task: [Id; 2],
    /// `agent:1.0.0` and `agent:2.0.0`.
    pub agent: [Id; 2],
    /// `capture:1.0.0`.
    pub capture: Id,
    /// Our own signals.
    pub signal: Id,
    /// A second subscription to every type.
    pub second: Id,
}

/// One organization.
#[derive(Clone, Debug)]
pub struct Org {
    /// `comciscoorgid`.
    pub id: Id,
    /// `queueId`s.
    pub queues: Vec<Id>,
    /// The agents: those whom any task may meet, and then those who work whole shifts.
    pub agents: Vec<Agent>,
    /// `idleCodeId`s.
    pub idle_codes: Vec<Id>,
    /// The numbers that customers call.
    pub numbers: Vec<String>,
    /// The subscriptions that deliver webhooks.
    pub subscriptions: Subscriptions,
}

impl Org {
    /// The organization of this seed.
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed, Stream::Org, 0);
        let teams: Vec<Id> = (0..TEAMS).map(|_| Id::random(&mut dice)).collect();
        let mut org = Org {
            id: Id::random(&mut dice),
            queues: (0..QUEUES).map(|_| Id::random(&mut dice)).collect(),
            agents: (0..AGENTS).map(|_| agent(&teams, &mut dice)).collect(),
            numbers: (0..ENTRY_NUMBERS).map(|_| phone_number(&mut dice)).collect(),
            subscriptions: subscriptions(&mut dice),
            idle_codes: Vec::new(),
        };
        org.idle_codes = (0..IDLE_CODES).map(|_| Id::random(&mut dice)).collect();
        org.agents.extend((0..DESKS).map(|_| agent(&teams, &mut dice)));
        org
    }

    /// How many agents any task may meet.
    pub fn met_by_any(&self) -> usize {
        self.agents.len() - DESKS
    }

    /// The position of an agent who works whole shifts.
    pub fn desk(&self, number: usize) -> usize {
        self.met_by_any() + number
    }
}

/// A fictitious phone number.
pub fn phone_number(dice: &mut Dice) -> String {
    format!("+1555{:07}", dice.between(0..=9_999_999))
}

fn agent(teams: &[Id], dice: &mut Dice) -> Agent {
    Agent {
        id: Id::random(dice),
        team: *dice.pick(teams),
        channel: Id::random(dice),
        number: phone_number(dice),
    }
}

fn subscriptions(dice: &mut Dice) -> Subscriptions {
    let mut id = || Id::random(dice);
    Subscriptions {
        task: [id(), id()],
        agent: [id(), id()],
        capture: id(),
        signal: id(),
        second: id(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_random_uuids_and_sort_like_their_text() {
        let mut dice = Dice::new(1, Stream::TaskId, 0);
        let mut ids: Vec<Id> = (0..100).map(|_| Id::random(&mut dice)).collect();
        ids.sort();
        let texts: Vec<String> = ids.iter().map(Id::to_string).collect();
        assert!(texts.is_sorted());
        assert!(texts.iter().all(|text| text.len() == 36 && text.as_bytes()[14] == b'4'));
    }
}
