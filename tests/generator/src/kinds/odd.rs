//! Rare plots: outdials, ends that turn out to be false, late events after the end, tasks that are
//! still open.
//!
//! Invariant: an open task has no end of any kind after its last event.

use super::{
    ANY_FALSE_END, BETWEEN_RINGS, DIAL, RING, RING_TIMEOUT, TALK, agent_answers,
    agents_do_not_answer, callback, comes_and_waits, talk,
};
use crate::notice::{AgentState, TaskEvent};
use crate::pen::Pen;
use crate::reasons::{
    AGENT_LEAVES, CUSTOMER_AWAY, CUSTOMER_LEFT, OUTDIAL_FAILED, RING_NO_ANSWER, SYSTEM_STUMBLES,
};
use crate::story::{Doing, Fate, Party, Way};

/// An agent calls somebody, who answers.
pub(super) fn outdial(pen: &mut Pen<'_>) {
    agent_dials(pen);
    pen.passes(RING);
    pen.answers();
    talk::to_the_end(pen);
}

/// An agent calls somebody, who does not answer.
pub(super) fn outdial_not_reached(pen: &mut Pen<'_>) {
    agent_dials(pen);
    pen.passes(DIAL);
    pen.wraps_up_about_now();
    let (party, reasons) = match pen.dice.between(0..=9) {
        0..=5 => (Party::Customer, CUSTOMER_AWAY),
        6 => (Party::System, CUSTOMER_AWAY),
        7 => (Party::Agent, AGENT_LEAVES),
        _ => (Party::System, &[OUTDIAL_FAILED][..]),
    };
    let reason = *pen.dice.pick(reasons);
    pen.ends(party, reason);
}

/// The agent does not pick up the outdial. There is no queue to go back to, so the task ends.
pub(super) fn outdial_rings_out(pen: &mut Pen<'_>) {
    agent_dials(pen);
    pen.passes(RING_TIMEOUT);
    let reason = *pen.dice.pick(RING_NO_ANSWER);
    pen.ends_with(Party::System, reason, Fate::NoAnswer);
}

/// The system reports an end, in the queue or during a talk, and then the task goes on.
pub(super) fn reopened(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    let talked = pen.dice.chance(0.5);
    if talked {
        agent_answers(pen);
        pen.passes(TALK);
        pen.wraps_up_about_now();
    }
    let reason = *pen.dice.pick(SYSTEM_STUMBLES);
    pen.seems_to_end(Party::System, reason);
    pen.passes(450..=40_000);
    let parked = pen.dice.chance(0.7);
    match (parked, talked && pen.dice.chance(0.5)) {
        (true, true) => pen.queues_elsewhere(),
        (true, false) => pen.queues(),
        (false, _) => (),
    }
    pen.passes(BETWEEN_RINGS);
    if parked && pen.dice.chance(0.2) {
        return pen.ends(Party::Customer, CUSTOMER_LEFT);
    }
    agent_answers(pen);
    talk::to_the_end(pen);
}

/// Within a second after a hang-up, one more event comes. It must not reopen the task.
pub(super) fn stray_after_hang_up(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    agent_answers(pen);
    talk::goes_on(pen);
    pen.wraps_up_about_now();
    if pen.dice.chance(0.5) {
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    } else {
        let reason = *pen.dice.pick(AGENT_LEAVES);
        pen.ends(Party::Agent, reason);
    }
    let after_ms = pen.dice.between(30..=800);
    let event = *pen.dice.pick(&[TaskEvent::HoldDone, TaskEvent::Parked]);
    pen.strays(after_ms, event);
}

/// The archive ends before the task does.
pub(super) fn still_open(pen: &mut Pen<'_>) {
    match pen.dice.between(0..=9) {
        0 => pen.arrives(),
        1 => comes_and_waits(pen),
        2 => {
            comes_and_waits(pen);
            agents_do_not_answer(pen, 2, ANY_FALSE_END);
        }
        3 => {
            comes_and_waits(pen);
            pen.rings();
        }
        4..=6 => talks_still(pen),
        7 => callback::asks(pen),
        _ => is_called_back_still(pen),
    }
}

fn talks_still(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    agent_answers(pen);
    if pen.dice.chance(0.4) {
        pen.passes(TALK);
        pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
    }
}

fn is_called_back_still(pen: &mut Pen<'_>) {
    callback::asks(pen);
    pen.now_by(Way::Callback);
    pen.rings();
    if pen.dice.chance(0.5) {
        pen.passes(RING);
        pen.answers();
    }
}

fn agent_dials(pen: &mut Pen<'_>) {
    pen.now_by(Way::Outdial);
    if pen.dice.chance(0.7) {
        pen.arrives();
        pen.passes(200..=2_000);
    }
    pen.rings();
}
