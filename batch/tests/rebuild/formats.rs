//! The real sample, rebuilt to the same tables from every input format.

use std::fs;
use std::io::Write;
use std::path::Path;

use expect_test::{Expect, expect};
use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::Value;

use crate::job::{archive, program, run, sample, text};

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// The timeline of the only task below `events`, as the table that was worked out by hand.
fn timeline(events: &Path) -> String {
    let run = run(events, &[]);
    let clock = |at: &Value| {
        let at = Timestamp::from_millisecond(at.as_i64().unwrap()).unwrap();
        at.strftime("%H:%M:%S").to_string()
    };
    let seconds = |ms: &Value| ms.as_i64().map_or(-1, |ms| ms / 1_000);
    let mut offers = run.rows("offers.parquet").into_iter();
    let mut out = String::new();
    for segment in run.rows("segments.parquet") {
        let phase = segment["phase"].as_str().unwrap();
        let note = match (phase, segment["basis"].as_str().unwrap()) {
            ("offered", _) => offers.next().unwrap()["outcome"].as_str().unwrap().to_owned(),
            (_, "observed") => String::new(),
            (_, basis) => basis.to_owned(),
        };
        let (from, to) = (clock(&segment["started_at"]), clock(&segment["ended_at"]));
        let line =
            format!("{phase:<13} {from} {to} {:>4} s {note}", seconds(&segment["duration_ms"]));
        out += line.trim_end();
        out += "\n";
    }
    let tasks = run.rows("tasks.parquet");
    let [task] = tasks.as_slice() else { panic!("{} tasks", tasks.len()) };
    out += &format!(
        "ended {}, {}, {} s, {} false ends, {} events\n",
        clock(&task["ended_at"]),
        task["outcome"],
        seconds(&task["total_ms"]),
        task["false_ends"],
        task["events"],
    );
    out += &format!(
        "naive: ended {}, {}, live wait {} s, talk {} s\n",
        clock(&task["naive_ended_at"]),
        task["naive_outcome"],
        seconds(&task["naive_live_wait_ms"]),
        seconds(&task["naive_talk_ms"]),
    );
    out
}

/// From every format the same timeline, and the expected one.
fn check(name: &str, expect: Expect) {
    let ndjson = fs::read(sample("webhooks").join(format!("{name}.ndjson"))).unwrap();
    let csv = fs::read(sample("csv").join(format!("{name}.csv"))).unwrap();
    let windows = String::from_utf8(ndjson.clone()).unwrap().replace('\n', "\r\n");
    let marked = [b"\xef\xbb\xbf".to_vec(), ndjson.clone()].concat();
    let (head, tail) = ndjson.split_at(ndjson.iter().position(|&byte| byte == b'\n').unwrap() + 1);
    let frames = [zstd(head), zstd(tail)].concat();
    let members = [gzip(head), gzip(tail)].concat();

    let expected = timeline(archive(&[("a.ndjson", &ndjson)]).path());
    expect.assert_eq(&expected);
    for (format, files) in [
        ("gzip", vec![("a.ndjson.gz", gzip(&ndjson))]),
        ("zstd", vec![("a.ndjson.zst", zstd(&ndjson))]),
        ("no ending", vec![("a", zstd(&ndjson))]),
        ("wrong ending", vec![("a.csv", gzip(&ndjson))]),
        ("two frames", vec![("a.zst", frames)]),
        ("two members", vec![("a.gz", members)]),
        ("csv", vec![("a.csv", csv.clone())]),
        ("csv in zstd", vec![("a.zst", zstd(&csv))]),
        ("csv in gzip", vec![("deep/er/a.gz", gzip(&csv))]),
        ("windows", vec![("a.ndjson", windows.into_bytes())]),
        ("byte order mark", vec![("a.ndjson", marked)]),
        ("no last line feed", vec![("a.ndjson", ndjson.trim_ascii_end().to_vec())]),
        ("two files", vec![("b.ndjson", head.to_vec()), ("a.zst", zstd(tail))]),
        ("a readme beside it", vec![("a.ndjson", ndjson.clone()), ("README.md", b"# Hi".to_vec())]),
    ] {
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        assert_eq!(timeline(archive(&files).path()), expected, "{format}");
    }
}

#[test]
fn normal_callback_from_every_format() {
    check("normal-callback", expect![[""]]);
}

#[test]
fn callback_with_multiple_ronas_from_every_format() {
    check("callback-with-multiple-ronas", expect![[""]]);
}

#[test]
fn both_published_tables_are_two_tasks_though_redacted_to_one_name() {
    let run = run(&sample("csv"), &[]);
    let tasks = run.rows("tasks.parquet");
    let orgs: Vec<&str> = tasks.iter().map(|task| task["org_id"].as_str().unwrap()).collect();
    assert_eq!(orgs, ["callback-with-multiple-ronas", "normal-callback"]);
    assert!(tasks.iter().all(|task| task["task_id"] == "TaskID_01"));
}

#[test]
fn a_single_file_is_an_archive() {
    let run = run(&sample("webhooks").join("normal-callback.ndjson"), &[]);
    assert_eq!(run.rows("tasks.parquet").len(), 1);
}

#[test]
fn the_program_shows_the_sample() {
    let out = tempfile::tempdir().unwrap();
    let events = sample("webhooks");
    let output =
        program(&["--events", events.to_str().unwrap(), "--out", out.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let printed = text(&output.stdout);
    let folder = out.path().to_str().unwrap();
    let stable: Vec<&str> = printed.lines().filter(|line| !line.contains(folder)).collect();
    expect![[""]].assert_eq(&(stable.join("\n") + "\n"));
    assert!(printed.lines().all(|line| line.chars().count() <= 80 || line.contains(folder)));
}

#[test]
fn the_program_shows_one_task_without_writing_anything() {
    let events = sample("webhooks");
    let task = rebuild_timelines::sample::TASKS[0];
    let output = program(&["--events", events.to_str().unwrap(), "--task", task]);
    assert_eq!(output.status.code(), Some(0));
    expect![[""]].assert_eq(&text(&output.stdout));

    let output = program(&["--events", events.to_str().unwrap(), "--task", "nobody"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("there is no task nobody"));
}
