//! The ledger and what only options or deliveries bring into it (T25, section L).

use expect_test::expect;
use task_timeline::*;

use crate::script::{OPTIONS, check_with, deliveries, events, table};

/// As of three weeks after the start, so that whatever is open is stale.
const STALE: FigureOptions =
    FigureOptions { as_of: EpochMs(OPTIONS.as_of.0 + 21 * 24 * 3_600_000), ..OPTIONS };

/// T25, L7, R8, C1, O5.
#[test]
fn a_callback_that_nothing_is_heard_of_for_weeks() {
    check_with(
        &STALE,
        "
            0      new
            10     parked Q1
            500    connect Q1 callback
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            callback_wait    10.000   500.000 Q1 -  inferred
            offer -  open        at 500.000 answered - customer - released - wrapup -
            callback_wait at 10.000: said queued, is callback_wait
            presumed_end at 500.000: said open, is ended
            presumed_ended, callback failed, 0 false ends; naive open, wait 490.000 talk -
        "#]],
    );
}

/// T25, R1.
#[test]
fn talk_that_nothing_ends_for_weeks() {
    check_with(
        &STALE,
        "
            0      new
            1      connect Q1
            2      connected Q1
            40     hold-done
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    40.000 Q1 -  inferred
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 40.000 wrapup -
            presumed_end at 40.000: said open, is ended
            handled, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

/// T22, T25.
#[test]
fn talk_ends_with_the_agent_who_left_where_nothing_follows_for_weeks() {
    check_with(
        &STALE,
        "
            0      new
            1      connect Q1
            2      connected Q1
            30     agent A1 wrapup
            50     agent A1 wrapup-done
        ",
        expect![[r#"
            self_service      0.000     1.000 -  -  observed
            offered           1.000     2.000 Q1 -  observed
            talking           2.000    30.000 Q1 -  inferred
            offer -  answered    at 1.000 answered 2.000 customer 2.000 released 30.000 wrapup 20.000
            presumed_end at 30.000: said open, is ended
            handled, callback none, 0 false ends; naive open, wait - talk -
        "#]],
    );
}

/// T25: fourteen days to the millisecond are not more than fourteen days.
#[test]
fn a_task_is_stale_only_after_the_limit() {
    let events = events("0 new");
    let at_the_limit = EpochMs(events[0].at.0 + OPTIONS.stale_after_ms);
    for (as_of, is_open) in [(at_the_limit, true), (at_the_limit + 1, false)] {
        let options = FigureOptions { as_of, ..OPTIONS };
        let figures = History::fold(deliveries(&events), &options).figures.unwrap();
        assert_eq!(figures.ended_at.is_none(), is_open);
    }
}

/// R4, R5.
#[test]
fn a_short_call_is_not_abandoned() {
    let events = events("0 new \n 5 parked Q1 \n 10 ended Customer Customer_Left");
    for (short_call_ms, outcome) in
        [(0, Outcome::Abandoned), (9_999, Outcome::Abandoned), (10_000, Outcome::Short)]
    {
        let options = FigureOptions { short_call_ms, ..OPTIONS };
        let figures = History::fold(deliveries(&events), &options).figures.unwrap();
        assert_eq!(figures.outcome, outcome);
    }
}

/// I2, I5, L8, L9.
#[test]
fn repeats_and_late_deliveries_are_rows_of_their_own() {
    let events = events("0 new \n 10 parked Q1 \n 20 parked Q1 \n 30 ended Customer Customer_Left");
    let arrivals_s = [50, 40, 20, 30];
    let mut delivered = deliveries(&events);
    for (delivery, arrival_s) in delivered.iter_mut().zip(arrivals_s) {
        delivery.arrived_at = Some(events[0].at + arrival_s * 1_000);
    }
    let repeated = [delivered.clone(), delivered[..2].to_vec()].concat();
    expect![[r#"
        self_service      0.000    10.000 -  -  observed
        queued           10.000    30.000 Q1 -  observed
        duplicate at 0.000: said 6 events, is 4 events
        late at 0.000: said 2 events after later ones, is in order
        abandoned, callback none, 0 false ends; naive abandoned, wait 20.000 talk -
    "#]]
    .assert_eq(&table(&History::fold(repeated, &OPTIONS)));
}

/// N3, N4.
#[test]
fn the_naive_view_sees_no_talk_that_began_after_the_first_end() {
    check_with(
        &OPTIONS,
        "
            0      new
            10     parked Q1
            20     ended System System_Error
            30     connected Q1
            40     ended Customer Customer_Left
        ",
        expect![[r#"
            self_service      0.000    10.000 -  -  observed
            queued           10.000    30.000 Q1 -  observed
            talking          30.000    40.000 Q1 -  observed
            reopened at 20.000: said ended: System_Error, is queued
            handled, callback none, 1 false ends; naive failed, wait 10.000 talk -
        "#]],
    );
}
