//! Plots of courtesy callbacks: the customer hangs up in the queue and is called later.
//!
//! Invariant: chance decides whether the request is signalled. Before an unsignalled one, the last
//! sign of the customer on the line is a park, so there is no doubt about what can be known of the
//! wait.

use super::{
    ANY_FALSE_END, AWAY, BETWEEN_RINGS, DIAL, FLOW, PARK_FIRST, RING_TIMEOUT, WAIT, agent_answers,
    agents_do_not_answer, comes_and_waits, talk,
};
use crate::pen::{FalseEnd, Pen};
use crate::reasons::{
    CALLBACK_LIMIT, CUSTOMER_AWAY, CUSTOMER_AWAY_FOR_NOW, CUSTOMER_LEFT, NUMBER_INVALID,
    QUEUE_TIMEOUT,
};
use crate::story::{Evidence, Fate, Party, Way};

const SIGNALLED: f64 = 0.35;
const ASKED_IN_FLOW: f64 = 0.05;

/// The first callback attempt succeeds.
pub(super) fn reached(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    is_reached(pen);
}

/// The agent answers, and so does the customer.
pub(super) fn is_reached(pen: &mut Pen<'_>) {
    agent_answers(pen);
    customer_answers(pen, Evidence::TaskEvent);
    talk::to_the_end(pen);
}

/// Called back after some agents did not answer.
pub(super) fn reached_after_rings_without_answer(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    let times = pen.dice.skewed(1..=9);
    agents_do_not_answer(pen, times, ANY_FALSE_END);
    agent_answers(pen);
    customer_answers(pen, Evidence::TaskEvent);
    talk::to_the_end(pen);
}

/// Before the request, some agents did not answer while the customer was on the line.
pub(super) fn reached_after_live_rings(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    let times = pen.dice.between(1..=2);
    agents_do_not_answer(pen, times, PARK_FIRST);
    takes_callback(pen);
    pen.now_by(Way::Callback);
    if pen.dice.chance(0.3) {
        agents_do_not_answer(pen, 1, ANY_FALSE_END);
    }
    agent_answers(pen);
    customer_answers(pen, Evidence::TaskEvent);
    talk::to_the_end(pen);
}

/// The customer does not answer, which ends the task.
pub(super) fn not_reached(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    is_not_reached(pen);
}

/// The customer does not answer, or the number is wrong.
pub(super) fn is_not_reached(pen: &mut Pen<'_>) {
    customer_does_not_answer(pen);
    pen.wraps_up_about_now();
    if pen.dice.chance(0.2) {
        return pen.ends(Party::System, NUMBER_INVALID);
    }
    let reason = *pen.dice.pick(CUSTOMER_AWAY);
    let party = if pen.dice.chance(0.5) { Party::Customer } else { Party::System };
    pen.ends(party, reason);
    if pen.dice.chance(0.3) {
        pen.passes(200..=1_900);
        pen.is_told_why(Party::System, CALLBACK_LIMIT);
    }
}

/// The customer does not answer and is called again, after a false end, a park, or both.
pub(super) fn reached_at_a_later_try(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    is_tried_again(pen);
    is_reached(pen);
}

/// The customer does not answer at the first tries.
pub(super) fn is_tried_again(pen: &mut Pen<'_>) {
    for _ in 0..pen.dice.skewed(1..=3) {
        customer_does_not_answer(pen);
        waits_for_another_try(pen, &[After::End, After::EndAndPark, After::Park, After::Signal]);
    }
}

/// The flow gives up in the end.
pub(super) fn given_up(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    is_given_up(pen);
}

/// Agents and customer do not answer, and nobody tries again. Some flows signal that.
pub(super) fn is_given_up(pen: &mut Pen<'_>) {
    let times = pen.dice.between(1..=4);
    agents_do_not_answer(pen, times, ANY_FALSE_END);
    if pen.dice.chance(0.5) {
        customer_does_not_answer(pen);
        waits_for_another_try(pen, &[After::EndAndPark, After::Park, After::Signal]);
    }
    if pen.dice.chance(0.3) { pen.is_given_up() } else { pen.ends(Party::System, CALLBACK_LIMIT) }
}

