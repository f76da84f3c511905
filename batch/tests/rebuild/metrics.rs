//! A small archived day, counted by hand.

use serde_json::{Value, json};

use crate::job::{Run, archive, run};

/// 2026-03-02T09:00:00Z, a Monday.
const NINE: i64 = 1_772_442_000_000;

/// A webhook body: seconds after nine, task, type, and more members of `data`.
pub fn body(seconds: i64, task: &str, what: &str, more: &Value) -> String {
    let mut data = json!({
        "taskId": task,
        "createdTime": NINE + seconds * 1_000,
        "direction": "INBOUND",
        "channelType": "telephony",
    });
    if let (Some(data), Some(more)) = (data.as_object_mut(), more.as_object()) {
        data.extend(more.clone());
    }
    json!({"id": "w", "type": what, "comciscoorgid": "org", "data": data}).to_string()
}

pub fn a_day() -> Vec<u8> {
    let q = json!({"queueId": "sales"});
    let callback =
        json!({"queueId": "sales", "direction": "OUTBOUND", "outboundType": "COURTESY_CALLBACK"});
    let left = json!({"terminatingParty": "Customer", "reason": "Customer Left"});
    let rona = json!({"terminatingParty": "System", "reason": "RONA Timer Expired"});
    let none = json!({});
    let lines = [
        // answered after 10 s, ring 5 s, talk 60 s, hold 30 s
        body(0, "a", "task:new", &none),
        body(10, "a", "task:parked", &q),
        body(20, "a", "task:connect", &q),
        body(25, "a", "task:connected", &q),
        body(55, "a", "task:on-hold", &q),
        body(85, "a", "task:hold-done", &q),
        body(115, "a", "task:ended", &left),
        // answered after 30 s and a ring-no-answer
        body(100, "b", "task:new", &none),
        body(100, "b", "task:parked", &q),
        body(120, "b", "task:connect", &q),
        body(136, "b", "task:parked", &q),
        body(136, "b", "task:ended", &rona),
        body(146, "b", "task:connect", &q),
        body(150, "b", "task:connected", &q),
        body(250, "b", "task:ended", &left),
        // abandoned in the queue after 40 s
        body(200, "c", "task:new", &none),
        body(210, "c", "task:parked", &q),
        body(250, "c", "task:ended", &left),
        // called back: waits 600 s off the line, talk 50 s
        body(300, "d", "task:new", &none),
        body(310, "d", "task:parked", &q),
        body(910, "d", "task:connect", &callback),
        body(912, "d", "task:connected", &callback),
        body(920, "d", "task:connected", &callback),
        body(970, "d", "task:ended", &left),
        // left in self-service after 3 s
        body(400, "e", "task:new", &none),
        body(403, "e", "task:ended", &left),
        // transferred to another queue in the next half hour, and still waiting there
        body(1_700, "f", "task:new", &none),
        body(1_710, "f", "task:connect", &q),
        body(1_712, "f", "task:connected", &q),
        body(1_812, "f", "task:parked", &json!({"queueId": "service"})),
    ];
    lines.join("\n").into_bytes()
}

fn day(options: &[&str]) -> Run {
    run(archive(&[("day.ndjson", &a_day())]).path(), options)
}

/// The row of a queue and half hour; the columns named.
fn row(run: &Run, queue: Option<&str>, names: &[&str]) -> Value {
    let rows = run.rows("queue_intervals.parquet");
    let row = rows.iter().find(|row| row["queue_id"].as_str() == queue).unwrap();
    names.iter().map(|name| row[name].clone()).collect()
}

