//! Ends that are none, ends that are, and life after an end (T13 to T20).

use expect_test::expect;

use crate::script::check;

/// T13, O4, L1.
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

/// T13, O4.
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

/// T13, A1.
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

/// T13.
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

/// T14.
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

/// T14.
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

/// T14, O5, R3.
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

/// T15, T18, L5.
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
            handled, callback none, 1 false ends; naive failed, wait 30.000 talk -
        "#]],
    );
}

/// T18.
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
            open, callback none, 4 false ends; naive failed, wait 10.000 talk -
        "#]],
    );
}

/// T11, T20.
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

/// T19.
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
            handled, callback none, 0 false ends; naive handled, wait 0.950 talk 28.000
        "#]],
    );
}

/// T18, T19.
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
            handled, callback none, 1 false ends; naive handled, wait 8.999 talk 28.000
        "#]],
    );
}

/// T17.
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

/// T17.
#[test]
fn of_two_ends_the_last_one_says_why() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    ended callback Customer NO_ANSWER_CUSTOMER
            531    ended callback System MAX_CALLBACK_RETRY_LIMIT_REACHED
            540    ended callback Customer Customer_Left
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

/// T17.
#[test]
fn an_agent_side_reason_after_an_end_says_nothing() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            25     ended Customer Customer_Left
            25.5   ended System RONA_TIMER_EXPIRED
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

/// T14.
#[test]
fn the_number_of_a_callback_cannot_be_dialled() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            502    connected Q1 callback
            504    ended callback System INVALID_NUMBER
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   504.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 504.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            callback_failed, callback failed, 0 false ends; naive handled, wait 490.000 talk 2.000
        "#]],
    );
}

/// T13, O4.
#[test]
fn the_number_of_an_agent_cannot_be_dialled() {
    check(
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
            504    ended callback System INVALID_NUMBER
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offered         500.000   504.000 Q1 -  observed
            callback_wait   504.000         - Q1 -  observed
            offer -  unreachable at 500.000 answered - customer - released 504.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            false_end at 504.000: said ended: INVALID_NUMBER, is callback_wait
            open, callback pending, 1 false ends; naive failed, wait 490.000 talk -
        "#]],
    );
}

/// R5, R6.
#[test]
fn a_customer_who_was_not_reached_has_left_nothing() {
    check(
        "
            0      new
            10     parked Q1
            20     ended Customer CUSTOMER_UNAVAILABLE
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            failed, callback none, 0 false ends; naive abandoned, wait 10.000 talk -
        "#]],
    );
}
