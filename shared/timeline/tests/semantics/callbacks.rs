//! Callbacks: how they are learnt of, dialled and completed (T6 to T9, T16, section C).

use expect_test::expect;

use crate::script::check;

/// T6, T7, C1, L2, L3.
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

/// T7.
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

/// T7.
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
            callback_wait    10.000   600.000 Q1 -  inferred
            offered         600.000   602.000 Q1 -  observed
            dialing         602.000   610.000 Q1 -  observed
            talking         610.000   700.000 Q1 -  observed
            offer -  answered    at 600.000 answered 602.000 customer 610.000 released 700.000 wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            false_end at 516.000: said ended: RONA_Timer_Expired, is callback_wait
            agent_leg at 602.000: said talking, is dialing
            handled, callback completed, 1 false ends; naive failed, wait 506.000 talk -
        "#]],
    );
}

/// T15, C1, R2.
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

/// T18.
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

/// T13, O4.
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

/// O3, O4.
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

/// T9.
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

/// T9.
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

/// T9.
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

/// T16.
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

/// T7, C1.
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

/// T15, R2.
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

/// T7.
#[test]
fn an_answer_reveals_a_callback_whose_connect_was_lost() {
    check(
        "
            0      new
            10     parked Q1
            502    connected Q1 callback
            510    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   502.000 Q1 -  inferred
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            callback_wait at 10.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 590.000 talk 98.000
        "#]],
    );
}
