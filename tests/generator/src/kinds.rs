//! The kinds of tasks: name, frequency and plot of each.
//!
//! Invariant: plots avoid what the semantics leave open. An agent's `wrapup` is within 400 ms of
//! the next task event or at least 3 s before it. At least 5 s lie between the end of a ring and
//! the next one, unless the customer is transferred directly. Every ring of a task is at a different agent. A bracket is open for at least 2 s.

mod abandon;
mod answer;
mod callback;
mod campaign;
mod hand_over;
mod odd;
mod talk;
mod web_callback;

use std::ops::RangeInclusive;

use crate::dice::Dice;
use crate::notice::{AgentState, TaskEvent, Telling, What};
use crate::org::{Id, Org};
use crate::pen::{FalseEnd, Pen};
use crate::story::Fate;

/// A kind of task.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// As in the truth and in [`crate::options::Options::weights`].
    pub name: &'static str,
    /// How often it occurs, relative to the others.
    pub weight: u32,
    plot: fn(&mut Pen<'_>),
}

const fn kind(name: &'static str, weight: u32, plot: fn(&mut Pen<'_>)) -> Kind {
    Kind { name, weight, plot }
}

/// Every kind. A weight of 10 is about 1 % of all tasks.
pub const KINDS: &[Kind] = &[
    kind("answered_at_once", 110, answer::at_once),
    kind("answered_after_wait", 190, answer::after_wait),
    kind("ring_no_answer", 75, answer::after_rings_without_answer),
    kind("ring_refused", 25, answer::after_refusals),
    kind("queue_change", 20, answer::after_queue_change),
    kind("written", 50, answer::in_writing),
    kind("abandoned_in_flow", 35, abandon::in_flow),
    kind("abandoned_in_queue", 60, abandon::in_queue),
    kind("abandoned_while_ringing", 20, abandon::while_ringing),
    kind("short_call", 25, abandon::at_once),
    kind("queue_timeout", 15, abandon::by_timeout),
    kind("callback", 70, callback::reached),
    kind("callback_rings_out", 25, callback::reached_after_rings_without_answer),
    kind("callback_after_live_rings", 15, callback::reached_after_live_rings),
    kind("callback_not_reached", 10, callback::not_reached),
    kind("callback_retried", 15, callback::reached_at_a_later_try),
    kind("callback_limit", 10, callback::given_up),
    kind("callback_dropped_by_agent", 5, callback::dropped_by_agent),
    kind("callback_shown_by_park", 8, callback::shown_by_park),
    kind("callback_leg_by_agent", 8, callback::second_leg_told_by_agent),
    kind("callback_leg_untold", 7, callback::second_leg_untold),
    kind("callback_never_called", 6, callback::never_called),
    kind("callback_then_transfer", 10, callback::reached_then_transferred),
    kind("transfer", 35, talk::transferred),
    kind("holds", 35, talk::holds),
    kind("consult", 18, talk::consult),
    kind("conference", 12, talk::conference),
    kind("conference_transferred", 10, talk::conference_transferred),
    kind("survey", 22, talk::survey),
    kind("outdial", 15, odd::outdial),
    kind("outdial_not_reached", 8, odd::outdial_not_reached),
    kind("outdial_rings_out", 5, odd::outdial_rings_out),
    kind("reopened", 10, odd::reopened),
    kind("stray_after_hang_up", 8, odd::stray_after_hang_up),
    kind("still_open", 8, odd::still_open),
    kind("told_twice", 8, answer::told_twice),
    kind("written_for_days", 8, answer::for_days),
    kind("endless_wrapup", 4, answer::with_endless_wrapup),
    kind("callback_withdrawn", 6, callback::withdrawn),
    kind("web_callback", 8, web_callback::reached),
    kind("web_callback_not_reached", 4, web_callback::not_reached),
    kind("web_callback_retried", 4, web_callback::reached_at_a_later_try),
    kind("web_callback_limit", 4, web_callback::given_up),
    kind("web_callback_never_called", 3, web_callback::never_called),
    kind("campaign", 8, campaign::reached),
    kind("campaign_not_reached", 6, campaign::not_reached),
    kind("warm_transfer", 8, hand_over::warm_transfer),
    kind("direct_transfer", 6, hand_over::direct_transfer),
    kind("transfer_abandoned", 8, hand_over::abandoned_in_transfer),
    kind("transferred_outside", 4, hand_over::transferred_outside),
    kind("conference_customer_left", 5, hand_over::customer_leaves_conference),
    kind("conference_owner_left", 5, hand_over::conference_owner_leaves),
    kind("hang_up_during_consult", 4, hand_over::hangs_up_during_consult),
    kind("supervisor", 4, hand_over::supervisor),
];

