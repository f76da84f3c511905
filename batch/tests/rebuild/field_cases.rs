//! Inputs made after reports of people who work with contact centres, with the figures that are
//! right. Ids, numbers, names and times are invented.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::job::{Run, archive, run};

/// The lengths of a task, each in a column of its own.
const LENGTHS: [&str; 11] = [
    "self_service_ms",
    "live_wait_ms",
    "callback_wait_ms",
    "outbound_wait_ms",
    "ring_ms",
    "dialing_ms",
    "talk_ms",
    "hold_ms",
    "consult_ms",
    "conference_ms",
    "wrapup_ms",
];

/// The counts of all queues and half hours.
const COUNTS: [&str; 12] = [
    "offered",
    "answered",
    "abandoned",
    "short",
    "flow_out",
    "open",
    "abandoned_in_flow",
    "handled",
    "callbacks_requested",
    "callbacks_completed",
    "callbacks_failed",
    "rona",
];

/// `live_wait 143`, for each of the columns that is neither null nor 0; milliseconds as seconds.
fn known(row: &Value, names: &[&str]) -> String {
    let shown = |name: &&str| {
        let value = row[*name].as_f64().filter(|&value| value != 0.0)?;
        Some(match name.strip_suffix("_ms") {
            Some(name) => format!("{name} {}", value / 1_000.0),
            None => format!("{name} {value}"),
        })
    };
    names.iter().filter_map(shown).collect::<Vec<_>>().join(", ")
}

