//! The state machine, case by case: scripts in, aligned tables out.

use expect_test::{Expect, expect};
use task_timeline::*;

use crate::laws::check_laws;
use crate::script::{TERMS, deliveries, events, table};

fn check(script: &str, expect: Expect) {
    let events = events(script);
    check_laws(&events);
    expect.assert_eq(&table(&History::fold(deliveries(&events), &TERMS)));
}

// Transitions

#[test]
fn inbound_call_answered_after_a_wait() {
    check(
        "
            0      new
            20     parked Q1
            50     connect Q1
            50.03  agent A1 ringing
            55     connected Q1
            55.04  agent A1 connected
            115    ended Customer Customer_Left
            115.05 agent A1 wrapup
            140    agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            offered          50.000    55.000 Q1 A1 observed
            talking          55.000   115.000 Q1 A1 observed
            offer A1 answered    at 50.000 answered 55.000 customer 55.000 released 115.000 wrapup 24.950
            handled, callback none, 0 false ends; naive handled, wait 30.000 talk 60.000
        "#]],
    );
}

#[test]
fn nothing_is_known_before_the_first_task_event() {
    check(
        "
            0      agent A1 ringing
            1      agent A1 idle
        ",
        expect![[r#"
            no task
        "#]],
    );
}

#[test]
fn a_task_that_could_not_be_created_is_no_task() {
    check(
        "
            0      failed
        ",
        expect![[r#"
            no task
        "#]],
    );
}

#[test]
fn an_open_task_has_an_open_segment() {
    check(
        "
            0      new
            20     parked Q1
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000         - Q1 -  observed
            open, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

#[test]
fn a_park_in_another_queue_starts_a_segment() {
    check(
        "
            0      new
            20     parked Q1
            50     parked Q2
            80     parked Q2
            90     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            queued           50.000    90.000 Q2 -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

#[test]
fn a_park_closes_the_offer_and_repeats() {
    check(
        "
            0      new
            20     parked Q1
            50     connect Q1
            66     parked Q1
            90     connect Q1
            95     connected Q1
            99     ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            offered          50.000    66.000 Q1 -  observed
            queued           66.000    90.000 Q1 -  observed
            offered          90.000    95.000 Q1 -  observed
            talking          95.000    99.000 Q1 -  observed
            offer -  no_answer   at 50.000 answered - customer - released 66.000 wrapup -
            offer -  answered    at 90.000 answered 95.000 customer 95.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 30.000 talk 4.000
        "#]],
    );
}

#[test]
fn an_origin_update_moves_nothing() {
    check(
        "
            0      new
            10     origin-updated
            20     parked Q1
            25     origin-updated
            30     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    30.000 Q1 -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

#[test]
fn a_new_that_comes_after_others_moves_nothing() {
    check(
        "
            0      parked Q1
            0.02   new
            30     ended Customer Customer_Left
        ",
        expect![[r#"
            queued            0.000    30.000 Q1 -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

#[test]
fn hold_consult_and_conference_overlay_each_other() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            10     on-hold
            12     consulting
            15     conferencing
            20     conference-done
            22     consult-done
            25     hold-done
            30     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    10.000 Q1 -  observed
            on_hold          10.000    12.000 Q1 -  observed
            consulting       12.000    15.000 Q1 -  observed
            conferencing     15.000    20.000 Q1 -  observed
            consulting       20.000    22.000 Q1 -  observed
            on_hold          22.000    25.000 Q1 -  observed
            talking          25.000    30.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 28.000
        "#]],
    );
}

#[test]
fn a_transferred_conference_clears_all_brackets() {
    check(
        "
            0      new
            1      connect Q1
            1.02   agent A1 ringing
            2      connected Q1
            2.03   agent A1 connected
            10     on-hold
            12     consulting
            13     agent A2 connected
            15     conferencing
            20     conference-transferred
            20.04  agent A1 wrapup
            50     ended Customer Customer_Left
            50.04  agent A2 wrapup
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 A1 observed
            talking           2.000    10.000 Q1 A1 observed
            on_hold          10.000    12.000 Q1 A1 observed
            consulting       12.000    15.000 Q1 A1 observed
            conferencing     15.000    20.000 Q1 A1 observed
            talking          20.000    50.000 Q1 A1 observed
            offer A1 answered    at 1.000 answered 2.000 customer 2.000 released 50.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 48.000
        "#]],
    );
}

#[test]
fn a_transfer_puts_the_customer_back_in_a_queue() {
    check(
        "
            0      new
            1      connect Q1
            1.02   agent A1 ringing
            2      connected Q1
            2.03   agent A1 connected
            60     parked Q2
            60.05  agent A1 wrapup
            70     connect Q2
            70.02  agent A2 ringing
            75     connected Q2
            75.02  agent A2 connected
            80     agent A1 wrapup-done
            99     ended Customer Customer_Left
            99.05  agent A2 wrapup
            110    agent A2 wrapup-done
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 A1 observed
            talking           2.000    60.000 Q1 A1 observed
            queued           60.000    70.000 Q2 -  observed
            offered          70.000    75.000 Q2 A2 observed
            talking          75.000    99.000 Q2 A2 observed
            offer A1 answered    at 1.000 answered 2.000 customer 2.000 released 60.000 wrapup 19.950
            offer A2 answered    at 70.000 answered 75.000 customer 75.000 released 99.000 wrapup 10.950
            handled, callback none, 0 false ends; naive handled, wait 0.000 talk 97.000
        "#]],
    );
}

#[test]
fn a_recording_confirms_an_end() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     ended Customer Customer_Left
            33     capture
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 28.000
        "#]],
    );
}

#[test]
fn a_recording_ends_a_task_whose_end_was_lost() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            33     capture
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    33.000 Q1 -  inferred
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 33.000 wrapup -
            end_inferred at 33.000: said open, is ended
            handled, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

#[test]
fn an_end_after_the_recording_is_the_end() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            33     capture
            33.02  ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    33.020 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 33.020 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 31.020
        "#]],
    );
}

#[test]
fn a_recording_before_any_talk_ends_nothing() {
    check(
        "
            0      new
            10     parked Q1
            33     capture
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000         - Q1 -  observed
            open, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

#[test]
fn life_after_a_recording_shows_that_talk_went_on() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            33     capture
            40     parked Q1
            50     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    40.000 Q1 -  observed
            queued           40.000    50.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 40.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 0.000 talk 48.000
        "#]],
    );
}

#[test]
fn a_recording_of_the_first_leg_ends_no_later_wait_or_ring_or_talk() {
    check(
        "
            0      new
            22     connected Q1
            100    parked Q2
            101    capture
            110    connect Q2
            112    capture
            115    connected Q2
            120    capture
            160    on-hold
            180    hold-done
            200    ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    22.000 -  -  observed
            talking          22.000   100.000 Q1 -  observed
            queued          100.000   110.000 Q2 -  observed
            offered         110.000   115.000 Q2 -  observed
            talking         115.000   160.000 Q2 -  observed
            on_hold         160.000   180.000 Q2 -  observed
            talking         180.000   200.000 Q2 -  observed
            offer -  answered    at 110.000 answered 115.000 customer 115.000 released 200.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 178.000
        "#]],
    );
}

#[test]
fn unknown_events_are_kept_without_effect() {
    check(
        "
            0      new
            5      levitated
            10     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

// Endings that are none

#[test]
fn rona_with_its_false_end_after_the_park() {
    check(
        "
            0      new
            20     parked Q1
            50     connect Q1
            66     parked Q1
            66.02  ended System RONA_TIMER_EXPIRED
            80     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            offered          50.000    66.000 Q1 -  observed
            queued           66.000    80.000 Q1 -  observed
            offer -  no_answer   at 50.000 answered - customer - released 66.000 wrapup -
            false_end at 66.020: said ended: RONA_TIMER_EXPIRED, is queued
            abandoned, callback none, 1 false ends; naive failed, wait 30.000 talk -
        "#]],
    );
}

#[test]
fn rona_with_its_false_end_before_the_park() {
    check(
        "
            0      new
            20     parked Q1
            50     connect Q1
            66     ended System RONA_Timer_Expired
            66.02  parked Q1
            80     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            offered          50.000    66.000 Q1 -  observed
            queued           66.000    80.000 Q1 -  observed
            offer -  no_answer   at 50.000 answered - customer - released 66.000 wrapup -
            false_end at 66.000: said ended: RONA_Timer_Expired, is queued
            abandoned, callback none, 1 false ends; naive failed, wait 30.000 talk -
        "#]],
    );
}

#[test]
fn rona_in_one_millisecond() {
    check(
        "
            0      new
            20     parked Q1
            50     connect Q1
            66     ended System RONA_Timer_Expired
            66     parked Q1
            66     agent A1 not-responding
            80     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            offered          50.000    66.000 Q1 A1 observed
            queued           66.000    80.000 Q1 -  observed
            offer A1 no_answer   at 50.000 answered - customer - released 66.000 wrapup -
            false_end at 66.000: said ended: RONA_Timer_Expired, is queued
            abandoned, callback none, 1 false ends; naive failed, wait 30.000 talk -
        "#]],
    );
}

#[test]
fn rona_whose_park_was_lost() {
    check(
        "
            0      new
            20     parked Q1
            50     connect Q1
            66     ended System RONA_Timer_Expired
            80     connect Q1
            85     connected Q1
            90     ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            offered          50.000    66.000 Q1 -  observed
            queued           66.000    80.000 Q1 -  observed
            offered          80.000    85.000 Q1 -  observed
            talking          85.000    90.000 Q1 -  observed
            offer -  no_answer   at 50.000 answered - customer - released 66.000 wrapup -
            offer -  answered    at 80.000 answered 85.000 customer 85.000 released 90.000 wrapup -
            false_end at 66.000: said ended: RONA_Timer_Expired, is queued
            handled, callback none, 1 false ends; naive failed, wait 30.000 talk -
        "#]],
    );
}

#[test]
fn declined_unreachable_and_without_media() {
    check(
        "
            0      new
            20     parked Q1
            30     connect Q1
            31     parked Q1
            31.02  ended System USER_DECLINED
            40     connect Q1
            41     ended System AGENT_UNAVAILABLE
            41.02  parked Q1
            50     connect Q1
            51     parked Q1
            51.1   ended System CHANNEL_FAILURE
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    30.000 Q1 -  observed
            offered          30.000    31.000 Q1 -  observed
            queued           31.000    40.000 Q1 -  observed
            offered          40.000    41.000 Q1 -  observed
            queued           41.000    50.000 Q1 -  observed
            offered          50.000    51.000 Q1 -  observed
            queued           51.000    60.000 Q1 -  observed
            offer -  declined    at 30.000 answered - customer - released 31.000 wrapup -
            offer -  unreachable at 40.000 answered - customer - released 41.000 wrapup -
            offer -  failed      at 50.000 answered - customer - released 51.000 wrapup -
            false_end at 31.020: said ended: USER_DECLINED, is queued
            false_end at 41.000: said ended: AGENT_UNAVAILABLE, is queued
            false_end at 51.100: said ended: CHANNEL_FAILURE, is queued
            abandoned, callback none, 3 false ends; naive failed, wait 10.000 talk -
        "#]],
    );
}

#[test]
fn an_agent_side_end_while_talking_is_the_end() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            32     ended Agent RONA_Timer_Expired
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    32.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 32.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 30.000
        "#]],
    );
}

#[test]
fn an_agent_side_end_after_the_agent_left_is_the_end() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     agent A1 wrapup
            35     ended System RONA_Timer_Expired
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            self_service     30.000    35.000 -  -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            post_call at 30.000: said talking, is self_service
            handled, callback none, 0 false ends; naive handled, wait - talk 33.000
        "#]],
    );
}

#[test]
fn a_rona_end_on_an_outdial_is_the_end() {
    check(
        "
            0      new outdial
            1      connect outdial
            17     ended outdial System RONA_Timer_Expired
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000    17.000 -  -  observed
            offer -  no_answer   at 1.000 answered - customer - released 17.000 wrapup -
            not_reached, callback none, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}

#[test]
fn an_outdial_that_the_customer_did_not_answer() {
    check(
        "
            0      new outdial
            1      connect outdial
            17     ended outdial System NO_ANSWER_FROM_CUSTOMER
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000    17.000 -  -  observed
            offer -  withdrawn   at 1.000 answered - customer - released 17.000 wrapup -
            not_reached, callback none, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}

#[test]
fn an_outdial_that_talked() {
    check(
        "
            0      new outdial
            1      connect outdial
            2      connected outdial
            17     ended outdial Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 -  -  observed
            talking           2.000    17.000 -  -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 17.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 15.000
        "#]],
    );
}

#[test]
fn an_unknown_reason_then_more_life() {
    check(
        "
            0      new
            20     parked Q1
            50     ended System moon_phase
            70     connect Q1
            75     connected Q1
            90     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    70.000 Q1 -  observed
            offered          70.000    75.000 Q1 -  observed
            talking          75.000    90.000 Q1 -  observed
            offer -  answered    at 70.000 answered 75.000 customer 75.000 released 90.000 wrapup -
            reopened at 50.000: said ended: moon_phase, is queued
            handled, callback none, 1 false ends; naive failed, wait 50.000 talk -
        "#]],
    );
}

#[test]
fn each_opener_reopens() {
    check(
        "
            0      new
            10     parked Q1
            20     ended System System_Error
            30     on-hold
            40     ended System System_Error
            50     consulting
            60     ended System System_Error
            70     conferencing
            80     ended System System_Error
            90     connected
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    30.000 Q1 -  observed
            on_hold          30.000    40.000 Q1 -  observed
            queued           40.000    50.000 Q1 -  observed
            consulting       50.000    60.000 Q1 -  observed
            queued           60.000    70.000 Q1 -  observed
            conferencing     70.000    80.000 Q1 -  observed
            queued           80.000    90.000 Q1 -  observed
            talking          90.000         - Q1 -  observed
            reopened at 20.000: said ended: System_Error, is queued
            reopened at 40.000: said ended: System_Error, is queued
            reopened at 60.000: said ended: System_Error, is queued
            reopened at 80.000: said ended: System_Error, is queued
            open, callback none, 4 false ends; naive failed, wait - talk -
        "#]],
    );
}

#[test]
fn closing_brackets_never_reopen() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            20     ended System System_Error
            21.5   hold-done
            22     consult-done
            23     conference-done
            24     conference-transferred
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    20.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 20.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 18.000
        "#]],
    );
}

#[test]
fn a_hang_up_and_stragglers_within_a_second() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     ended Customer Customer_Left
            30.02  hold-done
            30.05  parked Q1
            31     connect Q1
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 0.000 talk 28.000
        "#]],
    );
}

#[test]
fn life_a_second_after_a_hang_up_reopens() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     ended Customer Customer_Left
            31.001 parked Q1
            40     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            queued           30.000    40.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            reopened at 30.000: said ended: Customer_Left, is queued
            handled, callback none, 1 false ends; naive handled, wait 0.000 talk 28.000
        "#]],
    );
}

#[test]
fn a_second_end_changes_nothing() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     ended Agent Agent_Left
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 28.000
        "#]],
    );
}

