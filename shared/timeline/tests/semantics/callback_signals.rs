//! Callbacks that the flow signals, or the Search API reports (T8).

use expect_test::expect;

use crate::script::check;

/// T8, L2.
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

/// T8.
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

/// T8.
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
            callback_failed, callback failed, 0 false ends; naive failed, wait 490.000 talk -
        "#]],
    );
}

/// T8.
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

/// T8.
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

/// T8, T20.
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
