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