// Callbacks

#[test]
fn a_callback_that_succeeds() {
    check(
        "
            0      new
            17     parked Q1
            963    connect Q1 callback
            963.02 agent A1 ringing
            966    connected Q1 callback
            974    connected Q1 callback
            974.03 agent A1 connected
            1282   ended callback Agent Agent_Left
            1282.1 agent A1 wrapup
            1342   agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000    17.000 -  -  observed
            callback_wait    17.000   963.000 Q1 -  inferred
            offered         963.000   966.000 Q1 A1 observed
            dialing         966.000   974.000 Q1 A1 observed
            talking         974.000  1282.000 Q1 A1 observed
            offer A1 answered    at 963.000 answered 966.000 customer 974.000 released 1282.000 wrapup 59.900
            callback_wait at 17.000: said queued, is callback_wait
            agent_leg at 966.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 946.000 talk 316.000
        "#]],
    );
}

#[test]
fn a_callback_after_live_offers() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            36     parked Q1
            36.01  ended System RONA_Timer_Expired
            500    connect Q1 callback
            502    connected Q1 callback
            510    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    36.000 Q1 -  observed
            callback_wait    36.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            offer -  no_answer   at 20.000 answered - customer - released 36.000 wrapup -
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 600.000 wrapup -
            callback_wait at 36.000: said queued, is callback_wait
            false_end at 36.010: said ended: RONA_Timer_Expired, is queued
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 1 false ends; naive failed, wait 10.000 talk -
        "#]],
    );
}

