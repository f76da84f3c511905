//! Events from S3 and outputs to it: the same results as in folders, and clear words when not.

use std::fs;

use clap::Parser;
use generate_archive::{Archive, Options};
use rebuild_timelines::{Args, Job, Progress, S3, rebuild};
use serde_json::Value;
use task_timeline::EpochMs;

use crate::formats::zstd;
use crate::job::{TABLES, archive, run, sample, text};
use crate::own_format::parquet;
use crate::store::{Store, forget_checksums, put_file};

const OUT: &str = "s3://bucket/out";

/// Objects of several formats, as they would lie below `events/`.
fn objects() -> Vec<(String, Vec<u8>)> {
    let options = Options { tasks: 120, seed: 3, ..Options::default() };
    let deliveries: Vec<_> = Archive::new(options).unwrap().deliveries().collect();
    let parts = deliveries.chunks(130).enumerate();
    parts
        .map(|(number, part)| {
            let lines = part.iter().map(|delivery| delivery.line.as_str());
            let times = part.iter().map(|delivery| EpochMs(delivery.arrives_at.cast_signed()));
            let name = format!("date=2026-03-{:02}/{number}", number % 5 + 1);
            match number % 3 {
                0 => {
                    let lines: Vec<&str> = lines.chain(["not a webhook"]).collect();
                    (name, zstd(lines.join("\n").as_bytes()))
                }
                _ => (name, parquet(times.zip(lines))),
            }
        })
        .collect()
}

/// The folder of the run that the pointer leads to.
fn latest(store: &Store) -> String {
    let pointer: Value = serde_json::from_slice(&store.get("out/latest.json")).unwrap();
    pointer["run"].as_str().unwrap().to_owned()
}

/// Asserts that each table of Athena is the one of that run.
fn assert_athena_reads(store: &Store, run: &str) {
    for table in TABLES {
        let listed = store.get(&format!("out/athena/{}/latest.txt", table.replace(".parquet", "")));
        assert_eq!(text(&listed), format!("{OUT}/{run}/{table}\n"));
    }
}

#[test]
fn folders_and_s3_give_the_same_run() {
    let objects = objects();
    let store = Store::start();
    for (name, content) in &objects {
        store.put(&format!("events/{name}"), content);
    }
    store.put("events/.hidden", b"{}");
    store.put("events-of-others/a.ndjson", b"not for us");
    let files: Vec<(&str, &[u8])> =
        objects.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let in_folder = run(archive(&files).path(), &[]);

    for turn in 0..2 {
        let output = store.program(&["--events", "s3://bucket/events", "--out", OUT]);
        assert_eq!(text(&output.stderr).lines().find(|line| line.contains("rror")), None);
        assert_eq!(output.status.code(), Some(3), "some lines are no webhooks");
        let run = latest(&store);
        for name in TABLES.iter().chain(&["receipt.json", "rejected.ndjson", "report.html"]) {
            let object = store.get(&format!("out/{run}/{name}"));
            assert!(object == in_folder.bytes(name), "{name} differs, turn {turn}");
        }
        assert_athena_reads(&store, &run);
        let printed = text(&output.stdout);
        assert!(printed.contains("outputs     s3://bucket/out/latest.json\n"), "{printed}");
        assert!(printed.contains(&format!("this run    s3://bucket/out/{run}\n")), "{printed}");
    }
    let runs = fs::read_dir(store.path("out/runs")).unwrap();
    let visible = runs.filter(|run| !run.as_ref().unwrap().file_name().eq(".writable")).count();
    assert_eq!(visible, 1);
}

#[test]
fn a_program_calls_the_job_with_its_own_client() {
    let store = Store::start();
    let ndjson = fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    store.put("one.ndjson", &ndjson);
    let (client, runtime) = store.client();
    let s3 = S3::with_client(client, runtime.clone());
    let job = runtime.spawn_blocking(move || {
        let events = "s3://bucket/one.ndjson";
        let args = Args::parse_from(["rebuild-timelines", "--events", events, "--out", OUT]);
        rebuild(&Job::from_args(&args, EpochMs::LATEST)?, &s3, &Progress::start())
            .map(|rebuilt| rebuilt.folder)
    });
    let folder = runtime.block_on(job).unwrap().unwrap().unwrap();
    assert_eq!(folder.to_string(), format!("{OUT}/{}", latest(&store)));
}

