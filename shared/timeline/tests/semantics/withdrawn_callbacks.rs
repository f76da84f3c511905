//! Callbacks that were asked for and then withdrawn by a live offer (T28).

use expect_test::expect;

use crate::script::check;

/// T28, L10, C1.
#[test]
fn an_agent_is_free_while_the_prompt_plays() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1
            66     connected Q1
            366    ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    66.000 Q1 -  observed
            talking          66.000   366.000 Q1 -  observed
            offer -  answered    at 63.000 answered 66.000 customer 66.000 released 366.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            handled, callback none, 0 false ends; naive handled, wait 53.000 talk 300.000
        "#]],
    );
}

/// T28, L10.
#[test]
fn the_connect_was_lost() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            66     connected Q1
            366    ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    66.000 Q1 -  observed
            talking          66.000   366.000 Q1 -  observed
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            handled, callback none, 0 false ends; naive handled, wait 356.000 talk 300.000
        "#]],
    );
}

/// T28.
#[test]
fn the_connect_names_no_direction_and_the_answer_does() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1 undirected
            66     connected Q1
            366    ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    66.000 Q1 -  observed
            talking          66.000   366.000 Q1 -  observed
            offer -  answered    at 63.000 answered 66.000 customer 66.000 released 366.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            handled, callback none, 0 false ends; naive handled, wait 53.000 talk 300.000
        "#]],
    );
}

/// T28.
#[test]
fn no_direction_withdraws_nothing() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1 undirected
            66     connected Q1 undirected
            74     connected Q1 undirected
            366    ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000    63.000 Q1 -  observed
            offered          63.000    66.000 Q1 -  observed
            dialing          66.000    74.000 Q1 -  observed
            talking          74.000   366.000 Q1 -  observed
            offer -  answered    at 63.000 answered 66.000 customer 74.000 released 366.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            agent_leg at 66.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 53.000 talk 300.000
        "#]],
    );
}

/// T28.
#[test]
fn the_signal_comes_while_the_live_offer_rings() {
    check(
        "
            0      new
            10     parked Q1
            50     connect Q1
            52     signal Q1
            55     connected Q1
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    50.000 Q1 -  observed
            offered          50.000    55.000 Q1 -  observed
            talking          55.000    99.000 Q1 -  observed
            offer -  answered    at 50.000 answered 55.000 customer 55.000 released 99.000 wrapup -
            callback_withdrawn at 52.000: said callback_wait, is queued
            handled, callback none, 0 false ends; naive handled, wait 40.000 talk 44.000
        "#]],
    );
}

/// T28, P2.
#[test]
fn the_callback_was_registered_in_another_queue() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            61     parked Q2
            70     connect Q2
            75     connected Q2
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    61.000 Q1 -  observed
            queued           61.000    70.000 Q2 -  observed
            offered          70.000    75.000 Q2 -  observed
            talking          75.000    99.000 Q2 -  observed
            offer -  answered    at 70.000 answered 75.000 customer 75.000 released 99.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            handled, callback none, 0 false ends; naive handled, wait 60.000 talk 24.000
        "#]],
    );
}

/// T28, L2.
#[test]
fn the_live_offer_is_not_answered_and_the_callback_stands_again() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1
            79     parked Q1
            79     ended System RONA_TIMER_EXPIRED
            500    connect Q1 callback
            502    connected Q1 callback
            510    connected Q1 callback
            600    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    79.000 Q1 -  observed
            callback_wait    79.000   500.000 Q1 -  inferred
            offered         500.000   502.000 Q1 -  observed
            dialing         502.000   510.000 Q1 -  observed
            talking         510.000   600.000 Q1 -  observed
            offer -  no_answer   at 63.000 answered - customer - released 79.000 wrapup -
            offer -  answered    at 500.000 answered 502.000 customer 510.000 released 600.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            false_end at 79.000: said ended: RONA_TIMER_EXPIRED, is callback_wait
            callback_wait at 79.000: said queued, is callback_wait
            agent_leg at 502.000: said talking, is dialing
            handled, callback completed, 1 false ends; naive failed, wait 53.000 talk -
        "#]],
    );
}