#[test]
fn a_park_of_a_callback_tells_of_it() {
    check(
        "
            0      new
            10     parked Q1
            516    parked Q1 callback
            516    ended callback System RONA_Timer_Expired
            600    connect Q1 callback
            602    connected Q1 callback
            610    connected Q1 callback
            700    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   516.000 Q1 -  inferred
            callback_wait   516.000   600.000 Q1 -  observed
            offered         600.000   602.000 Q1 -  observed
            dialing         602.000   610.000 Q1 -  observed
            talking         610.000   700.000 Q1 -  observed
            offer -  answered    at 600.000 answered 602.000 customer 610.000 released 700.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            false_end at 516.000: said ended: RONA_Timer_Expired, is callback_wait
            agent_leg at 602.000: said talking, is dialing
            handled, callback completed, 1 false ends; naive failed, wait 590.000 talk -
        "#]],
    );
}

#[test]
fn the_agent_answers_and_the_customer_does_not() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    ended callback System NO_ANSWER_FROM_CUSTOMER
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   530.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 530.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            callback_failed, callback failed, 0 false ends; naive handled, wait 490.000 talk 28.000
        "#]],
    );
}

#[test]
fn a_customer_who_was_not_reached_is_tried_again() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    ended callback System NO_ANSWER_FROM_CUSTOMER
            900    connect Q1 callback
            902    connected Q1 callback
            910    connected Q1 callback
            950    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   530.000 Q1 -  observed
            callback_wait   530.000   900.000 Q1 -  observed
            offered         900.000   902.000 Q1 -  observed
            dialing         902.000   910.000 Q1 -  observed
            talking         910.000   950.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 530.000 wrapup -
            offer -  answered    at 900.000 answered 902.000 customer 910.000 released 950.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            reopened at 530.000: said ended: NO_ANSWER_FROM_CUSTOMER, is callback_wait
            agent_leg at 902.000: said talking, is dialing
            handled, callback completed, 1 false ends; naive handled, wait 490.000 talk 28.000
        "#]],
    );
}

