//! Segments and brackets (section P).

use expect_test::expect;

use crate::script::check;

/// P1, P2.
#[test]
fn a_park_in_another_queue_starts_a_segment() {
    check(
        "
            0      new
            20     parked Q1
            50     parked Q2
            80     parked Q2
            90     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    50.000 Q1 -  observed
            queued           50.000    90.000 Q2 -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait 70.000 talk -
        "#]],
    );
}

/// P3, T10, T11.
#[test]
fn hold_consult_and_conference_overlay_each_other() {
    check(
        "
            0      new
            1      connect Q1
            2      connected Q1
            10     on-hold
            12     consulting
            15     conferencing
            20     conference-done
            22     consult-done
            25     hold-done
            30     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    10.000 Q1 -  observed
            on_hold          10.000    12.000 Q1 -  observed
            consulting       12.000    15.000 Q1 -  observed
            conferencing     15.000    20.000 Q1 -  observed
            consulting       20.000    22.000 Q1 -  observed
            on_hold          22.000    25.000 Q1 -  observed
            talking          25.000    30.000 Q1 -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 28.000
        "#]],
    );
}
