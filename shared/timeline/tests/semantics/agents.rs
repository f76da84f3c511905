//! What agent events tell (section A, T22, T23).

use expect_test::expect;

use crate::script::check;

/// T22.
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

/// T22, A2, L4.
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

/// T23, A3.
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

/// T22.
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

/// A1.
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

/// T23, A5.
#[test]
fn the_second_agent_of_a_warm_transfer_comes_just_before() {
    check(
        "
            0      new
            1      connect Q1
            1.1    agent A1 ringing
            3      connected Q1
            3.1    agent A1 connected
            59.96  agent A2 connected
            60     agent A1 wrapup
            70     agent A1 wrapup-done
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     3.000 Q1 A1 observed
            talking           3.000    99.000 Q1 A1 observed
            offer A1 answered    at 1.000 answered 3.000 customer 3.000 released 99.000 wrapup 10.000
            handled, callback none, 0 false ends; naive handled, wait - talk 96.000
        "#]],
    );
}

/// T23, A5.
#[test]
fn the_second_agent_of_a_warm_transfer_comes_just_after() {
    check(
        "
            0      new
            1      connect Q1
            1.1    agent A1 ringing
            3      connected Q1
            3.1    agent A1 connected
            60     agent A1 wrapup
            60.04  agent A2 connected
            70     agent A1 wrapup-done
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     3.000 Q1 A1 observed
            talking           3.000    99.000 Q1 A1 observed
            offer A1 answered    at 1.000 answered 3.000 customer 3.000 released 99.000 wrapup 10.000
            handled, callback none, 0 false ends; naive handled, wait - talk 96.000
        "#]],
    );
}

/// T23, A5.
#[test]
fn the_second_agent_was_there_until_just_before() {
    check(
        "
            0      new
            1      connect Q1
            1.1    agent A1 ringing
            3      connected Q1
            3.1    agent A1 connected
            59.9   agent A2 connected
            59.95  agent A2 consult-done
            60     agent A1 wrapup
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     3.000 Q1 A1 observed
            talking           3.000    99.000 Q1 A1 observed
            offer A1 answered    at 1.000 answered 3.000 customer 3.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 96.000
        "#]],
    );
}

/// A2.
#[test]
fn a_wrap_up_of_hours_is_unknown() {
    check(
        "
            0      new
            1      connect Q1
            1.1    agent A1 ringing
            3      connected Q1
            30     ended Customer Customer_Left
            30.04  agent A1 wrapup
            48900  agent A1 idle
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     3.000 Q1 A1 observed
            talking           3.000    30.000 Q1 A1 observed
            offer A1 answered    at 1.000 answered 3.000 customer 3.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 27.000
        "#]],
    );
}

/// A2.
#[test]
fn the_unnamed_agent_of_the_offer_before_wraps_up() {
    check(
        "
            0      new
            1      connect Q1
            3      connected Q1
            30     connect Q1
            30.2   agent A1 wrapup
            45     connected Q1
            50.2   agent A1 wrapup-done
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     3.000 Q1 -  observed
            talking           3.000    30.000 Q1 -  observed
            offered          30.000    45.000 Q1 -  observed
            talking          45.000    99.000 Q1 -  observed
            offer -  answered    at 1.000 answered 3.000 customer 3.000 released 30.000 wrapup 20.000
            offer -  answered    at 30.000 answered 45.000 customer 45.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 96.000
        "#]],
    );
}

/// A1, A5.
#[test]
fn the_nearest_agent_event_names_the_offer() {
    check(
        "
            0      new
            1      parked Q1
            1.5    connect Q1
            1.53   agent A1 ringing
            2.45   agent A2 ringing
            2.47   agent A1 not-responding
            2.5    parked Q1
            2.5    connect Q1
            5      connected Q1
            20     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            queued            1.000     1.500 Q1 -  observed
            offered           1.500     2.500 Q1 A1 observed
            offered           2.500     5.000 Q1 A2 observed
            talking           5.000    20.000 Q1 A2 observed
            offer A1 no_answer   at 1.500 answered - customer - released 2.500 wrapup -
            offer A2 answered    at 2.500 answered 5.000 customer 5.000 released 20.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 0.500 talk 15.000
        "#]],
    );
}