#[test]
fn an_agent_side_end_while_dialing() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            510    ended callback System CHANNEL_FAILURE
            510.02 parked Q1 callback
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            callback_wait   510.000         - Q1 -  observed
            offer -  failed      at 500.000 answered 502.000 customer - released 510.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            false_end at 510.000: said ended: CHANNEL_FAILURE, is callback_wait
            open, callback pending, 1 false ends; naive handled, wait 490.000 talk 8.000
        "#]],
    );
}

#[test]
fn a_park_while_dialing_keeps_the_offer_answered() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            510    parked Q1 callback
            510    ended callback System CHANNEL_FAILURE
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            callback_wait   510.000         - Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 510.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            false_end at 510.000: said ended: CHANNEL_FAILURE, is callback_wait
            open, callback pending, 1 false ends; naive handled, wait 490.000 talk 8.000
        "#]],
    );
}

#[test]
fn the_second_connected_was_lost_and_the_agent_tells() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            510.04 agent A1 connected
            600    ended callback Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 A1 observed
            dialing         502.000   510.040 Q1 A1 observed
            talking         510.040   600.000 Q1 A1 observed
            offer A1 answered    at 500.000 answered 502.000 customer 510.040 released 600.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 98.000
        "#]],
    );
}

#[test]
fn the_second_connected_comes_soon_after_the_agents() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            510    agent A1 connected
            510.9  connected Q1 callback
            600    ended callback Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 A1 observed
            dialing         502.000   510.900 Q1 A1 observed
            talking         510.900   600.000 Q1 A1 observed
            offer A1 answered    at 500.000 answered 502.000 customer 510.900 released 600.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 98.000
        "#]],
    );
}

