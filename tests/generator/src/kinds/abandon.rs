//! Plots in which the customer never talks to anybody.
//!
//! Invariant: no agent answers, and no callback is requested.

use super::{ANY_FALSE_END, FLOW, RING, WAIT, agents_do_not_answer, comes_and_waits};
use crate::pen::Pen;
use crate::reasons::{CUSTOMER_LEFT, QUEUE_TIMEOUT, SYSTEM_ENDS};
use crate::story::Party;

/// The customer hangs up in the flow.
pub(super) fn in_flow(pen: &mut Pen<'_>) {
    pen.arrives();
    pen.passes(FLOW);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

/// The customer hangs up at once.
pub(super) fn at_once(pen: &mut Pen<'_>) {
    pen.arrives();
    pen.passes(800..=4_500);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

/// The customer hangs up while waiting.
pub(super) fn in_queue(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

/// The customer hangs up, or the system gives up, while an agent's phone rings.
pub(super) fn while_ringing(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    if pen.dice.chance(0.3) {
        agents_do_not_answer(pen, 1, ANY_FALSE_END);
    }
    pen.rings();
    pen.passes(RING);
    if pen.dice.chance(0.8) {
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    } else {
        let reason = *pen.dice.pick(SYSTEM_ENDS);
        pen.ends(Party::System, reason);
    }
}

/// The queue gives up on the customer.
pub(super) fn by_timeout(pen: &mut Pen<'_>) {
    pen.arrives();
    pen.passes(FLOW);
    pen.queues();
    pen.passes(600_000..=1_800_000);
    pen.ends(Party::System, QUEUE_TIMEOUT);
}

/// After failed offers, the customer hangs up in the queue or the queue gives up.
pub(super) fn at_last(pen: &mut Pen<'_>) {
    pen.passes(WAIT);
    if pen.dice.chance(0.7) {
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    } else {
        pen.ends(Party::System, QUEUE_TIMEOUT);
    }
}
