//! Offers and how they end (section O).

use expect_test::expect;

use crate::script::check;

/// O4.
#[test]
fn declined_unreachable_and_without_media() {
    check(
        "
            0      new
            20     parked Q1
            30     connect Q1
            31     parked Q1
            31.02  ended System USER_DECLINED
            40     connect Q1
            41     ended System AGENT_UNAVAILABLE
            41.02  parked Q1
            50     connect Q1
            51     parked Q1
            51.1   ended System CHANNEL_FAILURE
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    20.000 -  -  observed
            queued           20.000    30.000 Q1 -  observed
            offered          30.000    31.000 Q1 -  observed
            queued           31.000    40.000 Q1 -  observed
            offered          40.000    41.000 Q1 -  observed
            queued           41.000    50.000 Q1 -  observed
            offered          50.000    51.000 Q1 -  observed
            queued           51.000    60.000 Q1 -  observed
            offer -  declined    at 30.000 answered - customer - released 31.000 wrapup -
            offer -  unreachable at 40.000 answered - customer - released 41.000 wrapup -
            offer -  failed      at 50.000 answered - customer - released 51.000 wrapup -
            false_end at 31.020: said ended: USER_DECLINED, is queued
            false_end at 41.000: said ended: AGENT_UNAVAILABLE, is queued
            false_end at 51.100: said ended: CHANNEL_FAILURE, is queued
            abandoned, callback none, 3 false ends; naive failed, wait 10.000 talk -
        "#]],
    );
}

/// O1, O3.
#[test]
fn two_connects_in_a_row() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            50     connect Q1
            55     connected Q1
            60     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    50.000 Q1 -  observed
            offered          50.000    55.000 Q1 -  observed
            talking          55.000    60.000 Q1 -  observed
            offer -  no_answer   at 20.000 answered - customer - released 50.000 wrapup -
            offer -  answered    at 50.000 answered 55.000 customer 55.000 released 60.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait 10.000 talk 5.000
        "#]],
    );
}

/// O5, R5.
#[test]
fn abandoned_while_ringing() {
    check(
        "
            0      new
            10     parked Q1
            20     connect Q1
            25     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    20.000 Q1 -  observed
            offered          20.000    25.000 Q1 -  observed
            offer -  withdrawn   at 20.000 answered - customer - released 25.000 wrapup -
            abandoned, callback none, 0 false ends; naive abandoned, wait 10.000 talk -
        "#]],
    );
}
