//! Conferences: who leaves them, and what goes on (T12, T26, T29).

use expect_test::expect;

use crate::script::check;

/// T26, T17, L11.
#[test]
fn the_customer_leaves_and_the_agents_go_on() {
    check(
        "
            0      new
            5      parked Q1
            15     connect Q1
            15.03  agent A1 ringing
            20     connected Q1
            140    on-hold
            150    consulting
            210    conferencing
            210.04 agent A2 conferencing
            390    customer-left
            390.5  connect Q1
            450    connected Q1
            630    exit-conference A2
            630.05 ended Agent Agent_Left
            630.09 agent A1 wrapup
            660.09 agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000     5.000 -  -  observed
            queued            5.000    15.000 Q1 -  observed
            offered          15.000    20.000 Q1 A1 observed
            talking          20.000   140.000 Q1 A1 observed
            on_hold         140.000   150.000 Q1 A1 observed
            consulting      150.000   210.000 Q1 A1 observed
            conferencing    210.000   390.000 Q1 A1 observed
            offer A1 answered    at 15.000 answered 20.000 customer 20.000 released 390.000 wrapup 30.000
            customer_left at 390.000: said conferencing, is ended
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 610.050
        "#]],
    );
}

/// T26.
#[test]
fn the_customer_left_and_later_a_bracket_shows_life() {
    check(
        "
            0      new
            15     connect Q1
            20     connected Q1
            210    conferencing
            390    customer-left
            400    on-hold
            500    ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    15.000 -  -  observed
            offered          15.000    20.000 Q1 -  observed
            talking          20.000   210.000 Q1 -  observed
            conferencing    210.000   390.000 Q1 -  observed
            queued          390.000   400.000 Q1 -  observed
            on_hold         400.000   500.000 Q1 -  observed
            offer -  answered    at 15.000 answered 20.000 customer 20.000 released 390.000 wrapup -
            reopened at 390.000: said ended, is queued
            customer_left at 390.000: said conferencing, is ended
            handled, callback none, 1 false ends; naive handled, wait - talk 480.000
        "#]],
    );
}

/// T26.
#[test]
fn in_any_other_phase_it_means_nothing() {
    check(
        "
            0      new
            5      parked Q1
            6      customer-left
            15     connect Q1
            20     connected Q1
            30     customer-left
            40     conferencing
            50     conference-done
            60     customer-left
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     5.000 -  -  observed
            queued            5.000    15.000 Q1 -  observed
            offered          15.000    20.000 Q1 -  observed
            talking          20.000    40.000 Q1 -  observed
            conferencing     40.000    50.000 Q1 -  observed
            talking          50.000    99.000 Q1 -  observed
            offer -  answered    at 15.000 answered 20.000 customer 20.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 79.000
        "#]],
    );
}

/// T26, T29, T1.
#[test]
fn what_is_told_of_a_conference_starts_no_task() {
    check(
        "
            0      join-conference A1
            1      customer-left
            2      owner-changed A1
            3      disposition
            4      flow-error
            5      dial-failed
        ",
        expect![[r#"
            no task
        "#]],
    );
}

/// T24, T29.
#[test]
fn what_is_told_of_a_conference_moves_nothing() {
    check(
        "
            0      new
            15     connect Q1
            20     connected Q1
            30     conferencing
            31     join-conference
            40     owner-changed
            41     primary-owner-left
            42     exit-conference
            43     disposition
            44     flow-error
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    15.000 -  -  observed
            offered          15.000    20.000 Q1 -  observed
            talking          20.000    30.000 Q1 -  observed
            conferencing     30.000    99.000 Q1 -  observed
            offer -  answered    at 15.000 answered 20.000 customer 20.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 79.000
        "#]],
    );
}

/// T29, T23, A3.
#[test]
fn another_owner_stays_with_the_customer() {
    check(
        "
            0      new
            15     connect Q1
            15.1   agent A1 ringing
            20     connected Q1
            20.1   agent A1 connected
            30     owner-changed A2
            50     agent A1 wrapup
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    15.000 -  -  observed
            offered          15.000    20.000 Q1 A1 observed
            talking          20.000    99.000 Q1 A1 observed
            offer A1 answered    at 15.000 answered 20.000 customer 20.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 79.000
        "#]],
    );
}

/// T29, T23, A3.
#[test]
fn an_owner_who_left_has_handed_over() {
    check(
        "
            0      new
            15     connect Q1
            15.1   agent A1 ringing
            20     connected Q1
            20.1   agent A1 connected
            50     primary-owner-left A1
            55     agent A1 wrapup
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    15.000 -  -  observed
            offered          15.000    20.000 Q1 A1 observed
            talking          20.000    99.000 Q1 A1 observed
            offer A1 answered    at 15.000 answered 20.000 customer 20.000 released 99.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 79.000
        "#]],
    );
}

/// T29, T22.
#[test]
fn one_who_left_the_conference_does_not_stay() {
    check(
        "
            0      new
            15     connect Q1
            15.1   agent A1 ringing
            20     connected Q1
            20.1   agent A1 connected
            30     join-conference A2
            40     exit-conference A2
            50     agent A1 wrapup
            99     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    15.000 -  -  observed
            offered          15.000    20.000 Q1 A1 observed
            talking          20.000    50.000 Q1 A1 observed
            self_service     50.000    99.000 -  -  observed
            offer A1 answered    at 15.000 answered 20.000 customer 20.000 released 50.000 wrapup -
            post_call at 50.000: said talking, is self_service
            handled, callback none, 0 false ends; naive handled, wait - talk 79.000
        "#]],
    );
}
