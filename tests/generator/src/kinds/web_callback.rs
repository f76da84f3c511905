//! Plots of callbacks that customers asked for on the web or for an hour of their choice.
//!
//! Invariant: nobody is on the line before the customer is reached.

use super::{ANY_FALSE_END, AWAY, agents_do_not_answer, callback};
use crate::pen::Pen;
use crate::reasons::QUEUE_TIMEOUT;
use crate::story::Party;

/// The customer is reached, perhaps after some agents did not answer.
pub(super) fn reached(pen: &mut Pen<'_>) {
    waits(pen);
    if pen.dice.chance(0.3) {
        let times = pen.dice.skewed(1..=3);
        agents_do_not_answer(pen, times, ANY_FALSE_END);
    }
    callback::is_reached(pen);
}

/// The customer does not answer.
pub(super) fn not_reached(pen: &mut Pen<'_>) {
    waits(pen);
    callback::is_not_reached(pen);
}

/// The customer answers at a later try.
pub(super) fn reached_at_a_later_try(pen: &mut Pen<'_>) {
    waits(pen);
    callback::is_tried_again(pen);
    callback::is_reached(pen);
}

/// The flow gives up in the end.
pub(super) fn given_up(pen: &mut Pen<'_>) {
    waits(pen);
    callback::is_given_up(pen);
}

/// The queue times out before anybody calls.
pub(super) fn never_called(pen: &mut Pen<'_>) {
    waits(pen);
    pen.ends(Party::System, QUEUE_TIMEOUT);
}

fn waits(pen: &mut Pen<'_>) {
    pen.is_web_callback();
    pen.arrives();
    pen.passes(200..=4_000);
    pen.queues();
    pen.passes(AWAY);
}