#[test]
fn more_objects_than_one_answer_lists_are_all_read() {
    let store = Store::start();
    let ndjson = fs::read_to_string(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    for (number, line) in ndjson.lines().cycle().take(1_100).enumerate() {
        store.put(&format!("many/{number}.ndjson"), line.as_bytes());
    }
    let output = store.program(&["--events", "s3://bucket/many/", "--out", OUT]);
    assert_eq!(output.status.code(), Some(0));
    let receipt = store.get(&format!("out/{}/receipt.json", latest(&store)));
    let receipt: Value = serde_json::from_slice(&receipt).unwrap();
    assert_eq!(receipt["counts"]["deliveries"], 1_100);
    assert_eq!(receipt["inputs"].as_array().unwrap().len(), 1_100);
}

#[test]
fn an_object_that_vanishes_is_named() {
    let store = Store::start();
    let ndjson = fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    for name in ["a", "gone", "z"] {
        store.put(&format!("events/{name}.ndjson"), &ndjson);
    }
    let gone = store.path("events/gone.ndjson");
    store.before_each(move |method, path| {
        if method == "GET" && path.ends_with("gone.ndjson") && gone.exists() {
            fs::remove_file(&gone).unwrap();
        }
    });
    let output = store.program(&["--events", "s3://bucket/events", "--out", OUT]);
    assert_eq!(output.status.code(), Some(3));
    let printed = text(&output.stdout);
    assert!(printed.contains("rejected: gone.ndjson cannot be read: "), "{printed}");
    assert!(printed.contains("NoSuchKey"), "{printed}");
}

#[test]
fn a_pointer_that_moves_meanwhile_is_read_again() {
    let store = Store::start();
    let ndjson = fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    store.put("events/a.ndjson", &ndjson);
    let pointer = store.path("out/latest.json");
    let (mut others, mut refused) = (0, 0);
    store.before_each(move |method, path| {
        if method == "PUT" && path.ends_with("latest.json") {
            refused += 1;
            // First there suddenly is one, then it is another one.
            if others < 2 {
                others += 1;
                put_file(&pointer, format!(r#"{{"run":"runs/other-{others}"}}"#).as_bytes());
            }
            assert!(refused <= 3);
        }
    });
    let output = store.program(&["--events", "s3://bucket/events", "--out", OUT]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(store.path(&format!("out/{}/tasks.parquet", latest(&store))).exists());
}

#[test]
fn athena_reads_what_the_pointer_leads_to_when_two_runs_end_at_once() {
    let store = Store::start();
    let ndjson = fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    store.put("events/a.ndjson", &ndjson);
    let (pointer, root) = (store.path("out/latest.json"), store.path(".."));
    let mut is_overtaken = false;
    store.before_each(move |method, path| {
        if method == "PUT" && path.contains("/athena/tasks/") && !is_overtaken {
            is_overtaken = true;
            put_file(&pointer, br#"{"run":"runs/newer"}"#);
            forget_checksums(&root);
        }
    });
    let output = store.program(&["--events", "s3://bucket/events", "--out", OUT]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(latest(&store), "runs/newer");
    assert_athena_reads(&store, "runs/newer");
}

#[test]
fn what_is_wrong_with_s3_is_said_before_any_work() {
    let store = Store::start();
    let ndjson = fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    store.put("events/a.ndjson", &ndjson);
    store.put("file", b"below which the stand-in cannot put anything");
    let events = "s3://bucket/events";
    let said = |arguments: &[&str], (name, value): (&str, &str)| {
        let output = store.command(arguments).env(name, value).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stderr)
    };
    let as_it_is = ("AWS_REGION", "eu-central-1");
    for (from, out, environment, expected) in [
        ("s3://nowhere/events", OUT, as_it_is, "cannot read the events in s3://nowhere/events"),
        ("s3://nowhere/events", OUT, as_it_is, "NoSuchBucket"),
        ("s3://bucket/nothing", OUT, as_it_is, "there are no files in s3://bucket/nothing"),
        (
            events,
            "s3://bucket/file/out",
            as_it_is,
            "cannot write to the output folder s3://bucket/file",
        ),
        (events, OUT, ("AWS_SECRET_ACCESS_KEY", "wrong"), "SignatureDoesNotMatch"),
        (events, OUT, ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9"), "Connection refused"),
    ] {
        let said = said(&["--events", from, "--out", out], environment);
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(!said.contains("reading events"), "{said}");
    }
    assert!(!store.path("out/latest.json").exists());
}
