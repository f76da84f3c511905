//! The truth of hand-written stories, among them the two tasks of the published sample.

use serde::Serialize;

use super::*;
use crate::dice::{Dice, Stream};
use crate::notice::{AgentState, TaskEvent};
use crate::pen::{FalseEnd, Pen};
use crate::reasons::{CUSTOMER_LEFT, QUEUE_TIMEOUT, RING_NO_ANSWER};
use crate::record::Visit;
use crate::story::{Party, Way};

const SECOND: u64 = 1_000;

/// Writes a story and compares its truth: one line for each segment (phase, seconds, basis unless
/// observed) and one for the task.
fn check(tell: impl FnOnce(&mut Pen<'_>), expect: &str) {
    check_seen(Sight::Full, tell, expect);
}

fn check_seen(sight: Sight, tell: impl FnOnce(&mut Pen<'_>), expect: &str) {
    let expect: Vec<&str> = expect.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(printed(&truth(sight, tell)), expect);
}

fn truth(sight: Sight, tell: impl FnOnce(&mut Pen<'_>)) -> Truth {
    let org = Org::new(1);
    let mut dice = Dice::new(1, Stream::Story, 0);
    let task_id = Id::random(&mut dice);
    let mut pen = Pen::new(&org, "by_hand", task_id, 100 * SECOND, dice);
    tell(&mut pen);
    let telling = pen.finish();
    let delivered = Delivered { events: 0, duplicates: 0, naive: Naive::new(&telling.notices) };
    from_story(&telling.story, &org, sight, delivered)
}

fn printed(truth: &Truth) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for segment in &truth.segments {
        let seconds = |ended_at| (ended_at - segment.started_at) / SECOND;
        let length = segment.ended_at.map_or("open".to_owned(), |at| seconds(at).to_string());
        let basis = if segment.basis == Basis::Inferred { " inferred" } else { "" };
        lines.push(format!("{} {length}{basis}", word(&segment.phase)));
    }
    let (outcome, callback) = (word(&truth.outcome), word(&truth.callback));
    lines.push(format!("{outcome}, callback {callback}, {} false ends", truth.false_ends));
    lines
}

fn word(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap().replace('"', "")
}

/// This many seconds pass.
fn passes(pen: &mut Pen<'_>, seconds: u64) {
    pen.passes(seconds * SECOND..=seconds * SECOND);
}

fn queued(pen: &mut Pen<'_>) {
    pen.arrives();
    passes(pen, 10);
    pen.queues();
    passes(pen, 60);
}

fn answered(pen: &mut Pen<'_>) {
    pen.rings();
    passes(pen, 5);
    pen.answers();
    passes(pen, 8);
}

#[test]
fn the_normal_callback_of_the_sample_is_told() {
    let tell = |pen: &mut Pen<'_>| {
        pen.arrives();
        passes(pen, 17);
        pen.queues();
        passes(pen, 40);
        pen.takes_callback(false);
        passes(pen, 906);
        pen.now_by(Way::Callback);
        pen.rings();
        passes(pen, 3);
        pen.answers();
        passes(pen, 8);
        pen.customer_answers(Evidence::TaskEvent);
        passes(pen, 308);
        pen.ends(Party::Agent, "Agent Left");
    };
    let expect = "
        self_service 17
        callback_wait 946 inferred
        offered 3
        dialing 8
        talking 308
        handled, callback completed, 0 false ends";
    check(tell, expect);
}

#[test]
fn the_callback_with_multiple_ronas_of_the_sample_is_told() {
    let tell = |pen: &mut Pen<'_>| {
        pen.arrives();
        passes(pen, 42);
        pen.queues();
        passes(pen, 20);
        pen.takes_callback(false);
        passes(pen, 863);
        pen.now_by(Way::Callback);
        for wait in [155, 16, 56, 28] {
            pen.rings();
            passes(pen, 16);
            pen.rings_out(Fate::NoAnswer, FalseEnd::Same);
            passes(pen, wait);
        }
        pen.rings();
        passes(pen, 2);
        pen.answers();
        passes(pen, 16);
        pen.customer_answers(Evidence::TaskEvent);
        passes(pen, 177);
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    };
    let expect = "
        self_service 42
        callback_wait 883 inferred
        offered 16
        callback_wait 155
        offered 16
        callback_wait 16
        offered 16
        callback_wait 56
        offered 16
        callback_wait 28
        offered 2
        dialing 16
        talking 177
        handled, callback completed, 4 false ends";
    check(tell, expect);
}

