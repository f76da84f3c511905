//! How tasks come out (section R).

use expect_test::expect;

use crate::script::check;

/// R3.
#[test]
fn an_outdial_that_the_customer_did_not_answer() {
    check(
        "
            0      new outdial
            1      connect outdial
            17     ended outdial System NO_ANSWER_FROM_CUSTOMER
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000    17.000 -  -  observed
            offer -  withdrawn   at 1.000 answered - customer - released 17.000 wrapup -
            not_reached, callback none, 0 false ends; naive failed, wait - talk -
        "#]],
    );
}

/// R1.
#[test]
fn an_outdial_that_talked() {
    check(
        "
            0      new outdial
            1      connect outdial
            2      connected outdial
            17     ended outdial Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 -  -  observed
            talking           2.000    17.000 -  -  observed
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 17.000 wrapup -
            handled, callback none, 0 false ends; naive handled, wait - talk 15.000
        "#]],
    );
}

/// R5, N4.
#[test]
fn abandoned_in_self_service() {
    check(
        "
            0      new
            10     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            abandoned, callback none, 0 false ends; naive abandoned, wait - talk -
        "#]],
    );
}

/// R6, N1.
#[test]
fn ended_by_the_system_in_the_queue() {
    check(
        "
            0      new
            10     parked Q1
            600    ended System Queue_Timeout
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000   600.000 Q1 -  observed
            failed, callback none, 0 false ends; naive failed, wait 590.000 talk -
        "#]],
    );
}
