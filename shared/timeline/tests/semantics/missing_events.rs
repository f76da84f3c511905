//! Events that were lost: the rest still makes sense.

use expect_test::expect;

use crate::script::check;

/// T1.
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

/// T4, N2.
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

/// T5.
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
            handled, callback none, 0 false ends; naive handled, wait 50.000 talk 35.000
        "#]],
    );
}

/// T10, O2.
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

/// T11.
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

/// T6, T8.
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
            handled, callback completed, 0 false ends; naive handled, wait 590.000 talk 98.000
        "#]],
    );
}

/// T1, T15.
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

/// T1, T11.
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

/// N2.
#[test]
fn who_hung_up_in_the_queue_did_wait() {
    check(
        "
            0      new
            10     parked Q1
            40     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    40.000 Q1 -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait 30.000 talk -
        "#]],
    );
}

/// N2.
#[test]
fn a_connect_before_the_park_ends_no_wait() {
    check(
        "
            0      new
            5      connect Q1
            5.02   parked Q1
            30     connected Q1
            40     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     5.000 -  -  observed
            offered           5.000     5.020 Q1 -  observed
            queued            5.020    30.000 Q1 -  observed
            talking          30.000    40.000 Q1 -  observed
            offer -  no_answer   at 5.000 answered - customer - released 5.020 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 34.980 talk 10.000
        "#]],
    );
}