#[test]
fn a_signal_splits_the_wait_where_the_customer_asked() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.takes_callback(true);
        passes(pen, 300);
        pen.now_by(Way::Callback);
        answered(pen);
        pen.ends(Party::Customer, "NO_ANSWER_FROM_CUSTOMER");
    };
    let expect = "
        self_service 10
        queued 60
        callback_wait 300
        offered 5
        dialing 8
        callback_failed, callback failed, 0 false ends";
    check(tell, expect);
}

#[test]
fn a_callback_that_never_shows_is_a_live_wait() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.takes_callback(false);
        passes(pen, 300);
        pen.ends(Party::System, QUEUE_TIMEOUT);
    };
    let expect = "
        self_service 10
        queued 360
        failed, callback none, 0 false ends";
    check(tell, expect);
}

#[test]
fn the_wait_since_the_last_live_ring_is_inferred_and_one_with_the_park_after_it() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.rings();
        passes(pen, 15);
        pen.rings_out(Fate::NoAnswer, FalseEnd::Same);
        passes(pen, 20);
        pen.takes_callback(false);
        passes(pen, 100);
        pen.now_by(Way::Callback);
        pen.queues();
        passes(pen, 30);
        pen.rings();
    };
    let expect = "
        self_service 10
        queued 60
        offered 15
        callback_wait 150 inferred
        offered open
        open, callback pending, 1 false ends";
    check(tell, expect);
}

#[test]
fn a_leg_that_was_not_told_makes_a_talk_from_the_agents_leg() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.takes_callback(true);
        passes(pen, 300);
        pen.now_by(Way::Callback);
        answered(pen);
        pen.customer_answers(Evidence::CustomerLeft);
        passes(pen, 50);
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    };
    let expect = "
        self_service 10
        queued 60
        callback_wait 300
        offered 5
        talking 58 inferred
        handled, callback completed, 0 false ends";
    check(tell, expect);
}

fn survey(pen: &mut Pen<'_>) {
    queued(pen);
    answered(pen);
    pen.agent_leaves();
    passes(pen, 40);
    pen.ends(Party::Customer, CUSTOMER_LEFT);
}

#[test]
fn after_the_agent_left_the_customer_is_in_self_service() {
    let expect = "
        self_service 10
        queued 60
        offered 5
        talking 8
        self_service 40
        handled, callback none, 0 false ends";
    check(survey, expect);
}

#[test]
fn without_agent_events_the_talk_lasts_until_the_end() {
    let expect = "
        self_service 10
        queued 60
        offered 5
        talking 48
        handled, callback none, 0 false ends";
    check_seen(Sight::SampleColumns, survey, expect);
}

#[test]
fn a_task_that_goes_on_after_its_end_waited_in_between() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        answered(pen);
        pen.seems_to_end(Party::System, "System Error");
        passes(pen, 30);
        pen.queues();
        passes(pen, 20);
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    };
    let expect = "
        self_service 10
        queued 60
        offered 5
        talking 8
        queued 50
        handled, callback none, 1 false ends";
    check(tell, expect);
}

#[test]
fn brackets_cover_the_talk() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        answered(pen);
        pen.turns_to(Doing::OnHold, TaskEvent::OnHold, AgentState::OnHold);
        passes(pen, 4);
        pen.turns_to(Doing::Consulting, TaskEvent::Consulting, AgentState::Consulting);
        passes(pen, 9);
        pen.turns_to(Doing::Talking, TaskEvent::ConferenceTransferred, AgentState::ConferenceDone);
        passes(pen, 6);
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    };
    let expect = "
        self_service 10
        queued 60
        offered 5
        talking 8
        on_hold 4
        consulting 9
        talking 6
        handled, callback none, 0 false ends";
    check(tell, expect);
}

#[test]
fn a_web_callback_is_pending_from_its_start() {
    let tell = |pen: &mut Pen<'_>| {
        pen.is_web_callback();
        pen.arrives();
        passes(pen, 2);
        pen.queues();
        passes(pen, 600);
        answered(pen);
        pen.dial_fails();
        passes(pen, 60);
        pen.is_given_up();
    };
    let expect = "
        self_service 2
        callback_wait 600
        offered 5
        dialing 8
        callback_wait 60 inferred
        callback_failed, callback failed, 0 false ends";
    check(tell, expect);
}

#[test]
fn a_callback_that_an_agent_forestalls_is_none() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.asks_and_stays();
        passes(pen, 3);
        answered(pen);
        pen.ends(Party::Agent, "Agent Left");
    };
    let expect = "
        self_service 10
        queued 63
        offered 5
        talking 8
        handled, callback none, 0 false ends";
    check(tell, expect);
}