#[test]
fn the_agents_own_leg_is_not_the_customers() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            502.999 agent A1 connected
            520    ended callback System NO_ANSWER_FROM_CUSTOMER
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 A1 observed
            dialing         502.000   520.000 Q1 A1 observed
            offer A1 answered    at 500.000 answered 502.000 customer - released 520.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            callback_failed, callback failed, 0 false ends; naive handled, wait 490.000 talk 18.000
        "#]],
    );
}

#[test]
fn a_customer_who_left_from_dialing_was_there() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            talking         502.000   600.000 Q1 -  inferred
            offer -  answered    at 500.000 answered 502.000 customer 502.000 released 600.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 98.000
        "#]],
    );
}

#[test]
fn a_transfer_after_a_completed_callback() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            510    connected Q1 callback
            600    parked Q2 callback
            620    connect Q2 callback
            636    parked Q2 callback
            636    ended callback System RONA_Timer_Expired
            650    connect Q2 callback
            655    connected Q2 callback
            700    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            queued          600.000   620.000 Q2 -  observed
            offered         620.000   636.000 Q2 -  observed
            queued          636.000   650.000 Q2 -  observed
            offered         650.000   655.000 Q2 -  observed
            talking         655.000   700.000 Q2 -  observed
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 600.000 wrapup -
            offer -  no_answer   at 620.000 answered - customer - released 636.000 wrapup -
            offer -  answered    at 650.000 answered 655.000 customer 655.000 released 700.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            false_end at 636.000: said ended: RONA_Timer_Expired, is queued
            handled, callback completed, 1 false ends; naive handled, wait 490.000 talk 134.000
        "#]],
    );
}

