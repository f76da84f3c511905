//! The program as Lambda runs it: the same run as by the command line, and failures that are seen.

use std::fs;

use serde_json::{Value, json};

use crate::job::{TABLES, run, sample};
use crate::runtime_api::Function;
use crate::store::Store;

/// A store with the sample below `events/`.
fn store() -> Store {
    let store = Store::start();
    for file in ["normal-callback.ndjson", "callback-with-multiple-ronas.ndjson"] {
        store.put(&format!("events/{file}"), &fs::read(sample("webhooks").join(file)).unwrap());
    }
    store
}

fn event(arguments: &[&str]) -> Value {
    let places = ["--events", "s3://bucket/events", "--out", "s3://bucket/out"];
    json!({ "arguments": places.iter().chain(arguments).collect::<Vec<_>>() })
}

fn lines(logged: &str) -> Vec<Value> {
    logged.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_invocation_gives_the_same_run_as_the_command() {
    let store = store();
    let function = Function::start(store.command(&[]));
    let expected = run(&sample("webhooks"), &[]);
    for turn in 0..2 {
        let answer = function.invoke(event(&[])).unwrap();
        let folder = answer["run"].as_str().unwrap().strip_prefix("s3://bucket/").unwrap();
        for name in TABLES.iter().chain(&["receipt.json", "report.html"]) {
            let object = store.get(&format!("{folder}/{name}"));
            assert!(object == expected.bytes(name), "{name} differs, turn {turn}");
        }
        let mut counts = answer.clone();
        counts.as_object_mut().unwrap().retain(|name, _| name != "run" && name != "report");
        let expected = json!({
            "tasks": 2, "events": 42, "deliveries": 42,
            "rejected_lines": 0, "rejected_files": 0, "skipped_days": 0
        });
        assert_eq!(counts, expected);
        assert_eq!(answer["report"], format!("s3://bucket/{folder}/report.html"));
    }
    // Another command line in the same sandbox: other options, another period.
    let other = function.invoke(event(&["--from", "2022-10-15", "--no-report"])).unwrap();
    assert_eq!((&other["tasks"], &other["report"]), (&json!(0), &Value::Null));
    function.end();
}

#[test]
fn the_log_is_json_with_metrics_and_without_numbers() {
    let store = store();
    store.put("events/not-webhooks.ndjson", b"{\"origin\": \"+4930123456\"}\n");
    let function = Function::start(store.command(&[]));
    let answer = function.invoke(event(&["--last-days", "1", "--as-of", "2022-10-15T06:00:00Z"]));
    assert_eq!(answer.unwrap()["rejected_lines"], 1);
    let logged = function.end();
    assert!(!logged.contains("4930123456"), "{logged}");
    let lines = lines(&logged);
    let metrics = lines.iter().find(|line| line.get("_aws").is_some()).unwrap();
    assert_eq!(metrics["function"], "rebuild-timelines");
    let directive = &metrics["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "Trueline");
    assert_eq!(directive["Dimensions"], json!([["function"]]));
    let described = directive["Metrics"].as_array().unwrap();
    for metric in described {
        assert!(metrics[metric["Name"].as_str().unwrap()].is_number(), "{metric}");
    }
    let values = ["rebuilt", "tasks", "events", "rejected"].map(|name| metrics[name].clone());
    assert_eq!(values, [1, 2, 42, 1].map(Value::from));
    assert!(metrics["duration_ms"].as_f64().unwrap() > 0.0);
}

#[test]
fn what_is_wrong_is_an_error_of_the_invocation() {
    let empty = Store::start();
    let function = Function::start(empty.command(&[]));
    let folders = json!({ "arguments": ["--events", "/tmp/events", "--out", "s3://bucket/out"] });
    let task = json!({ "arguments": ["--events", "s3://bucket/events", "--task", "id"] });
    for (event, expected) in [
        (json!({}), "the event must be a command line: {\"arguments\": [\"--events\""),
        (json!({ "arguments": "--events" }), "the event must be a command line"),
        (json!({ "arguments": [], "options": {} }), "unknown field `options`"),
        (json!({ "arguments": [] }), "give --events s3://bucket/prefix"),
        (folders, "a Lambda's folders are gone with it"),
        (task, "and --out s3://bucket/prefix"),
        (event(&["--open"]), "leave out --open"),
        (event(&["--csv", "csv"]), "leave out --csv"),
        (event(&["--csv", "s3://bucket/csv"]), "a folder on this machine is needed"),
        (event(&["--last-nights", "3"]), "unexpected argument '--last-nights'"),
        (event(&["--timezone", "Mars"]), "\"Mars\" is no time zone like UTC or Europe/Berlin"),
        (event(&["--from", "2026-02-02", "--to", "2026-02-01"]), "--from is after --to"),
        (event(&["--names", "s3://bucket/names.csv"]), "cannot read the names in s3://bucket"),
        (event(&[]), "there are no files in s3://bucket/events"),
    ] {
        let failure = function.invoke(event.clone()).unwrap_err();
        assert_eq!(failure["errorType"], "NotRebuilt");
        let message = failure["errorMessage"].as_str().unwrap();
        assert!(message.contains(expected), "{event}: {message}");
    }
    let logged = lines(&function.end());
    assert!(logged.iter().all(|line| line.get("_aws").is_none()), "nothing was rebuilt");
    assert_eq!(logged.iter().filter(|line| line["level"] == "ERROR").count(), 14);
}

#[test]
fn nothing_is_left_in_the_sandbox() {
    let store = store();
    let [temporary, current] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    // The process of no Linux has such a number.
    let abandoned = temporary.path().join("rebuild-timelines-99999999-killed");
    fs::create_dir(&abandoned).unwrap();
    fs::write(abandoned.join("tasks.parquet"), "half a table").unwrap();
    let another = temporary.path().join(format!("rebuild-timelines-{}-a", std::process::id()));
    fs::create_dir(&another).unwrap();
    let mut program = store.command(&[]);
    program.env("TMPDIR", temporary.path()).current_dir(&current);
    let function = Function::start(program);
    function.invoke(event(&[])).unwrap();
    function.end();
    fs::remove_dir(another).expect("what is of others that live is left alone");
    for folder in [temporary, current] {
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
