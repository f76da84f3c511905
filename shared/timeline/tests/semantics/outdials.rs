//! Calls that the contact centre makes: outdials and campaigns (T30, T14, R3).

use expect_test::expect;

use crate::script::check;

/// T30, A2, R3.
#[test]
fn the_customer_does_not_answer_and_the_agent_wraps_up() {
    check(
        "
            0      new outdial
            1      connect outdial
            1.02   agent A1 ringing
            21     ended outdial Customer CUSTOMER_BUSY
            21.04  agent A1 wrapup
            51.04  agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000    21.000 -  A1 observed
            offer A1 withdrawn   at 1.000 answered - customer - released 21.000 wrapup 30.000
            not_reached, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

/// A2.
#[test]
fn the_agent_of_an_outdial_was_never_named() {
    check(
        "
            0      new outdial
            1      connect outdial
            21     ended outdial Agent AGENT_ENDS
            21.04  agent A1 wrapup
            51.04  agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000    21.000 -  -  observed
            offer -  withdrawn   at 1.000 answered - customer - released 21.000 wrapup 30.000
            not_reached, callback none, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}

/// T30, T3, P1.
#[test]
fn a_campaign_waits_for_an_agent() {
    check(
        "
            0      new campaign
            1      parked Q1 campaign
            31     connect Q1 campaign
            36     connected Q1 campaign
            60     parked Q2 campaign
            70     connect Q2 campaign
            75     connected Q2 campaign
            99     ended campaign Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            outbound_queued     1.000    31.000 Q1 -  observed
            offered          31.000    36.000 Q1 -  observed
            talking          36.000    60.000 Q1 -  observed
            queued           60.000    70.000 Q2 -  observed
            offered          70.000    75.000 Q2 -  observed
            talking          75.000    99.000 Q2 -  observed
            offer -  answered    at 31.000 answered 36.000 customer 36.000 released 60.000 wrapup -
            offer -  answered    at 70.000 answered 75.000 customer 75.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 30.000 talk 63.000
        "#]],
    );
}

/// T13, T14, R3.
#[test]
fn a_parked_campaign_goes_back_to_its_queue() {
    check(
        "
            0      new campaign
            1      parked Q1 campaign
            31     connect Q1 campaign
            47     ended campaign System RONA_TIMER_EXPIRED
            60     ended campaign Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            outbound_queued     1.000    31.000 Q1 -  observed
            offered          31.000    47.000 Q1 -  observed
            outbound_queued    47.000    60.000 Q1 -  observed
            offer -  no_answer   at 31.000 answered - customer - released 47.000 wrapup -
            false_end at 47.000: said ended: RONA_TIMER_EXPIRED, is outbound_queued
            not_reached, callback none, 1 false ends; naive failed, wait 30.000 talk -
        "#]],
    );
}

/// T14, R3.
#[test]
fn an_outdial_without_a_queue_ends_with_the_agent() {
    check(
        "
            0      new outdial
            1      connect outdial
            17     ended outdial System RONA_TIMER_EXPIRED
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000    17.000 -  -  observed
            offer -  no_answer   at 1.000 answered - customer - released 17.000 wrapup -
            not_reached, callback none, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}

/// T30.
#[test]
fn a_later_outbound_event_does_not_make_an_outdial() {
    check(
        "
            0      new
            1      parked Q1
            31     connect Q1 outdial
            36     parked Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            queued            1.000    31.000 Q1 -  observed
            offered          31.000    36.000 Q1 -  observed
            queued           36.000    60.000 Q1 -  observed
            offer -  no_answer   at 31.000 answered - customer - released 36.000 wrapup -
            abandoned, callback none, 0 false ends; naive abandoned, wait 30.000 talk -
        "#]],
    );
}

/// T30.
#[test]
fn the_first_event_that_names_a_direction_decides() {
    check(
        "
            0      new undirected
            1      parked Q1 campaign
            60     ended campaign System Queue_Timeout
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            outbound_queued     1.000    60.000 Q1 -  observed
            not_reached, callback none, 0 false ends; naive failed, wait 59.000 talk -
        "#]],
    );
}

/// T30, T8.
#[test]
fn a_signal_on_an_outdial_is_wrong() {
    check(
        "
            0      new campaign
            1      parked Q1 campaign
            20     signal Q1
            31     connect Q1 campaign
            32     signal Q1
            36     connected Q1 campaign
            60     ended campaign Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            outbound_queued     1.000    31.000 Q1 -  observed
            offered          31.000    36.000 Q1 -  observed
            talking          36.000    60.000 Q1 -  observed
            offer -  answered    at 31.000 answered 36.000 customer 36.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 30.000 talk 24.000
        "#]],
    );
}

/// T30, T7.
#[test]
fn after_talk_the_customer_of_an_outdial_can_be_called_back() {
    check(
        "
            0      new outdial
            1      connect outdial
            5      connected outdial
            60     parked Q1 outdial
            300    connect Q1 callback
            302    connected Q1 callback
            310    connected Q1 callback
            400    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     5.000 -  -  observed
            talking           5.000    60.000 -  -  observed
            callback_wait    60.000   300.000 Q1 -  inferred
            offered         300.000   302.000 Q1 -  observed
            dialing         302.000   310.000 Q1 -  observed
            talking         310.000   400.000 Q1 -  observed
            offer -  answered    at 1.000 answered 5.000 customer 5.000 released 60.000 wrapup -
            offer -  answered    at 300.000 answered 302.000 customer 310.000 released 400.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 302.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 240.000 talk 395.000
        "#]],
    );
}