#[test]
fn a_callback_given_up() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            516    parked Q1 callback
            516    ended callback System RONA_Timer_Expired
            900    ended callback System MAX_CALLBACK_RETRY_LIMIT_REACHED
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   516.000 Q1 -  observed
            callback_wait   516.000   900.000 Q1 -  observed
            offer -  no_answer   at 500.000 answered - customer - released 516.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            false_end at 516.000: said ended: RONA_Timer_Expired, is callback_wait
            callback_failed, callback failed, 1 false ends; naive failed, wait 490.000 talk -
        "#]],
    );
}

#[test]
fn a_signal_splits_the_wait() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            61     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            510    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 600.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 98.000
        "#]],
    );
}

#[test]
fn a_reconciled_request_splits_the_wait() {
    check(
        "
            0      new
            10     parked Q1
            60     signal reconciled
            500    connect Q1 callback
            502    connected Q1 callback
            510    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  reconciled
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 600.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 98.000
        "#]],
    );
}

#[test]
fn a_signal_before_the_park() {
    check(
        "
            0      new
            9      signal Q1
            10     parked Q1
            500    ended System Queue_Timeout
        ",
        expect![[r#"
            self_service      0.000     9.000 -  -  observed
            callback_wait     9.000   500.000 Q1 -  observed
            callback_wait at 9.000: said self_service, is callback_wait
            callback_failed, callback failed, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}

#[test]
fn a_signal_while_an_offer_rings() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            25     signal Q1
            36     parked Q1
            500    ended System Queue_Timeout
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    36.000 Q1 -  observed
            callback_wait    36.000   500.000 Q1 -  observed
            offer -  no_answer   at 20.000 answered - customer - released 36.000 wrapup -
            callback_failed, callback failed, 0 false ends; naive failed, wait 10.000 talk -
        "#]],
    );
}

#[test]
fn a_signal_without_a_task_or_after_its_end() {
    check(
        "
            0      signal Q1
        ",
        expect![[r#"
            no task
        "#]],
    );
}

#[test]
fn a_signal_after_talk_or_the_end_is_harmless() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            10     signal Q1
            20     ended Customer Customer_Left
            30     signal Q1
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    20.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 20.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 18.000
        "#]],
    );
}

// Agents

#[test]
fn the_agent_leaves_half_a_second_before_the_customer() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            2.02   agent A1 connected
            29.5   agent A1 wrapup
            30     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 A1 observed
            talking           2.000    30.000 Q1 A1 observed
            offer A1 answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 28.000
        "#]],
    );
}

