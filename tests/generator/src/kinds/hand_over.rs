//! Plots in which the customer goes from one agent to another, or agents go and come in a conference.
//!
//! Invariant: an agent who takes over is on the line within 200 ms of the first one's `wrapup`.

use super::{
    AFTER_BRACKET, ANY_FALSE_END, BRACKET, TALK, WAIT, agent_answers, agents_do_not_answer, talk,
};
use crate::notice::{AgentState, TaskEvent};
use crate::pen::Pen;
use crate::reasons::{CUSTOMER_LEFT, TRANSFERRED_OUTSIDE};
use crate::story::{Doing, Party};

/// A warm transfer: the agent consults another one, who takes over. Some customers stay for a survey.
pub(super) fn warm_transfer(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    let second = talk::consults(pen);
    pen.turns_to(Doing::Talking, TaskEvent::ConsultDone, AgentState::ConsultDone);
    pen.hands_over_to(second);
    pen.passes(TALK);
    if pen.dice.chance(0.3) {
        pen.second_agent_hangs_up(second);
        pen.passes(4_000..=150_000);
        return pen.ends(Party::Customer, CUSTOMER_LEFT);
    }
    pen.second_agent_leaves(second, AgentState::Wrapup);
    talk::is_hung_up(pen);
}

/// A direct transfer: another agent's phone rings at once, without a park between.
pub(super) fn direct_transfer(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    pen.wraps_up_about_now();
    agent_answers(pen);
    talk::to_the_end(pen);
}

/// The customer hangs up in the queue of a transfer, waiting or ringing.
pub(super) fn abandoned_in_transfer(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    if pen.dice.chance(0.4) {
        talk::consults_and_returns(pen);
    }
    pen.wraps_up_about_now();
    pen.queues_elsewhere();
    pen.passes(WAIT);
    if pen.dice.chance(0.3) {
        agents_do_not_answer(pen, 1, ANY_FALSE_END);
    }
    if pen.dice.chance(0.3) {
        pen.rings();
        pen.passes(2_000..=12_000);
    }
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

/// The agent sends the customer outside. The task goes on as long as they talk there.
pub(super) fn transferred_outside(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    pen.agent_leaves();
    pen.passes(60_000..=4_000_000);
    let reason = *pen.dice.pick(TRANSFERRED_OUTSIDE);
    pen.ends(Party::System, reason);
}

/// The customer leaves a conference, and the agents talk on.
pub(super) fn customer_leaves_conference(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    let second = talk::consults(pen);
    talk::confers(pen, second);
    pen.mentions(TaskEvent::JoinConference);
    pen.passes(BRACKET);
    pen.leaves_conference();
    pen.passes(3_000..=300_000);
    pen.mentions(TaskEvent::ExitConference);
    pen.second_agent_leaves(second, AgentState::ConferenceDone);
    pen.passes(20..=400);
    pen.wraps_up_about_now();
    pen.is_told_why(Party::Agent, "Agent Left");
}

/// The owner of a conference leaves, and the customer stays with the second agent.
pub(super) fn conference_owner_leaves(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    let second = talk::consults(pen);
    talk::confers(pen, second);
    pen.mentions(TaskEvent::PrimaryOwnerLeft);
    pen.wraps_up_about_now();
    if pen.dice.chance(0.5) {
        pen.mentions(TaskEvent::OwnerChanged);
    }
    pen.passes(TALK);
    pen.second_agent_leaves(second, AgentState::Wrapup);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

/// The customer, on hold, hangs up while the agents consult. They close their brackets later.
pub(super) fn hangs_up_during_consult(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
    pen.passes(AFTER_BRACKET);
    talk::consults(pen);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
    pen.passes(300..=90_000);
    pen.mentions(TaskEvent::ConsultDone);
    pen.wraps_up_after(0..=400);
}

/// A supervisor joins the call, and leaves it before the agent does.
pub(super) fn supervisor(pen: &mut Pen<'_>) {
    talk::comes_to_an_agent(pen);
    pen.is_overheard(5_000..=120_000);
    pen.passes(AFTER_BRACKET);
    if pen.dice.chance(0.5) {
        pen.agent_leaves();
        pen.passes(4_000..=60_000);
        return pen.ends(Party::Customer, CUSTOMER_LEFT);
    }
    talk::hangs_up(pen);
}
