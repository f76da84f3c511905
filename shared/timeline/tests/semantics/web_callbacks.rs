//! Callbacks that are tasks of their own: asked for on the web, or scheduled (T30).

use expect_test::expect;

use crate::script::check;

/// T30, T6, L2, C1.
#[test]
fn a_web_callback_that_succeeds() {
    check(
        "
            0      new web
            2      parked Q1 web
            422    connect Q1 web
            422.04 agent A1 ringing
            428    connected Q1 web
            442    connected Q1 web
            742    ended web Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     2.000 -  -  observed
            callback_wait     2.000   422.000 Q1 -  observed
            offered         422.000   428.000 Q1 A1 observed
            dialing         428.000   442.000 Q1 A1 observed
            talking         442.000   742.000 Q1 A1 observed
            offer A1 answered    at 422.000 answered 428.000 customer 442.000 released 742.000 wrapup -
            callback_wait at 2.000: said queued, is callback_wait
            agent_leg at 428.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 420.000 talk 314.000
        "#]],
    );
}

/// T30, R2.
#[test]
fn the_customer_does_not_answer() {
    check(
        "
            0      new web
            2      parked Q1 web
            602    connect Q1 web
            606    connected Q1 web
            636    ended web Customer NO_ANSWER_CUSTOMER
        ",
        expect![[r#"
            self_service      0.000     2.000 -  -  observed
            callback_wait     2.000   602.000 Q1 -  observed
            offered         602.000   606.000 Q1 -  observed
            dialing         606.000   636.000 Q1 -  observed
            offer -  answered    at 602.000 answered 606.000 customer - released 636.000 wrapup -
            callback_wait at 2.000: said queued, is callback_wait
            agent_leg at 606.000: said talking, is dialing
            callback_failed, callback failed, 0 false ends; naive handled, wait 600.000 talk 30.000
        "#]],
    );
}

/// T30, R2.
#[test]
fn nobody_ever_calls() {
    check(
        "
            0      new web
            2      parked Q1 web
            3602   ended web System Queue_Timeout
        ",
        expect![[r#"
            self_service      0.000     2.000 -  -  observed
            callback_wait     2.000  3602.000 Q1 -  observed
            callback_wait at 2.000: said queued, is callback_wait
            callback_failed, callback failed, 0 false ends; naive failed, wait 3600.000 talk -
        "#]],
    );
}

/// T30, C1.
#[test]
fn a_transfer_after_the_talk_waits_on_the_line() {
    check(
        "
            0      new web
            2      parked Q1 web
            10     connect Q1 web
            12     connected Q1 web
            20     connected Q1 web
            60     parked Q2 web
            70     connect Q2 web
            75     connected Q2 web
            99     ended web Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     2.000 -  -  observed
            callback_wait     2.000    10.000 Q1 -  observed
            offered          10.000    12.000 Q1 -  observed
            dialing          12.000    20.000 Q1 -  observed
            talking          20.000    60.000 Q1 -  observed
            queued           60.000    70.000 Q2 -  observed
            offered          70.000    75.000 Q2 -  observed
            talking          75.000    99.000 Q2 -  observed
            offer -  answered    at 10.000 answered 12.000 customer 20.000 released 60.000 wrapup -
            offer -  answered    at 70.000 answered 75.000 customer 75.000 released 99.000 wrapup -
            callback_wait at 2.000: said queued, is callback_wait
            agent_leg at 12.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 8.000 talk 87.000
        "#]],
    );
}

/// T30.
#[test]
fn an_inbound_offer_does_not_withdraw_it() {
    check(
        "
            0      new web
            2      parked Q1 web
            10     connect Q1
            12     connected Q1
            20     connected Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     2.000 -  -  observed
            callback_wait     2.000    10.000 Q1 -  observed
            offered          10.000    12.000 Q1 -  observed
            dialing          12.000    20.000 Q1 -  observed
            talking          20.000    60.000 Q1 -  observed
            offer -  answered    at 10.000 answered 12.000 customer 20.000 released 60.000 wrapup -
            callback_wait at 2.000: said queued, is callback_wait
            agent_leg at 12.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 8.000 talk 48.000
        "#]],
    );
}

/// T30, T8.
#[test]
fn of_a_chat_nothing_is_a_callback() {
    check(
        "
            0      signal Q1
            1      new chat
            2      parked Q1 chat
            30     signal Q1
            40     connect Q1 chat callback
            45     connected Q1 chat
            60     ended chat Customer Customer_Left
        ",
        expect![[r#"
            self_service      1.000     2.000 -  -  observed
            queued            2.000    40.000 Q1 -  observed
            offered          40.000    45.000 Q1 -  observed
            talking          45.000    60.000 Q1 -  observed
            offer -  answered    at 40.000 answered 45.000 customer 45.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 38.000 talk 15.000
        "#]],
    );
}
