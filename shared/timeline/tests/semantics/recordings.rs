//! Recordings that end a task, or do not (T21).

use expect_test::expect;

use crate::script::check;

/// T20, T21.
#[test]
fn a_recording_confirms_an_end() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     ended Customer Customer_Left
            33     capture
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 28.000
        "#]],
    );
}

/// T21, L6.
#[test]
fn a_recording_ends_a_task_whose_end_was_lost() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            33     capture
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    33.000 Q1 -  inferred
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 33.000 wrapup -
            end_inferred at 33.000: said open, is ended
            handled, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

/// T17, T21.
#[test]
fn an_end_after_the_recording_is_the_end() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            33     capture
            33.02  ended Agent Agent_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    33.020 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 33.020 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 31.020
        "#]],
    );
}

/// T21.
#[test]
fn a_recording_before_any_talk_ends_nothing() {
    check(
        "
            0      new
            10     parked Q1
            33     capture
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000         - Q1 -  observed
            open, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

/// T21.
#[test]
fn life_after_a_recording_shows_that_talk_went_on() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            33     capture
            40     parked Q1
            50     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    40.000 Q1 -  observed
            queued           40.000    50.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 40.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 48.000
        "#]],
    );
}

/// T21.
#[test]
fn a_recording_of_the_first_leg_ends_no_later_wait_or_ring_or_talk() {
    check(
        "
            0      new
            22     connected Q1
            100    parked Q2
            101    capture
            110    connect Q2
            112    capture
            115    connected Q2
            120    capture
            160    on-hold
            180    hold-done
            200    ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    22.000 -  -  observed
            talking          22.000   100.000 Q1 -  observed
            queued          100.000   110.000 Q2 -  observed
            offered         110.000   115.000 Q2 -  observed
            talking         115.000   160.000 Q2 -  observed
            on_hold         160.000   180.000 Q2 -  observed
            talking         180.000   200.000 Q2 -  observed
            offer -  answered    at 110.000 answered 115.000 customer 115.000 released 200.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 178.000
        "#]],
    );
}