/// T28.
#[test]
fn the_callback_stands_again_and_is_withdrawn_again() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1
            79     ended System RONA_TIMER_EXPIRED
            90     connect Q1
            95     connected Q1
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    79.000 Q1 -  observed
            queued           79.000    90.000 Q1 -  observed
            offered          90.000    95.000 Q1 -  observed
            talking          95.000    99.000 Q1 -  observed
            offer -  no_answer   at 63.000 answered - customer - released 79.000 wrapup -
            offer -  answered    at 90.000 answered 95.000 customer 95.000 released 99.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            false_end at 79.000: said ended: RONA_TIMER_EXPIRED, is callback_wait
            callback_wait at 79.000: said queued, is callback_wait
            callback_withdrawn at 79.000: said callback_wait, is queued
            handled, callback none, 1 false ends; naive failed, wait 53.000 talk -
        "#]],
    );
}

/// T28.
#[test]
fn a_second_live_offer_follows_at_once() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1
            79     connect Q1
            85     connected Q1
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    79.000 Q1 -  observed
            offered          79.000    85.000 Q1 -  observed
            talking          85.000    99.000 Q1 -  observed
            offer -  no_answer   at 63.000 answered - customer - released 79.000 wrapup -
            offer -  answered    at 79.000 answered 85.000 customer 85.000 released 99.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            handled, callback none, 0 false ends; naive handled, wait 53.000 talk 14.000
        "#]],
    );
}

/// T28, R2.
#[test]
fn the_customer_hangs_up_while_the_live_offer_rings() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1
            70     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    70.000 Q1 -  observed
            offer -  withdrawn   at 63.000 answered - customer - released 70.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            callback_failed, callback failed, 0 false ends; naive abandoned, wait 53.000 talk -
        "#]],
    );
}

/// T28.
#[test]
fn a_callback_that_was_dialled_is_not_withdrawn() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            500    connect Q1 callback
            516    parked Q1 callback
            516    ended System RONA_TIMER_EXPIRED
            600    connect Q1
            605    connected Q1
            613    connected Q1
            700    ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    60.000 Q1 -  observed
            callback_wait    60.000   500.000 Q1 -  observed
            offered         500.000   516.000 Q1 -  observed
            callback_wait   516.000   600.000 Q1 -  observed
            offered         600.000   605.000 Q1 -  observed
            dialing         605.000   613.000 Q1 -  observed
            talking         613.000   700.000 Q1 -  observed
            offer -  no_answer   at 500.000 answered - customer - released 516.000 wrapup -
            offer -  answered    at 600.000 answered 605.000 customer 613.000 released 700.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            false_end at 516.000: said ended: RONA_TIMER_EXPIRED, is callback_wait
            agent_leg at 605.000: said talking, is dialing
            handled, callback completed, 1 false ends; naive failed, wait 490.000 talk -
        "#]],
    );
}

/// T28, C1.
#[test]
fn after_live_talk_a_callback_can_be_revealed_anew() {
    check(
        "
            0      new
            10     parked Q1
            60     signal Q1
            63     connect Q1
            66     connected Q1
            90     parked Q2
            300    connect Q2 callback
            302    connected Q2 callback
            310    connected Q2 callback
            400    ended callback Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    63.000 Q1 -  observed
            offered          63.000    66.000 Q1 -  observed
            talking          66.000    90.000 Q1 -  observed
            callback_wait    90.000   300.000 Q2 -  inferred
            offered         300.000   302.000 Q2 -  observed
            dialing         302.000   310.000 Q2 -  observed
            talking         310.000   400.000 Q2 -  observed
            offer -  answered    at 63.000 answered 66.000 customer 66.000 released 90.000 wrapup -
            offer -  answered    at 300.000 answered 302.000 customer 310.000 released 400.000 wrapup -
            callback_wait at 60.000: said queued, is callback_wait
            callback_withdrawn at 60.000: said callback_wait, is queued
            callback_wait at 90.000: said queued, is callback_wait
            agent_leg at 302.000: said talking, is dialing
            handled, callback completed, 0 false ends; naive handled, wait 53.000 talk 334.000
        "#]],
    );
}