#[test]
fn the_agent_leaves_a_minute_before_the_customer() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            2.02   agent A1 connected
            30     agent A1 wrapup
            90     ended Customer Customer_Left
            95     agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 A1 observed
            talking           2.000    30.000 Q1 A1 observed
            self_service     30.000    90.000 -  -  observed
            offer A1 answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup 65.000
            post_call at 30.000: said talking, is self_service
            handled, callback none, 0 false ends; naive handled, wait - talk 88.000
        "#]],
    );
}

#[test]
fn an_agent_who_was_not_alone_may_leave() {
    check(
        "
            0      new
            1      connect Q1
            1.02   agent A1 ringing
            2      connected Q1
            2.02   agent A1 connected
            10     consulting
            12     agent A2 connected
            20     consult-done
            20.02  agent A2 wrapup
            60     agent A1 wrapup
            90     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 A1 observed
            talking           2.000    10.000 Q1 A1 observed
            consulting       10.000    20.000 Q1 A1 observed
            talking          20.000    60.000 Q1 A1 observed
            self_service     60.000    90.000 -  -  observed
            offer A1 answered    at 1.000 answered 2.000 customer 2.000 released 60.000 wrapup -
            post_call at 60.000: said talking, is self_service
            handled, callback none, 0 false ends; naive handled, wait - talk 88.000
        "#]],
    );
}

#[test]
fn an_agent_leaves_and_no_end_is_known() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     agent A1 wrapup
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            self_service     30.000         - -  -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            post_call at 30.000: said talking, is self_service
            open, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

#[test]
fn agents_are_named_by_events_on_either_side() {
    check(
        "
            0      new
            10     parked Q1
            19.97  agent A1 ringing
            20     connect Q1
            36     parked Q1
            50     connect Q1
            66     parked Q1
            66.03  agent A2 not-responding
            80     connect Q1
            83     connected Q1
            83.04  agent A3 connected
            90     connect Q1
            95     agent A4 ringing
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    36.000 Q1 A1 observed
            queued           36.000    50.000 Q1 -  observed
            offered          50.000    66.000 Q1 A2 observed
            queued           66.000    80.000 Q1 -  observed
            offered          80.000    83.000 Q1 A3 observed
            talking          83.000    90.000 Q1 A3 observed
            offered          90.000         - Q1 -  observed
            offer A1 no_answer   at 20.000 answered - customer - released 36.000 wrapup -
            offer A2 no_answer   at 50.000 answered - customer - released 66.000 wrapup -
            offer A3 answered    at 80.000 answered 83.000 customer 83.000 released 90.000 wrapup -
            offer -  open        at 90.000 answered - customer - released - wrapup -
            open, callback none, 0 false ends; naive open, wait 10.000 talk -
        "#]],
    );
}

