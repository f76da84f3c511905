//! The page that people look at: what is in it, what is not, and that it can be checked.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use generate_archive::{Archive, Options};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::job::{Run, archive, program, run, sample, text};

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