/// The tasks in the order of their beginning, their offers and visits, and the sums over all queues.
fn figures(run: &Run) -> String {
    let mut out = String::new();
    let mut tasks = run.rows("tasks.parquet");
    tasks.sort_by_key(|task| task["started_at"].as_i64());
    let (offers, visits) = (run.rows_by_task("offers.parquet"), run.rows_by_task("visits.parquet"));
    for task in &tasks {
        let text = |name: &str| task[name].as_str().unwrap_or("-").to_owned();
        let _infallible = writeln!(
            out,
            "{}, callback {}, reason {}: {}",
            text("outcome"),
            text("callback"),
            text("reason"),
            known(task, &LENGTHS)
        );
        let id = text("task_id");
        for offer in offers.get(&id).into_iter().flatten() {
            let wrapup = known(offer, &["wrapup_ms"]);
            let _infallible =
                writeln!(out, "  offer {} {wrapup}", offer["outcome"].as_str().unwrap());
        }
        for visit in visits.get(&id).into_iter().flatten() {
            let names =
                ["live_wait_ms", "ring_ms", "callback_wait_ms", "talk_ms", "hold_ms", "wrapup_ms"];
            let result = visit["result"].as_str().unwrap_or("-");
            let _infallible = writeln!(out, "  visit {result}: {}", known(visit, &names));
        }
    }
    let mut totals: BTreeMap<&str, i64> = BTreeMap::new();
    for row in run.rows("queue_intervals.parquet") {
        for name in COUNTS {
            *totals.entry(name).or_default() += row[name].as_i64().unwrap();
        }
    }
    let totals = serde_json::to_value(totals).unwrap();
    let _infallible = writeln!(out, "queues: {}", known(&totals, &COUNTS));
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

macro_rules! case {
    ($file:literal, $expect:expr) => {
        check(include_bytes!(concat!("cases/", $file, ".ndjson")), $expect)
    };
}

fn check(events: &[u8], expect: Expect) {
    expect.assert_eq(&figures(&run(archive(&[("events.ndjson", events)]).path(), &[])));
}

/// T30, V6: a web callback is a task of its own, and nobody is on the line while it waits.
#[test]
fn web_callback() {
    case!(
        "web-callback",
        expect![[r#"
        handled, callback completed, reason Customer Left: self_service 2, callback_wait 420, ring 6, dialing 14, talk 300, wrapup 30
          offer answered wrapup 30
          visit callback: ring 6, callback_wait 420, talk 300, wrapup 30
        callback_failed, callback failed, reason NO_ANSWER_CUSTOMER: self_service 2, callback_wait 600, ring 4, dialing 30, wrapup 14
          offer answered wrapup 14
          visit callback: ring 4, callback_wait 600, wrapup 14
        callback_failed, callback failed, reason Queue Timeout: self_service 2, callback_wait 3600
          visit callback: callback_wait 3600
        queues: offered 3, flow_out 3, handled 1, callbacks_requested 3, callbacks_completed 1, callbacks_failed 2
    "#]]
    );
}

/// T26: the customer leaves a conference and the agents go on.
#[test]
fn conference_customer_left() {
    case!(
        "conference-customer-left",
        expect![[r#"
        handled, callback none, reason Agent Left: self_service 5, live_wait 10, ring 5, talk 120, hold 10, consult 60, conference 180, wrapup 30
          offer answered wrapup 30
          visit answered: live_wait 10, ring 5, talk 300, hold 70, wrapup 30
        queues: offered 1, answered 1, handled 1
    "#]]
    );
}

/// T29: the owner leaves a conference and the customer stays.
#[test]
fn conference_owner_left() {
    case!(
        "conference-owner-left",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 5, live_wait 10, ring 5, talk 120, hold 10, consult 60, conference 510, wrapup 40
          offer answered wrapup 40
          visit answered: live_wait 10, ring 5, talk 630, hold 70, wrapup 40
        handled, callback none, reason Customer Left: self_service 5, live_wait 10, ring 5, talk 480, hold 10, consult 60, conference 150, wrapup 40
          offer answered wrapup 40
          visit answered: live_wait 10, ring 5, talk 630, hold 70, wrapup 40
        queues: offered 2, answered 2, handled 2
    "#]]
    );
}

/// T15: the customer on hold hangs up while two agents consult.
#[test]
fn hangup_during_consult() {
    case!(
        "hangup-during-consult",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 5, live_wait 10, ring 5, talk 120, hold 10, consult 90, wrapup 30
          offer answered wrapup 30
          visit answered: live_wait 10, ring 5, talk 120, hold 100, wrapup 30
        queues: offered 1, answered 1, handled 1
    "#]]
    );
}

/// V3: offers that were missed do not start the wait anew.
#[test]
fn missed_offers_one_wait() {
    case!(
        "missed-offers-one-wait",
        expect![[r#"
        handled, callback none, reason Agent Left: self_service 10, live_wait 143, ring 32, talk 300, wrapup 30
          offer no_answer
          offer declined
          offer answered wrapup 30
          visit answered: live_wait 143, ring 32, talk 300, wrapup 30
        queues: offered 1, answered 1, handled 1, rona 1
    "#]]
    );
}

/// T13: after a transfer the first round rings out.
#[test]
fn transfer_first_round_rings_out() {
    case!(
        "transfer-first-round-rings-out",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 5, live_wait 5, ring 25, talk 1202.99, hold 2.01, consult 15, wrapup 40
          offer answered wrapup 10
          offer no_answer
          offer answered wrapup 30
          visit answered: live_wait 2, ring 5, talk 62.99, hold 17.01, wrapup 10
          visit answered: live_wait 3, ring 20, talk 1140, wrapup 30
        queues: offered 2, answered 2, handled 2, rona 1
    "#]]
    );
}

/// A2, R3: an outdial that nobody answers still puts the agent into wrap-up.
#[test]
fn outdial_not_answered() {
    case!(
        "outdial-not-answered",
        expect![[r#"
        not_reached, callback none, reason CUSTOMER_BUSY: self_service 1, ring 20, wrapup 30
          offer withdrawn wrapup 30
          visit -: ring 20, wrapup 30
        not_reached, callback none, reason AGENT_ENDS: self_service 1, ring 20, wrapup 30
          offer withdrawn wrapup 30
          visit -: ring 20, wrapup 30
        not_reached, callback none, reason CUSTOMER_UNAVAILABLE: self_service 1, ring 20, wrapup 30
          offer withdrawn wrapup 30
          visit -: ring 20, wrapup 30
        queues:
    "#]]
    );
}

/// V3: a call is handed from agent to agent, without a queue between.
#[test]
fn blind_transfer_to_agent() {
    case!(
        "blind-transfer-to-agent",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 8, live_wait 12, ring 13, talk 516, wrapup 60
          offer answered wrapup 30
          offer answered wrapup 30
          visit answered: live_wait 12, ring 4, talk 516, wrapup 60
        queues: offered 1, answered 1, handled 1
    "#]]
    );
}

/// A2: an agent vanishes in wrap-up; the next morning's state still names the task.
#[test]
fn wrapup_never_ends() {
    case!(
        "wrapup-never-ends",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 5, live_wait 10, ring 5, talk 300
          offer answered
          visit answered: live_wait 10, ring 5, talk 300
        handled, callback none, reason Customer Left: self_service 5, live_wait 10, ring 5, talk 300
          offer answered
          visit answered: live_wait 10, ring 5, talk 300
        queues: offered 2, answered 2, handled 2
    "#]]
    );
}

/// T22: after a transfer outside, the agent is not credited with the rest of the call.
#[test]
fn transferred_outside() {
    case!(
        "transferred-outside",
        expect![[r#"
        handled, callback none, reason Consult_Transfer_To_EpDn: self_service 3605, live_wait 5, ring 5, talk 90, wrapup 20
          offer answered wrapup 20
          visit answered: live_wait 5, ring 5, talk 90, wrapup 20
        queues: offered 1, answered 1, handled 1
    "#]]
    );
}

/// T17: a callback is dialled several times, and given up.
#[test]
fn callback_retries() {
    case!(
        "callback-retries",
        expect![[r#"
        callback_failed, callback failed, reason MAX_CALLBACK_RETRY_LIMIT_REACHED: self_service 20, callback_wait 2920, ring 15, dialing 75, wrapup 30
          offer answered wrapup 10
          offer answered wrapup 10
          offer answered wrapup 10
          visit callback: ring 15, callback_wait 2920, wrapup 30
        queues: offered 1, flow_out 1, callbacks_requested 1, callbacks_failed 1
    "#]]
    );
}

/// A3: a supervisor in the call is not the call's agent.
#[test]
fn supervisor_barge() {
    case!(
        "supervisor-barge",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 65, live_wait 10, ring 5, talk 300, wrapup 30
          offer answered wrapup 30
          visit answered: live_wait 10, ring 5, talk 300, wrapup 30
        queues: offered 1, answered 1, handled 1
    "#]]
    );
}

/// A5: two versions of subscriptions tell each transition twice.
#[test]
fn two_versions_at_once() {
    case!(
        "two-versions-at-once",
        expect![[r#"
        handled, callback none, reason Customer Left: self_service 45, live_wait 10, ring 5, talk 300, wrapup 30
          offer answered wrapup 30
          visit answered: live_wait 10, ring 5, talk 300, wrapup 30
        queues: offered 1, answered 1, handled 1
    "#]]
    );
}

/// T8: the wait before the request is live, after it off the line.
#[test]
fn worked_callback() {
    case!(
        "worked-callback",
        expect![[r#"
        handled, callback completed, reason Agent Left: self_service 30, live_wait 120, callback_wait 119, ring 5, dialing 30, talk 360, wrapup 30
          offer answered wrapup 30
          visit callback: live_wait 120, ring 5, callback_wait 119, talk 360, wrapup 30
        queues: offered 1, flow_out 1, handled 1, callbacks_requested 1, callbacks_completed 1
    "#]]
    );
}

/// T14: the number left for the callback cannot be dialled.
#[test]
fn callback_number_invalid() {
    case!(
        "callback-number-invalid",
        expect![[r#"
        callback_failed, callback failed, reason INVALID_NUMBER: self_service 20, callback_wait 720, ring 5, dialing 2, wrapup 10
          offer answered wrapup 10
          visit callback: ring 5, callback_wait 720, wrapup 10
        abandoned, callback none, reason Customer Left: self_service 60
          visit abandoned_in_flow:
        queues: offered 1, flow_out 1, abandoned_in_flow 1, callbacks_requested 1, callbacks_failed 1
    "#]]
    );
}

/// V9: a caller is moved between queues before an agent answers.
#[test]
fn queue_overflow() {
    case!(
        "queue-overflow",
        expect![[r#"
        abandoned, callback none, reason Customer Left: self_service 10, live_wait 180, ring 12
          offer withdrawn
          visit transferred: live_wait 120
          visit abandoned: live_wait 60, ring 12
        handled, callback none, reason Agent Left: self_service 10, live_wait 180, ring 5, talk 180
          offer answered
          visit transferred: live_wait 120
          visit answered: live_wait 60, ring 5, talk 180
        queues: offered 4, answered 1, abandoned 1, flow_out 2, handled 1
    "#]]
    );
}

/// T28: an agent is free while the callback's prompt plays.
#[test]
fn live_connect_during_callback_prompt() {
    case!(
        "live-connect-during-callback-prompt",
        expect![[r#"
        handled, callback none, reason Agent Left: self_service 10, live_wait 53, ring 3, talk 300
          offer answered
          visit answered: live_wait 53, ring 3, talk 300
        handled, callback none, reason Customer Left: self_service 10, live_wait 53, ring 3, talk 300
          offer answered
          visit answered: live_wait 53, ring 3, talk 300
        handled, callback none, reason Agent Left: self_service 10, live_wait 53, ring 3, talk 250, hold 50
          offer answered
          visit answered: live_wait 53, ring 3, talk 250, hold 50
        queues: offered 3, answered 3, handled 3
    "#]]
    );
}
