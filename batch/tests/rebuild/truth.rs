//! Generated archives against the truth that was written beside them by other code.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use generate_archive::{Format, Options, Quirks, write_archive};
use serde_json::Value;
use tempfile::TempDir;

use crate::job::{Run, run};

const TASKS: u64 = 5_000;

/// Figures of a task that the truth and the table both have, under one name.
const FIGURES: [&str; 36] = [
    "org_id",
    "task_id",
    "channel",
    "direction",
    "first_queue_id",
    "last_queue_id",
    "started_at",
    "ended_at",
    "outcome",
    "terminating_party",
    "reason",
    "callback",
    "callback_basis",
    "rona_count",
    "false_ends",
    "events",
    "duplicates",
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
    "total_ms",
    "naive_parked_at",
    "naive_connect_at",
    "naive_connected_at",
    "naive_ended_at",
    "naive_live_wait_ms",
    "naive_talk_ms",
    "naive_outcome",
];

struct Generated {
    folder: TempDir,
    truth: Vec<Value>,
    summary: Value,
}

fn generate(options: &Options) -> Generated {
    let folder = tempfile::tempdir().unwrap();
    write_archive(folder.path(), options).unwrap();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    let truth =
        read("truth.ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let summary = serde_json::from_str(&read("truth-summary.json")).unwrap();
    Generated { folder, truth, summary }
}

/// The truth about the agents who work whole shifts.
fn agents(generated: &Generated) -> Vec<Value> {
    let text = fs::read_to_string(generated.folder.path().join("truth-agents.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn rebuild(generated: &Generated) -> Run {
    let events: &Path = &generated.folder.path().join("events");
    run(events, &["--threads", "2"])
}

/// `rows` must have the members of `truth`, and no row more.
fn assert_rows(what: &str, truth: &Value, rows: Option<&Vec<Value>>) {
    let expected = truth.as_array().unwrap();
    let rows = rows.map_or(&[][..], Vec::as_slice);
    assert_eq!(rows.len(), expected.len(), "{what}: {rows:#?}\nexpected {expected:#?}");
    for (row, expected) in rows.iter().zip(expected) {
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&row[name], value, "{what} {name} of {row:#}\nexpected {expected:#}");
        }
    }
}

fn assert_truth(generated: &Generated, run: &Run) {
    let tasks = run.rows_by_task("tasks.parquet");
    let segments = run.rows_by_task("segments.parquet");
    let offers = run.rows_by_task("offers.parquet");
    let visits = run.rows_by_task("visits.parquet");
    let corrections = run.rows_by_task("corrections.parquet");
    assert_eq!(tasks.len(), generated.truth.len());
    for truth in &generated.truth {
        let id = truth["task_id"].as_str().unwrap();
        let what = format!("task {id} ({})", truth["kind"]);
        assert_rows(&format!("{what} segment"), &truth["segments"], segments.get(id));
        assert_rows(&format!("{what} offer"), &truth["offers"], offers.get(id));
        assert_rows(&format!("{what} visit"), &truth["visits"], visits.get(id));
        let task = &tasks[id][0];
        for name in FIGURES {
            assert_eq!(task[name], truth[name], "{what} {name} of {task:#}");
        }
        assert_eq!(task["offers"], truth["offers"].as_array().unwrap().len(), "{what}");
        assert_eq!(task["corrections"], corrections.get(id).map_or(0, Vec::len), "{what}");
    }
}

#[test]
fn five_thousand_tasks_without_loss_are_rebuilt_to_the_truth() {
    let generated = generate(&Options { tasks: TASKS, files: 4, ..Options::default() });
    let run = rebuild(&generated);
    assert_truth(&generated, &run);
    counts_add_up(&run.receipt()["counts"]);
    let kinds: BTreeMap<&str, u32> =
        generated.truth.iter().fold(BTreeMap::new(), |mut kinds, task| {
            *kinds.entry(task["kind"].as_str().unwrap()).or_default() += 1;
            kinds
        });
    assert!(kinds.len() >= 20, "{kinds:?}");
    assert_eq!(
        run.receipt()["counts"]["deliveries"],
        generated.summary["lines"],
        "{}",
        generated.summary
    );
}

#[test]
fn whole_shifts_are_rebuilt_to_the_truth() {
    let options = Options { tasks: 500, shifts: 20, seed: 11, ..Options::default() };
    let generated = generate(&options);
    let run = rebuild(&generated);
    assert_truth(&generated, &run);
    let tables = [("states", "agent_states.parquet"), ("intervals", "agent_intervals.parquet")];
    for (name, table) in tables {
        let mut rows: BTreeMap<Option<String>, Vec<Value>> = BTreeMap::new();
        for row in run.rows(table) {
            let agent = row["agent_id"].as_str().map(str::to_owned);
            assert!(name == "states" || row["occupancy"] == occupancy(&row), "{row:#}");
            rows.entry(agent).or_default().push(row);
        }
        for agent in &agents(&generated) {
            let id = agent["agent_id"].as_str().map(str::to_owned);
            assert_rows(&format!("agent {id:?} {name}"), &agent[name], rows.get(&id));
        }
    }
}

/// The quotient, from the figures beside it.
fn occupancy(row: &Value) -> Value {
    let ms = |name: &str| row[name].as_f64().unwrap();
    let busy_ms = ms("ringing_ms") + ms("talk_ms") + ms("hold_ms") + ms("wrapup_ms");
    let ready_ms = ms("logged_in_ms") - ms("idle_ms");
    if ready_ms > 0.0 { (busy_ms / ready_ms).into() } else { Value::Null }
}

#[test]
fn tables_with_the_samples_columns_are_rebuilt_to_the_truth() {
    let options =
        Options { tasks: 1_000, seed: 7, files: 3, format: Format::Csv, ..Options::default() };
    let generated = generate(&options);
    let run = rebuild(&generated);
    let mut generated = generated;
    for truth in &mut generated.truth {
        truth["org_id"] = "unknown".into();
    }
    assert_truth(&generated, &run);
}

#[test]
fn with_loss_nothing_overlaps_and_sums_add_up() {
    let quirks = Quirks { loss: 0.05, unreadable: 0.01, ..Quirks::default() };
    let generated = generate(&Options { tasks: TASKS, seed: 3, quirks, ..Options::default() });
    let run = rebuild(&generated);
    let segments = run.rows_by_task("segments.parquet");
    for (id, tasks) in run.rows_by_task("tasks.parquet") {
        let task = &tasks[0];
        let mut at = task["started_at"].as_i64().unwrap();
        let mut total_ms = 0;
        for segment in segments.get(&id).map_or(&[][..], Vec::as_slice) {
            assert_eq!(segment["started_at"], at, "{id}");
            let Some(ended_at) = segment["ended_at"].as_i64() else { continue };
            assert!(ended_at > at, "{id}");
            total_ms += ended_at - at;
            at = ended_at;
        }
        assert_eq!(task["total_ms"], total_ms, "{id}");
        assert!(task["ended_at"].is_null() || task["ended_at"] == at, "{id}");
    }
    let receipt = run.receipt();
    counts_add_up(&receipt["counts"]);
    assert!(receipt["counts"]["rejected_lines"].as_u64().unwrap() > 0);
}

/// Every delivery is somewhere.
fn counts_add_up(counts: &Value) {
    let count = |name: &str| counts[name].as_u64().unwrap();
    let parts = ["events", "duplicates", "copies", "without_task", "deliveries_outside"];
    let accounted: u64 = parts.iter().map(|name| count(name)).sum();
    assert_eq!(accounted + count("deliveries_without_timeline"), count("deliveries"), "{counts:#}");
}
