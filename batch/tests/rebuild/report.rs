//! The page that people look at: what is in it, what is not, and that it can be checked.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use generate_archive::{Archive, Options};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::job::{Run, archive, program, run, sample, text};
use crate::metrics::{a_day, body};

pub fn page(run: &Run) -> String {
    String::from_utf8(run.bytes("report.html")).unwrap()
}

/// What a block of the page holds.
fn unpacked(page: &str, id: &str) -> String {
    let (_, rest) = page.split_once(&format!("id=\"{id}\">")).unwrap();
    let (packed, _) = rest.split_once('<').unwrap();
    let mut unpacked = String::new();
    let deflated = STANDARD.decode(packed).unwrap();
    ZlibDecoder::new(deflated.as_slice()).read_to_string(&mut unpacked).unwrap();
    unpacked
}

pub fn block(page: &str, id: &str) -> Value {
    serde_json::from_str(&unpacked(page, id)).unwrap()
}

fn generated(tasks: u64) -> Vec<String> {
    let options = Options { tasks, seed: 5, ..Options::default() };
    Archive::new(options).unwrap().deliveries().map(|delivery| delivery.line).collect()
}

#[test]
fn the_page_is_the_same_on_any_number_of_threads() {
    let events = archive(&[("day.ndjson", generated(300).join("\n").as_bytes())]);
    let one = run(events.path(), &["--threads", "1"]);
    let many = run(events.path(), &["--threads", "5"]);
    assert!(page(&one) == page(&many));
}

#[test]
fn the_receipt_on_the_page_is_that_of_all_other_files() {
    let run = run(&sample("webhooks"), &[]);
    let mut receipt = run.receipt();
    let outputs = receipt["outputs"].as_array_mut().unwrap();
    let page_output = outputs.pop().unwrap();
    assert_eq!(page_output["name"], "report.html");
    let hash = |bytes: &[u8]| format!("{:x}", Sha256::digest(bytes));
    assert_eq!(page_output["sha256"], hash(&run.bytes("report.html")));

    // As `jq` would write it: the order of keys is that of the file.
    let written = String::from_utf8(run.bytes("receipt.json")).unwrap();
    let (others, _) = written.rsplit_once(",\n    {\n      \"name\": \"report.html\"").unwrap();
    let without_page = format!("{others}\n  ]\n}}\n");
    let data = block(&page(&run), "data");
    assert_eq!(data["receipt_sha256"], hash(without_page.as_bytes()));
}

#[test]
fn the_page_can_be_left_out() {
    let (with, without) =
        (run(&sample("webhooks"), &[]), run(&sample("webhooks"), &["--no-report"]));
    let outputs = without.receipt()["outputs"].clone();
    assert!(!outputs.to_string().contains("report.html"), "{outputs}");
    assert_eq!(without.bytes("tasks.parquet"), with.bytes("tasks.parquet"));
}

