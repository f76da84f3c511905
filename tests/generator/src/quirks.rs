//! How the notices of one story are delivered: shared webhook ids, agent events with slightly wrong
//! times, repeats, delays, losses.
//!
//! Invariant: quirks have their own dice and never change the story. The truth of a seed is the
//! same with any quirks, except for the number of repeats.

use clap::Args;

use crate::dice::Dice;
use crate::notice::{Notice, TaskEvent, Telling, Version, What};
use crate::org::Id;
use crate::webhook::Envelope;

/// Time from an event to its arrival if nothing delays it.
const LATENCY_MS: u64 = 150;
/// Maximum time between an agent event and its task event.
const DRIFT_MS: u64 = 80;
/// How much later a repeat may arrive.
const REPEAT_DELAY_MS: u64 = 60_000;

/// How often each quirk occurs, from 0 (never) to 1 (always).
#[derive(Args, Clone, Debug, PartialEq)]
pub struct Quirks {
    /// Agent events and parks that carry the webhook id of the event before them.
    #[arg(long, value_name = "RATE", default_value_t = Quirks::default().shared_ids)]
    pub shared_ids: f64,
    /// Agent events whose time is up to 80 ms off that of their task event.
    #[arg(long, value_name = "RATE", default_value_t = Quirks::default().drift)]
    pub drift: f64,
    /// Events that are delivered again, with another dispatch time or by another subscription.
    #[arg(long, value_name = "RATE", default_value_t = Quirks::default().repeats)]
    pub repeats: f64,
    /// Deliveries that are late by up to the disorder window.
    #[arg(long, value_name = "RATE", default_value_t = Quirks::default().disorder)]
    pub disorder: f64,
    /// How late they may be.
    #[arg(long, value_name = "MS", default_value_t = Quirks::default().disorder_window_ms)]
    pub disorder_window_ms: u64,
    /// Deliveries that never arrive.
    #[arg(long, value_name = "RATE", default_value_t = Quirks::default().loss)]
    pub loss: f64,
    /// Unreadable lines, in addition to the readable ones.
    #[arg(long, value_name = "RATE", default_value_t = Quirks::default().unreadable)]
    pub unreadable: f64,
}

impl Default for Quirks {
    fn default() -> Self {
        Quirks { repeats: 0.02, disorder: 0.05, shared_ids: 0.8, drift: 0.8, ..Quirks::none() }
    }
}

impl Quirks {
    /// Everything arrives once, in order, and every webhook has its own id.
    pub fn none() -> Self {
        Quirks {
            shared_ids: 0.0,
            drift: 0.0,
            repeats: 0.0,
            disorder: 0.0,
            disorder_window_ms: 30_000,
            loss: 0.0,
            unreadable: 0.0,
        }
    }
}

/// The deliveries of one story.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What is sent, in order of time. Those that belong to no task come last.
    pub notices: Vec<Notice>,
    /// Each sending of each notice.
    pub sendings: Vec<Sending>,
    /// Sendings beyond the first of each notice.
    pub repeats: usize,
    /// Sendings that are lost; they are not in the list.
    pub lost: usize,
}

/// One delivery of one notice.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Position in [`Plan::notices`].
    pub notice: usize,
    /// When it arrives.
    pub arrives_at: u64,
    /// How it is wrapped.
    pub envelope: Envelope,
    /// Whether it arrives unreadable. Such a line is an additional one and replaces no other.
    pub spoiled: bool,
}

/// Plans the deliveries of a story.
pub fn plan(telling: &Telling, quirks: &Quirks, dice: &mut Dice) -> Plan {
    let mut notices = telling.notices.clone();
    drift(&mut notices, quirks, dice);
    let task_version = if dice.chance(0.5) { Version::V1 } else { Version::V2 };
    let time_as_text = dice.chance(0.5);
    let ids = webhook_ids(&notices, quirks, dice);
    let mut plan = Plan { notices, sendings: Vec::new(), repeats: 0, lost: 0 };
    for (notice, id) in ids.into_iter().enumerate() {
        let envelope = Envelope { id, second: false, dispatched_at: 0, task_version, time_as_text };
        plan.send(notice, envelope.clone(), quirks, dice);
        if dice.chance(quirks.repeats) {
            plan.repeats += 1;
            plan.send_again(notice, envelope, quirks, dice);
        }
    }
    for aside in telling.asides.clone() {
        plan.notices.push(aside);
        let envelope = Envelope {
            id: Id::random(dice),
            second: false,
            dispatched_at: 0,
            task_version,
            time_as_text,
        };
        plan.send(plan.notices.len() - 1, envelope, quirks, dice);
    }
    plan
}

impl Plan {
    fn send(&mut self, notice: usize, envelope: Envelope, quirks: &Quirks, dice: &mut Dice) {
        let at = self.notices[notice].at;
        self.send_at(notice, at + LATENCY_MS, envelope, quirks, dice);
    }

    fn send_again(
        &mut self,
        notice: usize,
        mut envelope: Envelope,
        quirks: &Quirks,
        dice: &mut Dice,
    ) {
        if dice.chance(0.5) {
            envelope.second = true;
            envelope.id = Id::random(dice);
        }
        let at = self.notices[notice].at + LATENCY_MS + dice.between(1..=REPEAT_DELAY_MS);
        self.send_at(notice, at, envelope, quirks, dice);
    }

    fn send_at(
        &mut self,
        notice: usize,
        at: u64,
        mut envelope: Envelope,
        quirks: &Quirks,
        dice: &mut Dice,
    ) {
        envelope.dispatched_at = at - dice.between(1..=LATENCY_MS / 2);
        let delay = if dice.chance(quirks.disorder) {
            dice.between(0..=quirks.disorder_window_ms)
        } else {
            0
        };
        let sending = Sending { notice, arrives_at: at + delay, envelope, spoiled: false };
        if dice.chance(quirks.unreadable) {
            self.sendings.push(Sending { spoiled: true, ..sending.clone() });
        }
        if dice.chance(quirks.loss) {
            self.lost += 1;
        } else {
            self.sendings.push(sending);
        }
    }
}

/// Moves the times of agent events that may be off. No two agent events of a task share a
/// millisecond: without their fields (as in the sample's columns) they would be the same event.
fn drift(notices: &mut [Notice], quirks: &Quirks, dice: &mut Dice) {
    let is_agent = |notice: &&Notice| matches!(notice.what, What::Agent(..));
    let mut taken: Vec<u64> =
        notices.iter().filter(is_agent).filter(|n| !n.loose).map(|n| n.at).collect();
    for notice in notices.iter_mut().filter(|notice| notice.loose) {
        if dice.chance(quirks.drift) {
            notice.at = dice.around(notice.at, DRIFT_MS);
        }
        while taken.contains(&notice.at) {
            notice.at += 1;
        }
        taken.push(notice.at);
    }
    notices.sort_by_key(|notice| notice.at);
}

/// The webhook id of each notice: agent events and parks may carry that of the event before them.
fn webhook_ids(notices: &[Notice], quirks: &Quirks, dice: &mut Dice) -> Vec<Id> {
    let mut id = Id::random(dice);
    let mut ids = Vec::with_capacity(notices.len());
    for notice in notices {
        let may_share = matches!(notice.what, What::Agent(..) | What::Task(TaskEvent::Parked));
        if !(may_share && dice.chance(quirks.shared_ids)) {
            id = Id::random(dice);
        }
        ids.push(id);
    }
    ids
}