/// V1, V2, V7, V8, V9.
#[test]
fn counts_of_a_queue_add_up() {
    let run = day(&[]);
    let names = ["offered", "answered", "abandoned", "short", "flow_out", "open", "handled"];
    assert_eq!(row(&run, Some("sales"), &names), json!([5, 3, 1, 0, 1, 0, 4]));
    assert_eq!(row(&run, Some("service"), &names), json!([1, 0, 0, 0, 0, 1, 0]));
    assert_eq!(row(&run, None, &names), json!([0, 0, 0, 0, 0, 0, 0]));
    for row in run.rows("queue_intervals.parquet") {
        let of = |name: &str| row[name].as_i64().unwrap();
        let results = ["answered", "abandoned", "short", "flow_out", "open"].map(of);
        assert_eq!(of("offered"), results.iter().sum::<i64>());
        let kinds = ["flow_out_callback", "flow_out_transferred", "flow_out_system"].map(of);
        assert_eq!(of("flow_out"), kinds.iter().sum::<i64>());
    }
}

/// V4.
#[test]
fn who_leaves_before_any_queue_is_in_no_figure_of_queues() {
    let run = day(&[]);
    assert_eq!(row(&run, None, &["abandoned_in_flow", "service_level"]), json!([1, null]));
    assert_eq!(row(&run, Some("sales"), &["abandoned_in_flow"]), json!([0]));
}