#[test]
fn no_phone_number_is_on_the_page() {
    let lines = generated(400);
    let run = run(archive(&[("day.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let page = page(&run);
    let shown = unpacked(&page, "data") + &unpacked(&page, "packed-timelines");
    let mut numbers = 0;
    for line in &lines {
        let Ok(body) = serde_json::from_str::<Value>(line) else { continue };
        for side in ["origin", "destination"] {
            let Some(number) = body["data"][side].as_str() else { continue };
            numbers += 1;
            assert!(!shown.contains(number.trim_start_matches('+')), "{number}");
        }
    }
    assert!(numbers > 400, "{numbers}");
}

#[test]
fn names_stand_in_for_ids_where_there_are_any() {
    let sample = sample("webhooks");
    let queue = run(&sample, &[]).rows("tasks.parquet")[0]["first_queue_id"].clone();
    let queue = queue.as_str().unwrap();
    let names = archive(&[("names.csv", format!("id,name\n{queue},Claims\n").as_bytes())]);
    let names = names.path().join("names.csv");
    let named = run(&sample, &["--names", names.to_str().unwrap()]);
    let queues = block(&page(&named), "data")["queues"].clone();
    assert_eq!(queues, serde_json::json!([{"id": queue, "label": "Claims"}]));
    assert!(named.receipt()["options"]["names_sha256"].is_string());
}

#[test]
fn names_that_cannot_be_read_are_an_error_before_any_work() {
    let events = sample("webhooks");
    let out = tempfile::tempdir().unwrap();
    let [events, out_folder] = [&events, out.path()].map(|path| path.to_str().unwrap());
    let output =
        program(&["--events", events, "--out", out_folder, "--names", "/nowhere/names.csv"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("/nowhere/names.csv"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn the_task_that_was_asked_for_is_drawn_first() {
    let sample = sample("webhooks");
    let first = |run: &Run| {
        let timelines = block(&page(run), "packed-timelines");
        timelines["tasks"][0][0].as_str().unwrap().to_owned()
    };
    let plain = run(&sample, &[]);
    assert_eq!(first(&plain), "3b71ea1d-7511-5bef-a8e5-d7924474b57a");
    let other = block(&page(&plain), "packed-timelines")["tasks"][1][0].clone();
    let other = other.as_str().unwrap();
    assert_eq!(first(&run(&sample, &["--task", other])), other);
}

#[test]
fn a_period_without_tasks_has_a_page() {
    let run = run(&sample("webhooks"), &["--from", "2030-01-01"]);
    let data = block(&page(&run), "data");
    assert_eq!(data["totals"]["tasks"], 0);
    assert_eq!(block(&page(&run), "packed-timelines")["tasks"], serde_json::json!([]));
}

/// What the page shows of the archived day of `metrics.rs`, and a chat.
fn data_of_a_day() -> Value {
    let q = json!({"queueId": "sales", "channelType": "chat"});
    let left = json!({"channelType": "chat", "terminatingParty": "Customer"});
    let chat = [
        body(0, "g", "task:new", &json!({"channelType": "chat"})),
        body(0, "g", "task:parked", &q),
        body(70, "g", "task:connect", &q),
        body(75, "g", "task:connected", &q),
        body(95, "g", "task:ended", &left),
    ];
    let day = [a_day(), chat.join("\n").into_bytes()].join(&b'\n');
    block(&page(&run(archive(&[("day.ndjson", &day)]).path(), &[])), "data")
}

/// N5: b ended falsely, d was called back, f had left the agent for another queue. The caller who hung
/// up in the queue, c, was as the webhooks say. V17: d waited off the line for ten minutes.
#[test]
fn the_webhooks_told_the_truth_only_where_both_lanes_agree() {
    let days = data_of_a_day()["days"].clone();
    let names = ["channel", "tasks", "misreported", "false_live_ms"];
    let rows = days.as_array().unwrap().iter().map(|day| names.map(|name| day[name].clone()));
    let expected = [json!(["telephony", 6, 3, 600_000]), json!(["chat", 1, 0, 0])];
    assert_eq!(rows.map(|row| json!(row)).collect::<Vec<_>>(), expected);
}

/// V16.
#[test]
fn waits_are_percentiles_of_visits_by_queue_and_channel() {
    let waits = data_of_a_day()["waits"].clone();
    let row = |channel: &str, queue: Value| {
        let rows = waits.as_array().unwrap();
        rows.iter().find(|row| row["channel"] == channel && row["queue"] == queue).unwrap().clone()
    };
    let calls = row("telephony", Value::Null);
    // answered after 0 s, 10 s and 30 s, abandoned after 40 s
    assert_eq!(calls["live"], json!({"visits": 4, "p50": 10_000, "p90": 40_000, "p95": 40_000}));
    assert_eq!(calls["callback"]["p50"], 600_000);
    assert_eq!(calls["staffing"], json!({"unknown": 1}));
    let chats = row("chat", Value::Null);
    assert_eq!(chats["live"], json!({"visits": 1, "p50": 70_000, "p90": 70_000, "p95": 70_000}));
    assert_eq!(chats["callback"], json!({"visits": 0, "p50": null, "p90": null, "p95": null}));
    assert_eq!(waits.as_array().unwrap().len(), 2 + 3);
}

/// V11.
#[test]
fn figures_are_apart_by_kind_of_channel() {
    let data = data_of_a_day();
    let channels = data["totals"]["channels"].as_array().unwrap();
    let names: Vec<_> = channels.iter().map(|of| json!([of["channel"], of["tasks"]])).collect();
    assert_eq!(names, [json!(["telephony", 6]), json!(["chat", 1])]);
    assert_eq!(channels[0]["longest_live_wait_ms"], 40_000);
    let columns = &data["intervals"];
    let of = |name: &str| columns[name].as_array().unwrap().clone();
    let handled = |channel: &str| -> i64 {
        let rows = of("channel").into_iter().zip(of("handled"));
        rows.filter(|row| row.0 == channel).map(|row| row.1.as_i64().unwrap()).sum()
    };
    assert_eq!([handled("telephony"), handled("chat")], [4, 1]);
}
