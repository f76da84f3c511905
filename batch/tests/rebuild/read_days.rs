//! Days of the archive that cannot matter are not read, and nobody sees it in the tables.

use std::collections::BTreeMap;

use generate_archive::{Archive, Options};
use jiff::Timestamp;
use serde_json::Value;
use task_timeline::EpochMs;
use webhook::Webhook;

use crate::job::{Run, TABLES, archive, program, run, sample, text};
use crate::own_format::parquet;
use crate::store::Store;

/// Tasks of ten days as the archive keeps them: an object for each date of `createdTime`.
fn ten_days() -> BTreeMap<String, Vec<u8>> {
    let options = Options { tasks: 400, seed: 8, days: 10, ..Options::default() };
    let mut by_date: BTreeMap<String, Vec<(EpochMs, String)>> = BTreeMap::new();
    for delivery in Archive::new(options).unwrap().deliveries() {
        let Ok(webhook) = Webhook::parse(delivery.line.as_bytes()) else { continue };
        let at = Timestamp::from_millisecond(webhook.event.at.0).unwrap();
        let arrived_at = EpochMs(delivery.arrives_at.cast_signed());
        by_date.entry(at.strftime("%F").to_string()).or_default().push((arrived_at, delivery.line));
    }
    by_date
        .into_iter()
        .map(|(date, lines)| {
            (date, parquet(lines.iter().map(|(arrived_at, line)| (*arrived_at, line.as_str()))))
        })
        .collect()
}

/// Runs on the days in folders named by `folder`.
fn run_in(days: &BTreeMap<String, Vec<u8>>, folder: &str, options: &[&str]) -> Run {
    let names: Vec<String> =
        days.keys().map(|date| format!("{folder}{date}/batch.parquet")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().map(String::as_str).zip(days.values().map(Vec::as_slice)).collect();
    run(archive(&files).path(), options)
}

fn skipped(run: &Run) -> Value {
    run.receipt()["counts"]["skipped_days"].clone()
}

#[test]
fn what_is_skipped_changes_no_table() {
    let days = ten_days();
    assert!(days.len() >= 10);
    for (options, expected) in [
        (["--from", "2026-03-06", "--to", "2026-03-06"].as_slice(), true),
        (&["--from", "2026-03-11"], true),
        (&["--from", "2026-03-10"], false),
        (&["--to", "2026-03-04"], true),
        (&["--to", "2026-03-04", "--as-of", "2026-04-01T00:00:00Z"], true),
        (&["--from", "2026-03-11", "--timezone", "America/New_York"], true),
        (&["--from", "2026-03-11", "--timezone", "Pacific/Auckland"], false),
        (&["--last-days", "2", "--as-of", "2026-03-07T12:00:00Z"], true),
        (&["--from", "2026-03-02", "--to", "2026-03-12"], false),
        (&[], false),
    ] {
        let options: Vec<&str> = options.iter().copied().chain(["--stale-after", "1d"]).collect();
        let (all, some) = (run_in(&days, "", &options), run_in(&days, "date=", &options));
        assert_eq!((skipped(&all), skipped(&some) != 0), (0.into(), expected), "{options:?}");
        assert!(!all.rows("tasks.parquet").is_empty(), "{options:?}");
        for table in TABLES {
            assert!(all.bytes(table) == some.bytes(table), "{table} differs: {options:?}");
        }
        let as_of = |run: &Run| run.receipt()["options"]["as_of"].clone();
        assert_eq!(as_of(&all), as_of(&some), "{options:?}");
    }
}

#[test]
fn in_s3_as_in_folders_days_that_cannot_matter_are_not_even_listed() {
    let days = ten_days();
    let store = Store::start();
    for (date, object) in &days {
        store.put(&format!("events/date={date}/batch.parquet"), object);
    }
    let options = ["--from", "2026-03-11", "--to", "2026-03-11", "--stale-after", "1d"];
    let expected = run_in(&days, "date=", &options);
    store.before_each(|_, path| assert!(!path.contains("2026-03-02"), "{path}"));
    let places = ["--events", "s3://bucket/events", "--out", "s3://bucket/out"];
    let output = store.program(&[places.as_slice(), &options].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let pointer: Value = serde_json::from_slice(&store.get("out/latest.json")).unwrap();
    let folder = pointer["run"].as_str().unwrap();
    assert!(store.get(&format!("out/{folder}/receipt.json")) == expected.bytes("receipt.json"));
    let printed = text(&output.stdout);
    assert!(printed.contains("days of the archive not read, too far from these"), "{printed}");
}

#[test]
fn what_has_no_date_is_read_for_any_period() {
    let bodies = std::fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    let files = ["date=2022-10-14/a", "date=2022-1-1/b", "date=today/c", "dates/date=2001-01-01/d"];
    let files = files.map(|name| (name, bodies.as_slice()));
    let run = run(archive(&files).path(), &["--from", "2022-10-14", "--to", "2022-10-14"]);
    assert_eq!(skipped(&run), 0);
    assert_eq!(run.receipt()["inputs"].as_array().unwrap().len(), 4);
}

#[test]
fn a_period_without_any_day_to_read_is_an_error_that_says_so() {
    let bodies = std::fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    let folder = archive(&[("date=2022-10-14/a", bodies.as_slice())]);
    let events = folder.path().to_str().unwrap();
    let period = ["--from", "2026-01-01", "--as-of", "2026-02-01T00:00:00Z"];
    let place = ["--events", events, "--task", "any"];
    let output = program(&[place.as_slice(), &period].concat());
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("that could hold events of these days, but those of 1 others"), "{said}");
}
