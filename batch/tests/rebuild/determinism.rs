//! The same archive gives the same bytes, however it is cut, shuffled and worked on.

use std::fs;

use expect_test::expect;
use generate_archive::{Archive, Options};

use crate::formats::zstd;
use crate::job::{Run, TABLES, archive, run, sample};

fn lines() -> Vec<String> {
    let options = Options { tasks: 400, seed: 11, ..Options::default() };
    let archive = Archive::new(options).unwrap();
    archive.deliveries().map(|delivery| delivery.line).collect()
}

/// Deals lines to files and shuffles them, by a fixed pattern.
fn shuffled(lines: &[String], files: usize) -> Vec<(String, Vec<u8>)> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(|&at| (at.wrapping_mul(2_654_435_761)) % 1_000_003);
    let mut parts = vec![Vec::new(); files];
    for (turn, &at) in order.iter().enumerate() {
        parts[turn % files].extend_from_slice(lines[at].as_bytes());
        parts[turn % files].push(b'\n');
    }
    parts.iter().enumerate().map(|(at, part)| (format!("{at}.ndjson.zst"), zstd(part))).collect()
}

fn assert_same_bytes(one: &Run, other: &Run, what: &str) {
    for table in TABLES {
        assert!(one.bytes(table) == other.bytes(table), "{table} differs: {what}");
    }
}

#[test]
fn shuffled_files_and_any_number_of_threads_give_the_same_bytes() {
    let lines = lines();
    let whole = lines.join("\n");
    let plain = run(archive(&[("all.ndjson", whole.as_bytes())]).path(), &["--threads", "1"]);
    for (files, threads) in [(1, "1"), (1, "3"), (5, "2"), (13, "8")] {
        let files = shuffled(&lines, files);
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let other = run(archive(&files).path(), &["--threads", threads]);
        assert_same_bytes(&plain, &other, &format!("{} files, {threads} threads", files.len()));
    }
}

#[test]
fn a_second_run_is_the_same_run() {
    let events = sample("webhooks");
    let first = run(&events, &[]);
    let second = run(&events, &[]);
    assert_same_bytes(&first, &second, "a second run");
    assert!(first.bytes("report.html") == second.bytes("report.html"));
    assert_eq!(first.bytes("receipt.json"), second.bytes("receipt.json"));
    assert_eq!(
        fs::read_link(first.out.path().join("latest")).unwrap(),
        fs::read_link(second.out.path().join("latest")).unwrap()
    );
}

#[test]
fn the_newest_run_is_the_visible_one_and_the_one_before_stays() {
    let events = sample("webhooks");
    let first = run(&events, &[]);
    let out = first.out.path();
    let output = crate::job::program(&[
        "--events",
        events.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--short-call",
        "5s",
    ]);
    assert_eq!(output.status.code(), Some(0));
    let pointer = fs::read_to_string(out.join("latest.json")).unwrap();
    let newest = fs::canonicalize(out.join("latest")).unwrap();
    assert!(pointer.contains(newest.file_name().unwrap().to_str().unwrap()), "{pointer}");
    let before = first.rebuilt.folder.as_ref().unwrap().to_string();
    assert!(!before.ends_with(newest.file_name().unwrap().to_str().unwrap()), "{before}");
    assert_eq!(fs::read_dir(out.join("runs")).unwrap().count(), 2);
    assert!(out.join("tasks.parquet").exists());
}

/// A change of any figure, column or byte shows here. It must be meant, and stand in the changelog.
#[test]
fn the_tables_of_the_sample_are_these_bytes() {
    let receipt = run(&sample("webhooks"), &[]).receipt();
    let outputs = receipt["outputs"].as_array().unwrap().iter();
    let hashes: Vec<String> = outputs
        .filter(|output| output["name"] != "report.html")
        .map(|output| {
            let [name, hash] = ["name", "sha256"].map(|key| output[key].as_str().unwrap());
            format!("{name:<24} {hash}")
        })
        .collect();
    expect![[r#"
        agent_intervals.parquet  8a38e66c81fb05f50ebef7eb2c49bc7805112a1f21ded92f392a921227be6f70
        agent_states.parquet     15343432601a6130632bc00958f0e3f306d1cae10f3428f5c20b361afdfeb7c9
        corrections.parquet      554988186d1050f50221835e2995a7a726c4142c3c2df512221100c9bb9a82ba
        offers.parquet           f5a85e390465757b6653bbed81d09709f804a05c0005a83091141381ef1d93cf
        queue_intervals.parquet  dfaf76c2c12bf22ae9c41e4b3ba6ad3e431c9613e4c7da8985d0dfbb0c6dabf5
        segments.parquet         2e55dcff2c2f818f14e68fb1d54acf4cdd5797dc4e6d449ab1f4fcd1a049f540
        tasks.parquet            7e16656fdd1cfb639d1d18919e09e0be92e262c14534bdf0b104e9360db51b05
        visits.parquet           217c4e60a374c4e29463443c0264e77f3612a57f9eb45f6f560a078b41b4025c"#]].assert_eq(&hashes.join("\n"));
}