/// While the customer asks, an agent gets free, and they talk at once: there is no callback. Or that
/// agent does not answer, and the customer is called back after all.
pub(super) fn withdrawn(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    pen.asks_and_stays();
    pen.passes(300..=20_000);
    if pen.dice.chance(0.7) {
        agent_answers(pen);
        return talk::to_the_end(pen);
    }
    pen.rings();
    pen.passes(RING_TIMEOUT);
    pen.is_owed_callback();
    pen.rings_out(Fate::NoAnswer, FalseEnd::Same);
    pen.passes(AWAY);
    pen.now_by(Way::Callback);
    is_reached(pen);
}

/// The agent hangs up before the customer answers.
pub(super) fn dropped_by_agent(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    customer_does_not_answer(pen);
    pen.ends(Party::Agent, "Agent Left");
}

/// The first webhook that shows the callback is a park, not a connect.
pub(super) fn shown_by_park(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    pen.queues();
    pen.passes(BETWEEN_RINGS);
    agent_answers(pen);
    customer_answers(pen, Evidence::TaskEvent);
    talk::to_the_end(pen);
}

/// There is no task event for the customer's leg, only an agent event.
pub(super) fn second_leg_told_by_agent(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    agent_answers(pen);
    customer_answers(pen, Evidence::AgentEvent);
    customer_leaves(pen);
}

/// There is no event for the customer's leg. Only the end shows that the customer was there.
pub(super) fn second_leg_untold(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    agent_answers(pen);
    customer_answers(pen, Evidence::CustomerLeft);
    customer_leaves(pen);
}

/// The queue times out before anybody calls back. Without a signal, the callback never shows.
pub(super) fn never_called(pen: &mut Pen<'_>) {
    asks(pen);
    pen.ends(Party::System, QUEUE_TIMEOUT);
}

/// Once called back, the customer is sent to another queue and waits there on the line.
pub(super) fn reached_then_transferred(pen: &mut Pen<'_>) {
    asks(pen);
    pen.now_by(Way::Callback);
    agent_answers(pen);
    customer_answers(pen, Evidence::TaskEvent);
    talk::goes_on(pen);
    talk::to_another_queue(pen);
}

/// The customer arrives, asks for a callback in the queue (some already in the flow, with a signal)
/// and waits off the line.
pub(super) fn asks(pen: &mut Pen<'_>) {
    if pen.dice.chance(ASKED_IN_FLOW) {
        pen.arrives();
        pen.passes(FLOW);
        pen.takes_callback(true);
        pen.passes(40..=2_000);
        pen.queues();
        return pen.passes(AWAY);
    }
    comes_and_waits(pen);
    takes_callback(pen);
}

fn takes_callback(pen: &mut Pen<'_>) {
    let signalled = pen.dice.chance(SIGNALLED);
    pen.takes_callback(signalled);
    pen.passes(AWAY);
}

fn customer_answers(pen: &mut Pen<'_>, evidence: Evidence) {
    pen.passes(DIAL);
    pen.customer_answers(evidence);
}

fn customer_does_not_answer(pen: &mut Pen<'_>) {
    agent_answers(pen);
    pen.passes(DIAL);
}

/// What reports an attempt that did not reach the customer. An end alone must be followed by a
/// connect: with a second end, it would be unclear which of the two was real.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    End,
    EndAndPark,
    Park,
    Signal,
}

fn waits_for_another_try(pen: &mut Pen<'_>, choices: &[After]) {
    let after = *pen.dice.pick(choices);
    if matches!(after, After::End | After::EndAndPark) {
        pen.seems_to_end(Party::Customer, CUSTOMER_AWAY_FOR_NOW);
        pen.passes(20..=3_000);
    }
    match after {
        After::End => {}
        After::EndAndPark | After::Park => pen.queues(),
        After::Signal => pen.dial_fails(),
    }
    pen.passes(60_000..=1_200_000);
}

fn customer_leaves(pen: &mut Pen<'_>) {
    pen.passes(WAIT);
    pen.wraps_up_about_now();
    pen.ends(Party::Customer, CUSTOMER_LEFT);
    if pen.dice.chance(0.8) {
        pen.is_recorded();
    }
}
