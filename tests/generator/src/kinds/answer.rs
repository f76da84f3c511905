//! Plots in which a customer, on the line or in writing, reaches an agent without a callback.
//!
//! Invariant: all waiting is live; there is no callback.

use super::{
    ANY_FALSE_END, BETWEEN_RINGS, FLOW, REFUSAL, WAIT, abandon, agent_answers,
    agents_do_not_answer, comes_and_waits, talk,
};
use crate::pen::Pen;
use crate::reasons::CUSTOMER_LEFT;
use crate::story::{Channel, Fate, Party};

const DAY: u64 = 86_400_000;

/// An agent is free, so the task is parked briefly or not at all.
pub(super) fn at_once(pen: &mut Pen<'_>) {
    pen.arrives();
    pen.passes(FLOW);
    if pen.dice.chance(0.5) {
        pen.queues();
        pen.passes(20..=1_500);
    }
    agent_answers(pen);
    talk::to_the_end(pen);
}

/// The usual call.
pub(super) fn after_wait(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    agent_answers(pen);
    talk::to_the_end(pen);
}

/// At first, some agents do not answer. Some customers do not wait for the next one.
pub(super) fn after_rings_without_answer(pen: &mut Pen<'_>) {
    pen.arrives();
    pen.passes(FLOW);
    if pen.dice.chance(0.8) {
        pen.queues();
        pen.passes(WAIT);
    }
    let times = pen.dice.skewed(1..=4);
    agents_do_not_answer(pen, times, ANY_FALSE_END);
    answered_or_not(pen);
}

/// At first, some agents decline, cannot be reached, or get no media.
pub(super) fn after_refusals(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    for _ in 0..pen.dice.skewed(1..=3) {
        let fate = *pen.dice.pick(&[Fate::Declined, Fate::Unreachable, Fate::Failed]);
        let false_end = *pen.dice.pick(ANY_FALSE_END);
        pen.rings();
        pen.passes(REFUSAL);
        pen.rings_out(fate, false_end);
        pen.passes(BETWEEN_RINGS);
    }
    answered_or_not(pen);
}

/// The flow moves the waiting customer to another queue.
pub(super) fn after_queue_change(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    for _ in 0..pen.dice.skewed(1..=3) {
        pen.queues_elsewhere();
        pen.passes(WAIT);
    }
    answered_or_not(pen);
}

/// An e-mail or a conversation by messages that lives for days. The clock of messages may be wrong.
pub(super) fn for_days(pen: &mut Pen<'_>) {
    let channel =
        *pen.dice.pick(&[Channel::Email, Channel::Email, Channel::Social, Channel::Messaging]);
    pen.by_writing(channel);
    pen.arrives();
    pen.passes(1_000..=9_000);
    pen.queues();
    pen.passes(3_600_000..=DAY);
    pen.is_written_to();
    agent_answers(pen);
    for _ in 0..pen.dice.between(0..=3) {
        pen.passes(600_000..=DAY / 4);
        pen.is_written_to();
    }
    pen.passes(600_000..=DAY / 4);
    talk::is_closed(pen);
}

/// The agent vanishes in the wrap-up, and comes back after hours.
pub(super) fn with_endless_wrapup(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    agent_answers(pen);
    talk::goes_on(pen);
    pen.wraps_up_and_vanishes();
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

/// The usual call, but two subscriptions tell what agents do.
pub(super) fn told_twice(pen: &mut Pen<'_>) {
    pen.in_both_versions();
    after_rings_without_answer(pen);
}

/// A chat or an e-mail.
pub(super) fn in_writing(pen: &mut Pen<'_>) {
    let channel = *pen.dice.pick(&[Channel::Chat, Channel::Email]);
    pen.by_writing(channel);
    comes_and_waits(pen);
    if pen.dice.chance(0.2) {
        agents_do_not_answer(pen, 1, ANY_FALSE_END);
    }
    agent_answers(pen);
    talk::in_writing(pen);
}

fn answered_or_not(pen: &mut Pen<'_>) {
    if pen.dice.chance(0.8) {
        agent_answers(pen);
        talk::to_the_end(pen);
    } else {
        abandon::at_last(pen);
    }
}