/// V8, V9: what happened in earlier visits does not matter.
#[test]
fn each_visit_has_a_result_of_its_own() {
    let left = json!({"terminatingParty": "Customer", "reason": "Customer Left"});
    let timeout = json!({"terminatingParty": "System", "reason": "Queue Timeout"});
    let queue = |queue: &str| json!({"queueId": queue});
    let lines = [
        // talked, was transferred and hung up in the second queue
        body(0, "a", "task:parked", &queue("one")),
        body(10, "a", "task:connect", &queue("one")),
        body(15, "a", "task:connected", &queue("one")),
        body(60, "a", "task:parked", &queue("two")),
        body(90, "a", "task:ended", &left),
        // moved to another queue, which closed
        body(0, "b", "task:parked", &queue("one")),
        body(20, "b", "task:parked", &queue("two")),
        body(50, "b", "task:ended", &timeout),
        // handed from agent to agent, without a wait between
        body(0, "c", "task:parked", &queue("one")),
        body(8, "c", "task:connect", &queue("one")),
        body(12, "c", "task:connected", &queue("one")),
        body(40, "c", "task:connect", &queue("one")),
        body(49, "c", "task:connected", &queue("one")),
        body(99, "c", "task:ended", &left),
        // comes back to the same queue after talk
        body(0, "d", "task:connect", &queue("one")),
        body(5, "d", "task:connected", &queue("one")),
        body(20, "d", "task:parked", &queue("one")),
        body(30, "d", "task:connect", &queue("one")),
        body(35, "d", "task:ended", &left),
    ];
    let run = run(archive(&[("day.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let names = ["task_id", "queue_id", "result", "live_wait_ms", "ring_ms", "talk_ms", "offers"];
    let visits = run.rows("visits.parquet");
    let visits: Vec<Value> =
        visits.iter().map(|visit| names.iter().map(|name| visit[name].clone()).collect()).collect();
    let expected = [
        json!(["a", "one", "answered", 10_000, 5_000, 45_000, 1]),
        json!(["a", "two", "abandoned", 30_000, 0, 0, 0]),
        json!(["b", "one", "transferred", 20_000, 0, 0, 0]),
        json!(["b", "two", "system", 30_000, 0, 0, 0]),
        json!(["c", "one", "answered", 8_000, 4_000, 78_000, 2]),
        json!(["d", "one", "answered", 0, 5_000, 15_000, 1]),
        json!(["d", "one", "abandoned", 10_000, 5_000, 0, 1]),
    ];
    assert_eq!(visits, expected);
    let names = ["offered", "answered", "abandoned", "flow_out_transferred", "rona"];
    assert_eq!(row(&run, Some("one"), &names), json!([5, 3, 1, 1, 0]));
    let names = ["offered", "answered", "abandoned", "flow_out_system", "rona"];
    assert_eq!(row(&run, Some("two"), &names), json!([2, 0, 1, 1, 0]));
    // Nobody knows the agents, so nobody knows whether one was free.
    let staffing = |visit: &Value| visit["staffing"].clone();
    let rows = run.rows("visits.parquet");
    assert_eq!(rows.iter().map(staffing).filter(|answer| !answer.is_null()).count(), 2);
    assert!(rows.iter().map(staffing).all(|answer| answer.is_null() || answer == "unknown"));
}

/// V11: an e-mail that waits for a day is in no figure of calls.
#[test]
fn kinds_of_channel_are_told_apart() {
    let mail = json!({"queueId": "sales", "channelType": "email"});
    let left = json!({"channelType": "email", "terminatingParty": "Agent", "reason": "Agent Left"});
    let lines = [
        body(0, "call", "task:parked", &json!({"queueId": "sales"})),
        body(10, "call", "task:connect", &json!({"queueId": "sales"})),
        body(15, "call", "task:connected", &json!({"queueId": "sales"})),
        body(75, "call", "task:ended", &json!({"reason": "Agent Left"})),
        body(0, "mail", "task:parked", &mail),
        body(86_400, "mail", "task:connect", &mail),
        body(86_401, "mail", "task:connected", &mail),
        body(90_000, "mail", "task:ended", &left),
        body(1, "other", "task:parked", &json!({"queueId": "sales", "channelType": "workItem"})),
    ];
    let run = run(archive(&[("day.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let rows = run.rows("queue_intervals.parquet");
    let figures: Vec<Value> =
        rows.iter().map(|row| json!([row["channel"], row["asa_ms"], row["aht_ms"]])).collect();
    let expected = [
        json!(["telephony", 10_000.0, 60_000.0]),
        json!(["email", 86_400_000.0, 3_599_000.0]),
        json!(["other", null, null]),
    ];
    assert_eq!(figures, expected);
}

/// V4: an agent who was called directly, and then sent the customer to a queue.
#[test]
fn talk_before_any_queue_counts_without_a_queue() {
    let left = json!({"terminatingParty": "Customer", "reason": "Customer Left"});
    let lines = [
        body(0, "a", "task:new", &json!({})),
        body(2, "a", "task:connect", &json!({})),
        body(5, "a", "task:connected", &json!({})),
        body(65, "a", "task:parked", &json!({"queueId": "sales"})),
        body(95, "a", "task:ended", &left),
    ];
    let run = run(archive(&[("day.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let names = ["offered", "abandoned", "abandoned_in_flow", "handled", "talk_ms", "offers"];
    assert_eq!(row(&run, None, &names), json!([0, 0, 0, 1, 60_000, 1]));
    assert_eq!(row(&run, Some("sales"), &names), json!([1, 1, 0, 0, 0, 0]));
}

/// V4, V11: an outdial waits for an agent, but nothing is offered to a queue.
#[test]
fn an_outdial_is_offered_to_a_queue_only_after_talk() {
    let out = |queue: &str| json!({"queueId": queue, "direction": "OUTBOUND", "outboundType": "CAMPAIGN"});
    let missed = json!({"terminatingParty": "Customer", "reason": "NO_ANSWER_CUSTOMER"});
    let lines = [
        body(0, "missed", "task:parked", &out("sales")),
        body(30, "missed", "task:connect", &out("sales")),
        body(50, "missed", "task:ended", &missed),
        body(0, "moved", "task:parked", &out("sales")),
        body(30, "moved", "task:connect", &out("sales")),
        body(40, "moved", "task:connected", &out("sales")),
        body(90, "moved", "task:parked", &out("service")),
        body(95, "moved", "task:ended", &json!({"terminatingParty": "Customer"})),
    ];
    let run = run(archive(&[("day.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let names = ["offered", "abandoned", "abandoned_in_flow", "handled", "live_wait_ms", "talk_ms"];
    assert_eq!(row(&run, None, &names), json!([0, 0, 0, 1, 0, 50_000]));
    assert_eq!(row(&run, Some("service"), &names), json!([1, 1, 0, 0, 5_000, 0]));
    assert_eq!(run.rows_by_task("tasks.parquet")["missed"][0]["outbound_wait_ms"], 30_000);
}

/// V3, V10, V12, V13.
#[test]
fn waits_and_handling_are_means_and_sums() {
    let run = day(&[]);
    let names = ["live_wait_ms", "callback_wait_ms", "talk_ms", "hold_ms"];
    let sums =
        json!([10_000 + 30_000 + 40_000, 600_000, 60_000 + 100_000 + 50_000 + 100_000, 30_000]);
    assert_eq!(row(&run, Some("sales"), &names), sums);
    let means = row(&run, Some("sales"), &["asa_ms", "asa_ms_with_ring", "aht_ms"]);
    assert_eq!(means, json!([40_000.0 / 3.0, 67_000.0 / 3.0, 340_000.0 / 4.0]));
}

/// V6, V14.
#[test]
fn callbacks_and_rona_have_columns_of_their_own() {
    let run = day(&[]);
    let names =
        ["callbacks_requested", "callbacks_completed", "callbacks_failed", "offers", "rona"];
    assert_eq!(row(&run, Some("sales"), &names), json!([1, 1, 0, 5, 1]));
}

/// V12.
#[test]
fn the_service_level_depends_on_its_threshold() {
    let level = |threshold: &str| {
        let names = ["service_level", "service_level_with_ring"];
        row(&day(&["--service-level", threshold]), Some("sales"), &names)
    };
    assert_eq!(level("12s"), json!([2.0 / 4.0, 1.0 / 4.0]));
    assert_eq!(level("20s"), json!([2.0 / 4.0, 2.0 / 4.0]));
    assert_eq!(level("30s"), json!([3.0 / 4.0, 2.0 / 4.0]));
    assert_eq!(level("50s"), json!([3.0 / 4.0, 3.0 / 4.0]));
}

/// V15.
#[test]
fn the_naive_twin_believes_the_webhooks() {
    let run = day(&[]);
    let names = ["naive_offered", "naive_answered", "naive_abandoned", "naive_talk_ms"];
    // b ended with its ring-no-answer, f is still open, d talked with its agent's leg
    assert_eq!(row(&run, Some("sales"), &names), json!([5, 2, 1, 90_000 + 58_000]));
}

/// V4, V5, V7.
#[test]
fn an_outdial_is_handled_but_no_queue_answered_it() {
    let out = json!({"direction": "OUTBOUND", "outboundType": "OUTDIAL"});
    let left = json!({"terminatingParty": "Customer", "reason": "Customer Left"});
    let lines = [
        body(0, "o", "task:new", &out),
        body(2, "o", "task:connect", &out),
        body(10, "o", "task:connected", &out),
        body(70, "o", "task:ended", &left),
    ];
    let events = archive(&[("day.ndjson", lines.join("\n").as_bytes())]);
    let run = run(events.path(), &[]);
    let names = ["answered", "handled", "asa_ms", "aht_ms"];
    assert_eq!(row(&run, None, &names), json!([0, 1, null, 60_000.0]));
    let names = names.map(|name| format!("naive_{name}"));
    let names = names.each_ref().map(String::as_str);
    assert_eq!(row(&run, None, &names), json!([0, 1, null, 60_000.0]));
}

/// V8.
#[test]
fn short_calls_are_neither_abandoned_nor_handled() {
    let run = day(&["--short-call", "40s"]);
    let names = ["offered", "answered", "abandoned", "short"];
    assert_eq!(row(&run, None, &["short", "abandoned_in_flow"]), json!([0, 0]));
    assert_eq!(row(&run, Some("sales"), &names), json!([5, 3, 1, 0]));
    let run = day(&["--short-call", "50s"]);
    assert_eq!(row(&run, Some("sales"), &names), json!([5, 3, 0, 1]));
}

/// V11.
#[test]
fn half_hours_go_by_the_clocks_of_the_time_zone() {
    let start = |zone: &str| {
        row(&day(&["--timezone", zone]), Some("sales"), &["interval_start"])[0].as_i64().unwrap()
    };
    assert_eq!(start("UTC"), NINE);
    assert_eq!(start("Europe/Berlin"), NINE);
    // Kathmandu is 5 h 45 min ahead: there 09:00 UTC is 14:45, and the half hour began at 14:30.
    assert_eq!(start("Asia/Kathmandu"), NINE - 15 * 60 * 1_000);
}

#[test]
fn days_select_tasks_by_their_first_event() {
    let tasks = |options: &[&str]| day(options).rows("tasks.parquet").len();
    assert_eq!(tasks(&["--from", "2026-03-02", "--to", "2026-03-02"]), 6);
    assert_eq!(tasks(&["--from", "2026-03-03"]), 0);
    assert_eq!(tasks(&["--to", "2026-03-01"]), 0);
    // In Kiribati it is 23:00 already, and 23:28 for the last one.
    assert_eq!(tasks(&["--to", "2026-03-02", "--timezone", "Pacific/Kiritimati"]), 6);
    assert_eq!(tasks(&["--from", "2026-03-03", "--timezone", "Pacific/Kiritimati"]), 0);
}

#[test]
fn a_stale_task_is_presumed_ended() {
    let run = day(&["--as-of", "2026-03-20T00:00:00Z"]);
    let tasks = run.rows_by_task("tasks.parquet");
    let stale = &tasks["f"][0];
    assert_eq!(stale["outcome"], "handled");
    assert_eq!(stale["ended_at"], NINE + 1_812_000);
    let ledger = run.rows_by_task("corrections.parquet");
    assert_eq!(ledger["f"][0]["rule"], "presumed_end");
}

#[test]
fn the_receipt_says_what_was_counted_and_how() {
    let receipt = day(&["--short-call", "5s"]).receipt();
    assert_eq!(receipt["options"]["short_call_ms"], 5_000);
    assert_eq!(receipt["options"]["asa_includes_ringing"], false);
    assert!(receipt["definitions"]["service_level"].is_string());
    assert_eq!(receipt["counts"]["outcomes"]["handled"], 3);
    assert_eq!(receipt["outputs"].as_array().unwrap().len(), 9);
    assert_eq!(receipt["inputs"][0]["name"], "day.ndjson");
}

/// I3.
#[test]
fn conflicting_events_and_unknown_names_are_counted_and_kept() {
    let lines = [
        body(0, "a", "task:new", &json!({})),
        body(10, "a", "task:parked", &json!({"queueId": "sales"})),
        body(10, "a", "task:parked", &json!({"queueId": "service"})),
        body(11, "a", "flow:step", &json!({"step": 1})),
        body(12, "a", "flow:step", &json!({"step": 2})),
        body(20, "a", "task:ended", &json!({"terminatingParty": "System", "reason": "moon phase"})),
    ];
    let run = run(archive(&[("a.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let counts = &run.receipt()["counts"];
    assert_eq!((&counts["events"], &counts["duplicates"]), (&json!(6), &json!(0)));
    assert_eq!(counts["conflicting"], 1);
    assert_eq!(counts["unknown_types"], json!({"flow:step": 2}));
    assert_eq!(counts["unknown_reasons"], json!({"moon phase": 1}));
}

#[test]
fn which_of_several_deliveries_came_first_does_not_decide_whether_events_conflict() {
    let parked = |queue: &str, id: &str| {
        let body = body(10, "a", "task:parked", &json!({"queueId": queue}));
        body.replace(r#""id":"w""#, &format!(r#""id":"{id}""#))
    };
    let conflicting = |lines: &[String]| {
        let archive = archive(&[("a.ndjson", lines.join("\n").as_bytes())]);
        run(archive.path(), &[]).receipt()["counts"]["conflicting"].clone()
    };
    for (once, twice) in [("sales", "service"), ("service", "sales")] {
        let mut lines = [parked(once, "x"), parked(twice, "x"), parked(twice, "y")];
        let before = conflicting(&lines);
        lines.reverse();
        assert_eq!(conflicting(&lines), before, "{twice} came twice");
    }
}
