//! Plots of what happens once the customer talks to an agent, and the ends of a talk.
//!
//! Invariant: the primary agent stays until the end of the talk, whoever else joins.

use super::{
    AFTER_BRACKET, ANY_FALSE_END, BRACKET, TALK, WAIT, agent_answers, agents_do_not_answer,
    comes_and_waits,
};
use crate::notice::{AgentState, TaskEvent};
use crate::pen::Pen;
use crate::reasons::{AGENT_LEAVES, CUSTOMER_LEFT, RING_NO_ANSWER, SYSTEM_ENDS, UNLISTED};
use crate::story::{Doing, Party};

/// The talk, possibly with a hold, up to the hang-up.
pub(super) fn to_the_end(pen: &mut Pen<'_>) {
    goes_on(pen);
    hangs_up(pen);
}

/// Messages back and forth, up to the close.
pub(super) fn in_writing(pen: &mut Pen<'_>) {
    pen.passes(60_000..=5_400_000);
    is_closed(pen);
}

/// The close of a chat or an e-mail.
pub(super) fn is_closed(pen: &mut Pen<'_>) {
    pen.wraps_up_about_now();
    let party = if pen.dice.chance(0.5) { Party::Agent } else { Party::Customer };
    pen.ends(party, if party == Party::Agent { "Agent Left" } else { CUSTOMER_LEFT });
}

/// The talk, possibly with a hold.
pub(super) fn goes_on(pen: &mut Pen<'_>) {
    pen.passes(TALK);
    if pen.dice.chance(0.25) {
        goes_on_hold(pen);
    }
}

/// Several holds; some customers hang up on the last.
pub(super) fn holds(pen: &mut Pen<'_>) {
    comes_to_an_agent(pen);
    for _ in 0..pen.dice.between(1..=3) {
        goes_on_hold(pen);
    }
    if pen.dice.chance(0.2) {
        pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
        pen.passes(BRACKET);
        pen.wraps_up_about_now();
        return pen.ends(Party::Customer, CUSTOMER_LEFT);
    }
    hangs_up(pen);
}

/// The agent consults another one, with or without the customer on hold.
pub(super) fn consult(pen: &mut Pen<'_>) {
    comes_to_an_agent(pen);
    let on_hold = pen.dice.chance(0.7);
    if on_hold {
        pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
        pen.passes(BRACKET);
    }
    let second = consults(pen);
    let back = if on_hold { Doing::OnHold } else { Doing::Talking };
    pen.turns_to(back, TaskEvent::ConsultDone, AgentState::ConsultDone);
    pen.second_agent_leaves(second, AgentState::Wrapup);
    pen.passes(AFTER_BRACKET);
    if on_hold {
        pen.turns_to(Doing::Talking, TaskEvent::HoldDone, AgentState::HoldDone);
        pen.passes(AFTER_BRACKET);
    }
    hangs_up(pen);
}

/// The agent consults another one and comes back.
pub(super) fn consults_and_returns(pen: &mut Pen<'_>) {
    let second = consults(pen);
    pen.turns_to(Doing::Talking, TaskEvent::ConsultDone, AgentState::ConsultDone);
    pen.second_agent_leaves(second, AgentState::Wrapup);
    pen.passes(AFTER_BRACKET);
}

/// The second agent joins and leaves again.
pub(super) fn conference(pen: &mut Pen<'_>) {
    comes_to_an_agent(pen);
    let second = consults(pen);
    pen.turns_to(Doing::Talking, TaskEvent::ConsultDone, AgentState::ConsultDone);
    pen.passes(2_000..=9_000);
    confers(pen, second);
    pen.turns_to(Doing::Talking, TaskEvent::ConferenceDone, AgentState::ConferenceDone);
    let last =
        *pen.dice.pick(&[AgentState::Wrapup, AgentState::Available, AgentState::ConferenceDone]);
    pen.second_agent_leaves(second, last);
    pen.passes(AFTER_BRACKET);
    hangs_up(pen);
}