#[test]
fn a_forestalled_callback_stands_if_nobody_answers() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.asks_and_stays();
        passes(pen, 3);
        pen.rings();
        passes(pen, 15);
        pen.is_owed_callback();
        pen.rings_out(Fate::NoAnswer, FalseEnd::Same);
        passes(pen, 100);
        pen.now_by(Way::Callback);
        pen.rings();
    };
    let expect = "
        self_service 10
        queued 63
        offered 15
        callback_wait 100 inferred
        offered open
        open, callback pending, 1 false ends";
    check(tell, expect);
}

#[test]
fn a_campaign_waits_for_an_agent_and_its_customer_does_not() {
    let tell = |pen: &mut Pen<'_>| {
        pen.now_by(Way::Campaign(Some("CAMPAIGN")));
        pen.queues();
        passes(pen, 30);
        pen.ends(Party::Customer, "CUSTOMER_BUSY");
    };
    let expect = "
        outbound_queued 30
        not_reached, callback none, 0 false ends";
    check(tell, expect);
}

#[test]
fn a_customer_who_leaves_a_conference_is_gone() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        answered(pen);
        pen.turns_to(Doing::Conferencing, TaskEvent::Conferencing, AgentState::Conferencing);
        passes(pen, 20);
        pen.leaves_conference();
        passes(pen, 240);
        pen.is_told_why(Party::Agent, "Agent Left");
    };
    let expect = "
        self_service 10
        queued 60
        offered 5
        talking 8
        conferencing 20
        handled, callback none, 0 false ends";
    check(tell, expect);
}

#[test]
fn a_hand_over_does_not_end_the_talk() {
    let tell = |pen: &mut Pen<'_>| {
        queued(pen);
        answered(pen);
        let second = pen.meets_agent();
        pen.hands_over_to(second);
        passes(pen, 40);
        pen.second_agent_hangs_up(second);
        passes(pen, 12);
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    };
    let expect = "
        self_service 10
        queued 60
        offered 5
        talking 48
        self_service 12
        handled, callback none, 0 false ends";
    check(tell, expect);
}

/// The stays of a story: result, seconds on the line, offers, and those that nobody answered.
fn visits(tell: impl FnOnce(&mut Pen<'_>)) -> Vec<String> {
    let line = |visit: &Visit| {
        let result = visit.result.as_ref().map_or("none".to_owned(), word);
        let (wait, offers, rona) = (visit.live_wait_ms / SECOND, visit.offers, visit.rona);
        format!("{result}: {wait} s, {offers} offers, {rona} rona")
    };
    truth(Sight::Full, tell).visits.iter().map(line).collect()
}

#[test]
fn each_stay_in_a_queue_has_its_own_result() {
    let abandoned_in_transfer = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.rings();
        passes(pen, 15);
        pen.rings_out(Fate::NoAnswer, FalseEnd::Same);
        passes(pen, 20);
        answered(pen);
        pen.queues_elsewhere();
        passes(pen, 30);
        pen.ends(Party::Customer, CUSTOMER_LEFT);
    };
    let expect = ["answered: 80 s, 2 offers, 1 rona", "abandoned: 30 s, 0 offers, 0 rona"];
    assert_eq!(visits(abandoned_in_transfer), expect);

    let overflow = |pen: &mut Pen<'_>| {
        queued(pen);
        pen.queues_elsewhere();
        passes(pen, 30);
        answered(pen);
        pen.rings();
        passes(pen, 5);
        pen.answers();
    };
    let expect = ["transferred: 60 s, 0 offers, 0 rona", "answered: 30 s, 2 offers, 0 rona"];
    assert_eq!(visits(overflow), expect);
}

#[test]
fn an_own_call_is_in_no_queue_until_the_customer_has_talked() {
    let campaign = |pen: &mut Pen<'_>| {
        pen.now_by(Way::Campaign(None));
        pen.queues();
        passes(pen, 30);
        answered(pen);
        pen.queues_elsewhere();
        passes(pen, 7);
    };
    assert_eq!(visits(campaign), ["none: 0 s, 1 offers, 0 rona", "open: 0 s, 0 offers, 0 rona"]);
}

#[test]
fn an_outdial_that_rings_out_is_over() {
    let tell = |pen: &mut Pen<'_>| {
        pen.now_by(Way::Outdial);
        pen.rings();
        passes(pen, 15);
        pen.ends_with(Party::System, RING_NO_ANSWER[0], Fate::NoAnswer);
    };
    let expect = "
        offered 15
        not_reached, callback none, 0 false ends";
    check(tell, expect);
}