/// Writes the story of a task of this kind that begins at `start`.
pub fn tell(kind: &Kind, org: &Org, task_id: Id, start: u64, dice: Dice) -> Telling {
    let mut pen = Pen::new(org, kind.name, task_id, start, dice);
    (kind.plot)(&mut pen);
    if pen.dice.chance(0.03) {
        let unlisted = *pen.dice.pick(UNLISTED_TYPES);
        pen.remarks(What::Unknown(unlisted));
    }
    if pen.dice.chance(0.02) {
        let event = *pen.dice.pick(REMARKS);
        pen.remarks(What::Task(event));
    }
    if pen.dice.chance(0.06) {
        let aside = *pen.dice.pick(ASIDES);
        pen.remarks_aside(aside);
    }
    pen.finish()
}

/// Writes a call of this kind that reaches an agent at a desk first, and what that agent does.
pub fn tell_at_desk(kind: &Kind, mut pen: Pen<'_>) -> (Telling, Vec<(u64, AgentState)>) {
    (kind.plot)(&mut pen);
    pen.finish_at_desk()
}

const ASIDES: &[fn(usize) -> What] = &[What::Login, What::Logout, |_| What::TaskFailed];

/// What changes nothing while the customer is in the flow.
const REMARKS: &[TaskEvent] = &[
    TaskEvent::OriginUpdated,
    TaskEvent::OriginUpdated,
    TaskEvent::FlowError,
    TaskEvent::CustomerLeft,
    TaskEvent::ContactDisposition,
];

/// Undocumented types of events.
const UNLISTED_TYPES: &[&str] =
    &["task:campaign-updated", "task:flow-activity", "ai-assistant:summary-ready"];

// --- Durations, in milliseconds ---

const FLOW: RangeInclusive<u64> = 4_000..=60_000;
const WAIT: RangeInclusive<u64> = 6_000..=900_000;
const AWAY: RangeInclusive<u64> = 30_000..=7_200_000;
const BETWEEN_RINGS: RangeInclusive<u64> = 5_000..=160_000;
const RING: RangeInclusive<u64> = 1_500..=15_000;
const RING_TIMEOUT: RangeInclusive<u64> = 12_000..=20_000;
const REFUSAL: RangeInclusive<u64> = 1_200..=9_000;
const DIAL: RangeInclusive<u64> = 2_500..=30_000;
const TALK: RangeInclusive<u64> = 15_000..=1_800_000;
const BRACKET: RangeInclusive<u64> = 2_000..=240_000;
const AFTER_BRACKET: RangeInclusive<u64> = 5_000..=120_000;

// --- Passages that several plots share ---

/// The customer arrives, listens to the flow and waits in a queue.
fn comes_and_waits(pen: &mut Pen<'_>) {
    pen.arrives();
    pen.passes(FLOW);
    pen.queues();
    pen.passes(WAIT);
}

/// An agent's phone rings, and the agent answers.
fn agent_answers(pen: &mut Pen<'_>) {
    pen.rings();
    pen.passes(RING);
    pen.answers();
}

/// This many agents in turn do not answer. The customer waits after each.
fn agents_do_not_answer(pen: &mut Pen<'_>, times: u64, false_ends: &[FalseEnd]) {
    for _ in 0..times {
        pen.rings();
        pen.passes(RING_TIMEOUT);
        let false_end = *pen.dice.pick(false_ends);
        pen.rings_out(Fate::NoAnswer, false_end);
        pen.passes(BETWEEN_RINGS);
    }
}

/// All possible times of a false end.
const ANY_FALSE_END: &[FalseEnd] =
    &[FalseEnd::Before, FalseEnd::Same, FalseEnd::After, FalseEnd::Missing];
/// The park reports the end of the ring before a false end does.
const PARK_FIRST: &[FalseEnd] = &[FalseEnd::Same, FalseEnd::After, FalseEnd::Missing];
