//! The archive's own format: the same results as from bodies, and late deliveries counted.

use std::collections::BTreeMap;
use std::fs;

use event_archive::{ArchivedEvent, Headers, write};
use generate_archive::{Archive, Options};
use serde_json::Value;
use task_timeline::{Delivery, EpochMs, FigureOptions, History, Limits};
use webhook::Webhook;

use crate::job::{Run, TABLES, archive, program, run, sample, text};

/// The archive that these deliveries would make; what is no webhook never gets there.
pub fn parquet<'a>(deliveries: impl Iterator<Item = (EpochMs, &'a str)>) -> Vec<u8> {
    let events: Vec<ArchivedEvent<'_>> = deliveries
        .filter_map(|(arrived_at, body)| {
            let webhook = Webhook::parse(body.as_bytes()).ok()?;
            Some(ArchivedEvent { webhook, arrived_at, headers: Headers::default(), body })
        })
        .collect();
    write(&events).unwrap()
}

fn normal_callback() -> String {
    fs::read_to_string(sample("webhooks").join("normal-callback.ndjson")).unwrap()
}

/// All rows of all tables, but for what is told about late deliveries.
fn tables(run: &Run) -> BTreeMap<&'static str, Vec<Value>> {
    let mut tables: BTreeMap<_, _> = TABLES.iter().map(|table| (*table, run.rows(table))).collect();
    tables.get_mut("corrections.parquet").unwrap().retain(|row| row["rule"] != "late");
    for task in tables.get_mut("tasks.parquet").unwrap() {
        let others = task["corrections"].as_u64().unwrap() - u64::from(task["late"] != 0);
        (task["late"], task["corrections"]) = (0.into(), others.into());
    }
    tables
}

#[test]
fn archives_and_bodies_give_the_same_tables_and_archives_know_what_was_late() {
    let options = Options { tasks: 300, seed: 5, ..Options::default() };
    let generated: Vec<(EpochMs, String)> = Archive::new(options)
        .unwrap()
        .deliveries()
        .map(|delivery| (EpochMs(delivery.arrives_at.cast_signed()), delivery.line))
        .collect();
    let bodies: String = generated.iter().map(|(_, line)| line.clone() + "\n").collect();
    let objects: Vec<(String, Vec<u8>)> = generated
        .chunks(900)
        .enumerate()
        .map(|(number, part)| {
            let part = part.iter().map(|(at, line)| (*at, line.as_str()));
            (format!("date=2026-09-0{}/{number}.parquet", number % 3 + 1), parquet(part))
        })
        .collect();
    let objects: Vec<(&str, &[u8])> =
        objects.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let from_bodies = run(archive(&[("a.ndjson", bodies.as_bytes())]).path(), &[]);
    let from_archives = run(archive(&objects).path(), &[]);
    assert!(tables(&from_bodies) == tables(&from_archives));

    let mut histories: BTreeMap<String, Vec<Delivery>> = BTreeMap::new();
    for (arrived_at, line) in &generated {
        let Ok(Webhook { task: Some(task), event, .. }) = Webhook::parse(line.as_bytes()) else {
            continue;
        };
        let delivery = Delivery { event, arrived_at: Some(*arrived_at) };
        histories.entry(task.to_string()).or_default().push(delivery);
    }
    let terms = FigureOptions {
        as_of: EpochMs::LATEST,
        stale_after_ms: 0,
        short_call_ms: 0,
        limits: Limits::default(),
    };
    let mut late = 0;
    for task in from_archives.rows("tasks.parquet") {
        let deliveries = histories.remove(task["task_id"].as_str().unwrap()).unwrap();
        let figures = History::fold(deliveries, &terms).figures.unwrap();
        assert_eq!(task["late"], figures.late, "{}", task["task_id"]);
        late += figures.late;
    }
    assert!(late > 0);
    assert_eq!(from_archives.receipt()["counts"]["late"], late);
    assert_eq!(from_bodies.receipt()["counts"]["late"], 0);
}

#[test]
fn a_repeat_is_as_late_as_its_first_delivery() {
    let bodies = normal_callback();
    let again = |from: i64| bodies.lines().zip(from..).map(|(body, at)| (EpochMs(at), body));
    let in_order = parquet(again(1_790_000_000_000));
    let later = parquet(again(1_790_000_500_000).collect::<Vec<_>>().into_iter().rev());
    for files in [[("a", &in_order), ("b", &later)], [("a", &later), ("b", &in_order)]] {
        let run = run(archive(&files.map(|(name, bytes)| (name, bytes.as_slice()))).path(), &[]);
        let task = &run.rows("tasks.parquet")[0];
        assert_eq!((&task["late"], &task["duplicates"]), (&0.into(), &11.into()));
    }
}

#[test]
fn a_delivery_that_was_archived_twice_is_one_delivery() {
    let bodies = normal_callback();
    let deliveries = || (1_790_000_000_000..).map(EpochMs).zip(bodies.lines());
    let (all, some) = (parquet(deliveries()), parquet(deliveries().skip(3)));
    let once = run(archive(&[("a", &all)]).path(), &[]);
    let twice = run(archive(&[("a", &all), ("b", &some)]).path(), &[]);
    assert!(TABLES.iter().all(|table| once.bytes(table) == twice.bytes(table)));
    let counts = &twice.receipt()["counts"];
    assert_eq!((&counts["duplicates"], &counts["copies"]), (&0.into(), &8.into()));
}

#[test]
fn archives_that_are_damaged_and_tables_that_are_none_are_named() {
    let bodies = normal_callback();
    let whole = parquet(bodies.lines().map(|body| (EpochMs(1_790_000_000_000), body)));
    let mut damaged = whole.clone();
    damaged[20..1_000].fill(0);
    let other = run(&sample("webhooks"), &[]).bytes("tasks.parquet");
    let events = archive(&[
        ("cut.parquet", &whole[..whole.len() - 9]),
        ("damaged", &damaged),
        ("other", &other),
        ("whole", &whole),
    ]);
    let out = tempfile::tempdir().unwrap();
    let [events, out] = [events.path(), out.path()].map(|path| path.to_str().unwrap());
    let output = program(&["--events", events, "--out", out]);
    assert_eq!(output.status.code(), Some(3));
    let printed = text(&output.stdout);
    for named in [
        "rejected: cut.parquet is no archive of events: the file is damaged",
        "rejected: damaged is no archive of events: the file is damaged",
        "rejected: other is no archive of events: there is no column `body`",
        "deliveries                      11",
    ] {
        assert!(printed.contains(named), "{named}: {printed}");
    }
}