#[test]
fn events_of_many_types_in_one_millisecond() {
    check(
        "
            10     ended Customer Customer_Left
            10     connected Q1
            10     connect Q1
            10     parked Q1
            10     new
            10     agent A1 connected
            10     capture
        ",
        expect![[r#"
            offer A1 answered    at 10.000 answered 10.000 customer 10.000 released 10.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 0.000 talk 0.000
        "#]],
    );
}

// Missing events

#[test]
fn no_new() {
    check(
        "
            10     parked Q1
            20     connect Q1
            25     connected Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    25.000 Q1 -  observed
            talking          25.000    60.000 Q1 -  observed
            offer -  answered    at 20.000 answered 25.000 customer 25.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 35.000
        "#]],
    );
}

#[test]
fn no_park_before_connect() {
    check(
        "
            0      new
            20     connect Q1
            25     connected Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            offered          20.000    25.000 Q1 -  observed
            talking          25.000    60.000 Q1 -  observed
            offer -  answered    at 20.000 answered 25.000 customer 25.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 35.000
        "#]],
    );
}

#[test]
fn no_connect_before_connected() {
    check(
        "
            0      new
            10     parked Q1
            25     connected Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    25.000 Q1 -  observed
            talking          25.000    60.000 Q1 -  observed
            handled, callback none, 0 false ends; naive handled, wait - talk 35.000
        "#]],
    );
}

#[test]
fn no_connected_before_hold() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            30     on-hold
            40     hold-done
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    30.000 Q1 -  observed
            on_hold          30.000    40.000 Q1 -  observed
            talking          40.000    60.000 Q1 -  observed
            offer -  answered    at 20.000 answered 30.000 customer 30.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive abandoned, wait 10.000 talk -
        "#]],
    );
}

#[test]
fn no_hold_before_hold_done() {
    check(
        "
            0      new
            20     connect Q1
            25     connected Q1
            40     hold-done
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            offered          20.000    25.000 Q1 -  observed
            talking          25.000    60.000 Q1 -  observed
            offer -  answered    at 20.000 answered 25.000 customer 25.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 35.000
        "#]],
    );
}

#[test]
fn two_connects_in_a_row() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            50     connect Q1
            55     connected Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    50.000 Q1 -  observed
            offered          50.000    55.000 Q1 -  observed
            talking          55.000    60.000 Q1 -  observed
            offer -  no_answer   at 20.000 answered - customer - released 50.000 wrapup -
            offer -  answered    at 50.000 answered 55.000 customer 55.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 5.000
        "#]],
    );
}

#[test]
fn no_connect_of_a_callback() {
    check(
        "
            0      new
            10     parked Q1
            60     signal
            502    connected Q1 callback
            510    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait - talk 98.000
        "#]],
    );
}

#[test]
fn only_an_end() {
    check(
        "
            0      ended Customer Customer_Left
        ",
        expect![[r#"
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

#[test]
fn only_a_closing_bracket() {
    check(
        "
            0      hold-done
        ",
        expect![[r#"
            self_service      0.000         - -  -  observed
            open, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

// Outcomes

#[test]
fn abandoned_in_self_service() {
    check(
        "
            0      new
            10     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

#[test]
fn abandoned_while_ringing() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            25     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    25.000 Q1 -  observed
            offer -  withdrawn   at 20.000 answered - customer - released 25.000 wrapup -
            abandoned, callback none, 0 false ends; naive abandoned, wait 10.000 talk -
        "#]],
    );
}

#[test]
fn ended_by_the_system_in_the_queue() {
    check(
        "
            0      new
            10     parked Q1
            600    ended System Queue_Timeout
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000   600.000 Q1 -  observed
            failed, callback none, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}
