//! Plots of campaigns: the contact centre calls customers who did not ask for it.
//!
//! Invariant: before the talk the customer waits for nothing and abandons nothing.

use super::{ANY_FALSE_END, WAIT, agent_answers, agents_do_not_answer, talk};
use crate::notice::TaskEvent;
use crate::pen::Pen;
use crate::reasons::{CUSTOMER_AWAY, CUSTOMER_LEFT, QUEUE_TIMEOUT};
use crate::story::{Party, Way};

const TYPES: &[Option<&str>] =
    &[Some("CAMPAIGN"), Some("PREVIEW_CAMPAIGN"), Some("PROGRESSIVE_CAMPAIGN"), None];

/// The customer answers and talks, and may be sent to another queue.
pub(super) fn reached(pen: &mut Pen<'_>) {
    waits_for_agent(pen);
    agent_answers(pen);
    if pen.dice.chance(0.15) {
        talk::goes_on(pen);
        return talk::to_another_queue(pen);
    }
    talk::to_the_end(pen);
    pen.passes(1_000..=20_000);
    pen.mentions(TaskEvent::ContactDisposition);
}

/// The customer does not answer, or hangs up before an agent does.
pub(super) fn not_reached(pen: &mut Pen<'_>) {
    waits_for_agent(pen);
    match pen.dice.between(0..=9) {
        0..=5 => {
            let reason = *pen.dice.pick(CUSTOMER_AWAY);
            let party = if pen.dice.chance(0.5) { Party::Customer } else { Party::System };
            pen.ends(party, reason);
        }
        6..=7 => pen.ends(Party::Customer, CUSTOMER_LEFT),
        _ => pen.ends(Party::System, QUEUE_TIMEOUT),
    }
}

fn waits_for_agent(pen: &mut Pen<'_>) {
    let outbound_type = *pen.dice.pick(TYPES);
    pen.now_by(Way::Campaign(outbound_type));
    if pen.dice.chance(0.7) {
        pen.arrives();
        pen.passes(200..=2_000);
    }
    pen.queues();
    pen.passes(WAIT);
    if pen.dice.chance(0.2) {
        agents_do_not_answer(pen, 1, ANY_FALSE_END);
    }
}