/// The second agent takes over. The brackets that are still open are never closed.
pub(super) fn conference_transferred(pen: &mut Pen<'_>) {
    comes_to_an_agent(pen);
    if pen.dice.chance(0.5) {
        pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
        pen.passes(BRACKET);
    }
    let second = consults(pen);
    confers(pen, second);
    pen.wraps_up_just_before();
    pen.turns_to(Doing::Talking, TaskEvent::ConferenceTransferred, AgentState::ConferenceDone);
    pen.passes(TALK);
    pen.second_agent_leaves(second, AgentState::Wrapup);
    hangs_up(pen);
}

/// The agent leaves, and the customer stays for a few questions.
pub(super) fn survey(pen: &mut Pen<'_>) {
    comes_to_an_agent(pen);
    pen.agent_leaves();
    pen.passes(4_000..=150_000);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
    pen.is_recorded();
}

/// The agent sends the customer to another queue.
pub(super) fn transferred(pen: &mut Pen<'_>) {
    comes_to_an_agent(pen);
    to_another_queue(pen);
}

/// After a talk: to another queue, at once or through the flow, and on from there.
pub(super) fn to_another_queue(pen: &mut Pen<'_>) {
    if pen.dice.chance(0.3) {
        pen.agent_leaves();
        pen.passes(4_000..=30_000);
    } else {
        pen.wraps_up_about_now();
    }
    pen.queues_elsewhere();
    pen.passes(WAIT);
    if pen.dice.chance(0.2) {
        agents_do_not_answer(pen, 1, ANY_FALSE_END);
    }
    if pen.dice.chance(0.15) {
        return pen.ends(Party::Customer, CUSTOMER_LEFT);
    }
    agent_answers(pen);
    to_the_end(pen);
}

/// Customer or agent hangs up; rarely, something else ends the talk. Party and reason may disagree.
pub(super) fn hangs_up(pen: &mut Pen<'_>) {
    pen.wraps_up_about_now();
    is_hung_up(pen);
}

/// The hang-up without the agent's wrap-up.
pub(super) fn is_hung_up(pen: &mut Pen<'_>) {
    let (party, reasons) = match pen.dice.between(0..=99) {
        0..=54 => (Party::Customer, &[CUSTOMER_LEFT][..]),
        55..=91 => (Party::Agent, AGENT_LEAVES),
        92..=94 => (Party::Customer, AGENT_LEAVES),
        95 => (Party::System, RING_NO_ANSWER),
        96..=97 => (Party::System, SYSTEM_ENDS),
        _ => (Party::System, UNLISTED),
    };
    let reason = *pen.dice.pick(reasons);
    pen.ends(party, reason);
    if pen.dice.chance(0.8) {
        pen.is_recorded();
    }
}

pub(super) fn comes_to_an_agent(pen: &mut Pen<'_>) {
    comes_and_waits(pen);
    agent_answers(pen);
    pen.passes(TALK);
}

fn goes_on_hold(pen: &mut Pen<'_>) {
    pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
    pen.passes(BRACKET);
    pen.turns_to(Doing::Talking, TaskEvent::HoldDone, AgentState::HoldDone);
    pen.passes(AFTER_BRACKET);
}

/// The agent consults another one, who stays on the line.
pub(super) fn consults(pen: &mut Pen<'_>) -> usize {
    let second = pen.meets_agent();
    pen.turns_to(Doing::Consulting, TaskEvent::Consulting, AgentState::Consulting);
    pen.second_agent_is(second, AgentState::Ringing);
    pen.passes(2_000..=8_000);
    pen.second_agent_is(second, AgentState::Connected);
    pen.passes(BRACKET);
    second
}

pub(super) fn confers(pen: &mut Pen<'_>, second: usize) {
    pen.turns_to(Doing::Conferencing, TaskEvent::Conferencing, AgentState::Conferencing);
    pen.second_agent_is(second, AgentState::Conferencing);
    pen.passes(BRACKET);
}
