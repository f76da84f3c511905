//! Start, queue, offers and talk (section T).

use expect_test::expect;

use crate::script::check;

/// T1, T3, T4, T5, P1, R1, N2, N3.
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

/// T1, A4.
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

/// T1, T24.
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

/// P1, R7, N4.
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

/// T3, O3.
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

/// T2.
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
            abandoned, callback none, 0 false ends; naive abandoned, wait 10.000 talk -
        "#]],
    );
}

/// T2.
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
            abandoned, callback none, 0 false ends; naive abandoned, wait 30.000 talk -
        "#]],
    );
}

/// T12, T23.
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

/// T3, O6, A2.
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
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 97.000
        "#]],
    );
}

/// T24.
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

/// I4, P2.
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
