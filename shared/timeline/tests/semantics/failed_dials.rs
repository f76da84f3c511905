//! Dials of the customer that failed, as the flow says (T27).

use expect_test::expect;

use crate::script::check;

/// T27.
#[test]
fn a_dial_fails_and_the_next_one_succeeds() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    dial-failed
            900    connect Q1 callback
            902    connected Q1 callback
            910    connected Q1 callback
            950    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   530.000 Q1 -  observed
            callback_wait   530.000   900.000 Q1 -  observed
            offered         900.000   902.000 Q1 -  observed
            dialing         902.000   910.000 Q1 -  observed
            talking         910.000   950.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 530.000 wrapup -
            offer -  answered    at 900.000 answered 902.000 customer 910.000 released 950.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            agent_leg at 902.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 448.000
        "#]],
    );
}

/// T27.
#[test]
fn the_signal_was_wrong() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            508    dial-failed
            510    connected Q1 callback
            950    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   950.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 950.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 448.000
        "#]],
    );
}

/// T27.
#[test]
fn a_webhook_within_a_second_says_what_happened() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    dial-failed
            530.4  ended callback System NO_ANSWER_CUSTOMER
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   530.400 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 530.400 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            callback_failed, callback failed, 0 false ends; naive handled, wait 490.000 talk 28.400
        "#]],
    );
}

/// T27, L6, R2, C1.
#[test]
fn the_last_dial_failed_and_no_webhook_says_so() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    dial-failed final
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   530.000 Q1 -  inferred
            offer -  answered    at 500.000 answered 502.000 customer - released 530.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            end_inferred at 530.000: said open, is ended
            callback_failed, callback failed, 0 false ends; naive open, wait 490.000 talk -
        "#]],
    );
}

/// T27, L6.
#[test]
fn the_flow_gives_up_while_the_customer_waits() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            530    dial-failed final
            531    ended System RONA_TIMER_EXPIRED
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   530.000 Q1 -  inferred
            callback_wait at 60.000: said queued, is callback_wait
            end_inferred at 530.000: said open, is ended
            callback_failed, callback failed, 0 false ends; naive failed, wait 521.000 talk -
        "#]],
    );
}

/// T27.
#[test]
fn a_webhook_says_better_when_it_ended() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            530    dial-failed final
            535    ended callback System MAX_CALLBACK_RETRY_LIMIT_REACHED
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   535.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer - released 535.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            callback_failed, callback failed, 0 false ends; naive handled, wait 490.000 talk 33.000
        "#]],
    );
}

/// T27.
#[test]
fn the_flow_gave_up_too_early() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            508    dial-failed final
            510    connected Q1 callback
            950    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   950.000 Q1 -  observed
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 950.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 448.000
        "#]],
    );
}

/// T27, T20.
#[test]
fn early_late_and_twice_it_is_harmless() {
    check(
        "
            0      dial-failed final
            1      new
            2      dial-failed
            10     parked Q1
            12     dial-failed final
            15     connect Q1
            16     dial-failed final
            20     connected Q1
            30     dial-failed final
            50     ended Customer Customer_Left
            51     dial-failed final
        ",
        expect![[r#"
            self_service      1.000    10.000 -  -  observed
            queued           10.000    15.000 Q1 -  observed
            offered          15.000    20.000 Q1 -  observed
            talking          20.000    50.000 Q1 -  observed
            offer -  answered    at 15.000 answered 20.000 customer 20.000 released 50.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 5.000 talk 30.000
        "#]],
    );
}

/// T27, A4.
#[test]
fn a_dial_failed_but_the_agent_was_connected_after_that() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            502    connected Q1 callback
            508    dial-failed
            510    agent A1 connected
            950    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   502.000 Q1 A1 observed
            dialing         502.000   510.000 Q1 A1 observed
            talking         510.000   950.000 Q1 A1 observed
            offer A1 answered    at 500.000 answered 502.000 customer 510.000 released 950.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 490.000 talk 448.000
        "#]],
    );
}
