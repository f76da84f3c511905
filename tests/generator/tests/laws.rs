//! Laws of generated archives, checked on what a reader gets: lines and truth.
//!
//! Invariant: no law depends on the inside of the generator.

#![expect(clippy::unwrap_used, reason = "a law that cannot be checked does not hold")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use generate_archive::kinds::KINDS;
use generate_archive::record::{Basis, Phase, Segment, Truth};
use generate_archive::{Archive, Deal, Format, Options, Quirks, Task, write_archive};
use serde_json::Value;

fn archive(options: Options) -> Archive {
    Archive::new(options).unwrap()
}

fn with_tasks(tasks: u64) -> Options {
    Options { tasks, shifts: 2, ..Options::default() }
}

fn lines(options: Options) -> Vec<String> {
    archive(options).deliveries().map(|delivery| delivery.line).collect()
}

fn bodies(task: &Task) -> Vec<Value> {
    task.deliveries.iter().map(|delivery| serde_json::from_str(&delivery.line).unwrap()).collect()
}

fn created(body: &Value) -> u64 {
    body["data"]["createdTime"].as_u64().unwrap()
}

/// What makes an event the same event: its type and its data, keys sorted and nulls dropped.
fn identity(body: &Value) -> String {
    let mut data = body["data"].clone();
    data.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    format!("{} {data}", body["type"])
}

#[test]
fn segments_touch_and_sums_add_up() {
    for Task { truth, .. } in archive(with_tasks(5_000)).tasks() {
        let Truth { segments, sums, task_id, .. } = &truth;
        assert_eq!(segments[0].started_at, truth.started_at, "{task_id}");
        assert_eq!(segments.last().unwrap().ended_at, truth.ended_at, "{task_id}");
        for pair in segments.windows(2) {
            assert_eq!(pair[0].ended_at, Some(pair[1].started_at), "{task_id}");
        }
        let lasts = |segment: &&Segment| segment.ended_at.is_some_and(|at| at > segment.started_at);
        let closed = segments.iter().filter(lasts).count();
        assert_eq!(closed, segments.len() - usize::from(truth.ended_at.is_none()), "{task_id}");
        let phases = sums.self_service_ms + sums.live_wait_ms + sums.callback_wait_ms;
        let phases = phases + sums.outbound_wait_ms + sums.ring_ms + sums.dialing_ms + sums.talk_ms;
        let phases = phases + sums.hold_ms + sums.consult_ms + sums.conference_ms;
        assert_eq!(phases, sums.total_ms, "{task_id}");
        if let Some(ended_at) = truth.ended_at {
            assert_eq!(sums.total_ms, ended_at - truth.started_at, "{task_id}");
        }
    }
}

#[test]
fn offers_and_offered_segments_are_the_same_rings() {
    for Task { truth, .. } in archive(with_tasks(5_000)).tasks() {
        let offered: Vec<_> = truth.segments.iter().filter(|s| s.phase == Phase::Offered).collect();
        assert_eq!(offered.len(), truth.offers.len(), "{}", truth.task_id);
        for (segment, offer) in offered.iter().zip(&truth.offers) {
            assert_eq!(segment.started_at, offer.offered_at, "{}", truth.task_id);
            let stopped = offer.answered_at.or(offer.released_at);
            assert_eq!(segment.ended_at, stopped, "{}", truth.task_id);
            assert_eq!(segment.agent_id, offer.agent_id, "{}", truth.task_id);
        }
    }
}

#[test]
fn states_of_a_shift_touch_and_some_logouts_are_lost() {
    let archive = archive(Options { tasks: 1, shifts: 20, ..Options::default() });
    let (mut ends, mut lost, mut after_silence) = (0, 0, 0);
    for agent in archive.agents() {
        for pair in agent.states.windows(2).filter(|pair| pair[0].channel == pair[1].channel) {
            assert!(pair[0].ended_at <= pair[1].started_at, "{}", agent.agent_id);
            let is_end = pair[0].ended_at < pair[1].started_at || pair[0].basis == Basis::Inferred;
            ends += usize::from(is_end);
            lost += usize::from(pair[0].basis == Basis::Inferred);
            after_silence += usize::from(
                pair[0].basis == Basis::Inferred && pair[0].ended_at < pair[1].started_at,
            );
        }
    }
    assert!(after_silence > 0 && lost > after_silence && ends > 2 * lost, "{ends} {lost}");
}

#[test]
fn every_kind_occurs_in_5000_tasks() {
    let archive = archive(with_tasks(5_000));
    let occurring: HashSet<_> = archive.tasks().map(|task| task.truth.kind).collect();
    for kind in KINDS {
        assert!(occurring.contains(kind.name), "{}", kind.name);
    }
}

#[test]
fn only_the_wanted_kinds_occur() {
    let archive = archive(Options { tasks: 200, ..Options::only(&["survey", "outdial"]) });
    assert!(archive.tasks().all(|task| ["survey", "outdial"].contains(&task.truth.kind)));
}

#[test]
fn every_event_is_delivered_and_repeats_are_counted() {
    let archive = archive(with_tasks(3_000));
    let mut deliveries = archive.deliveries();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for delivery in deliveries.by_ref() {
        *seen.entry(identity(&serde_json::from_str(&delivery.line).unwrap())).or_default() += 1;
    }
    let summary = deliveries.summary();
    let repeats: usize = seen.values().map(|times| times - 1).sum();
    assert_eq!(u64::try_from(seen.len()).unwrap(), summary.distinct_events);
    assert_eq!(u64::try_from(repeats).unwrap(), summary.repeats);
    let told: usize = archive.tasks().map(|task| task.truth.events).sum();
    assert_eq!(summary.distinct_events, u64::try_from(told).unwrap() + summary.events_without_task);
    let repeated: usize = archive.tasks().map(|task| task.truth.duplicates).sum();
    assert_eq!(repeated, repeats);
}

#[test]
fn webhook_ids_are_shared_but_never_conflict() {
    let mut events_of: HashMap<String, HashSet<String>> = HashMap::new();
    let mut data_of: HashMap<String, String> = HashMap::new();
    for line in lines(with_tasks(3_000)) {
        let body: Value = serde_json::from_str(&line).unwrap();
        let key = format!("{} {} {}", body["id"], body["type"], created(&body));
        let identity = identity(&body);
        assert_eq!(data_of.entry(key).or_insert_with(|| identity.clone()), &identity);
        events_of.entry(body["id"].to_string()).or_default().insert(identity);
    }
    let shared = events_of.values().filter(|events| events.len() > 1).count();
    assert!(shared > events_of.len() / 4, "{shared} of {}", events_of.len());
}

#[test]
fn without_quirks_everything_comes_once_in_order_under_an_id_of_its_own() {
    let (mut last, mut ids) = (0, HashSet::new());
    for line in lines(Options { quirks: Quirks::none(), ..with_tasks(1_000) }) {
        let body: Value = serde_json::from_str(&line).unwrap();
        if is_message(&body) {
            continue;
        }
        assert!(created(&body) >= last);
        assert!(ids.insert(body["id"].to_string()));
        last = created(&body);
    }
}

#[test]
fn quirks_change_nothing_that_is_true() {
    let plain = archive(Options { quirks: Quirks::none(), ..with_tasks(500) });
    let quirks = Quirks { loss: 0.3, unreadable: 0.1, repeats: 0.4, ..Quirks::default() };
    let odd = archive(Options { quirks, ..with_tasks(500) });
    for index in 0..500 {
        let truth = Truth { duplicates: 0, ..odd.truth(index) };
        let (truth, plain) =
            (serde_json::to_value(truth), serde_json::to_value(plain.truth(index)));
        assert_eq!(truth.unwrap(), plain.unwrap());
    }
}

#[test]
fn lost_and_unreadable_lines_are_counted() {
    let quirks = Quirks { loss: 0.05, unreadable: 0.02, ..Quirks::default() };
    for format in [Format::Ndjson, Format::Csv] {
        let archive = archive(Options { format, quirks: quirks.clone(), ..with_tasks(1_000) });
        let mut deliveries = archive.deliveries();
        let readable = |line: &str| match format {
            Format::Csv => !line.contains(",yesterday,"),
            Format::Ndjson | Format::Gz | Format::Zst | Format::Parquet => {
                serde_json::from_str::<Value>(line).is_ok_and(|body| body["data"].is_object())
            }
        };
        let (good, bad): (Vec<_>, Vec<_>) =
            deliveries.by_ref().partition(|delivery| readable(&delivery.line));
        let summary = deliveries.summary();
        assert_eq!(u64::try_from(bad.len()).unwrap(), summary.unreadable_lines);
        assert_eq!(u64::try_from(good.len() + bad.len()).unwrap(), summary.lines);
        let sent = summary.distinct_events + summary.repeats;
        assert_eq!(summary.lines - summary.unreadable_lines, sent - summary.lost);
        assert!(summary.lost > 0 && summary.unreadable_lines > 0);
    }
}

#[test]
fn deliveries_arrive_in_order_and_disorder_stays_in_its_window() {
    let options = with_tasks(2_000);
    let window = options.quirks.disorder_window_ms;
    let (mut last, mut newest, mut late) = (0, 0, 0);
    let quirks = Quirks { repeats: 0.0, ..options.quirks.clone() };
    for delivery in archive(Options { quirks, ..options }).deliveries() {
        assert!(delivery.arrives_at >= last);
        last = delivery.arrives_at;
        let body: Value = serde_json::from_str(&delivery.line).unwrap();
        if is_message(&body) {
            continue;
        }
        let at = created(&body);
        assert!(at + window >= newest);
        late += usize::from(at < newest);
        newest = newest.max(at);
    }
    assert!(late > 100, "{late}");
}

#[test]
fn a_wrapup_is_close_to_the_next_task_event_or_far_before_it() {
    for task in archive(with_tasks(5_000)).tasks() {
        let bodies = bodies(&task);
        let task_events = || bodies.iter().filter(|body| is_task_event(body)).map(created);
        let wrapups = bodies.iter().filter(|body| body["data"]["currentState"] == "wrapup");
        for wrapup in wrapups.map(created) {
            if task_events().any(|at| at <= wrapup && wrapup - at <= 480) {
                continue;
            }
            let Some(next) = task_events().filter(|at| *at > wrapup).min() else { continue };
            let next = next - wrapup;
            assert!(!(401..3_000).contains(&next), "{next} ms in {}", task.truth.task_id);
        }
    }
}

/// The clock of messages may be hours behind.
fn is_message(body: &Value) -> bool {
    body["type"] == "task-message:appended"
}

fn is_task_event(body: &Value) -> bool {
    body["type"].as_str().unwrap().starts_with("task:")
}

#[test]
fn a_ring_begins_long_after_the_one_before_it_ended() {
    for Task { truth, .. } in archive(with_tasks(5_000)).tasks() {
        for pair in truth.offers.windows(2) {
            let between = pair[1].offered_at - pair[0].released_at.unwrap();
            let is_direct_transfer = between == 0 && pair[0].answered_at.is_some();
            assert!(between >= 5_000 || is_direct_transfer, "{}", truth.task_id);
            assert_ne!(pair[0].agent_id, pair[1].agent_id, "{}", truth.task_id);
        }
    }
}

#[test]
fn lines_are_as_long_as_those_of_a_tenant() {
    let lines = lines(with_tasks(3_000));
    let mean = lines.iter().map(|line| line.len() + 1).sum::<usize>() / lines.len();
    assert!((500..=560).contains(&mean), "{mean}");
    assert!(lines.iter().all(|line| !line.contains('\n')));
}

#[test]
fn rows_have_the_columns_of_the_sample() {
    let rows = lines(Options { format: Format::Csv, ..with_tasks(1_000) });
    for (row, number) in rows.iter().zip(1..) {
        let columns: Vec<&str> = row.split(',').collect();
        assert_eq!(columns.len(), 12, "{row}");
        assert_eq!(columns[0], number.to_string());
        assert_eq!(columns[2].len(), "2022-10-14 18:34:03.000".len(), "{row}");
    }
}

#[test]
fn about_as_many_lines_are_written_as_wanted() {
    for events in [1_u64, 500, 20_000, 60_000] {
        let archive = archive(Options { events: Some(events), ..Options::default() });
        let lines = u64::try_from(archive.deliveries().count()).unwrap();
        assert!(lines >= events - events / 20, "{lines} for {events}");
        assert!(lines <= events + events / 20 + 60, "{lines} for {events}");
    }
}

#[test]
fn options_that_make_no_sense_are_refused() {
    let refused = |options| Archive::new(options).unwrap_err().to_string();
    assert!(refused(Options { days: 11, ..Options::default() }).contains("days"));
    assert!(refused(Options { tasks: 0, ..Options::default() }).contains("task"));
    assert!(refused(Options::only(&[])).contains("weight"));
    let weights = vec![("no_such_kind".to_owned(), 1)];
    assert!(refused(Options { weights, ..Options::default() }).contains("no_such_kind"));
    let quirks = Quirks { loss: 1.5, ..Quirks::default() };
    assert!(refused(Options { quirks, ..Options::default() }).contains("rate"));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for format in [Format::Ndjson, Format::Gz, Format::Zst, Format::Csv, Format::Parquet] {
        for deal in [Deal::ByTime, Deal::RoundRobin] {
            let options = Options { format, deal, files: 3, ..with_tasks(300) };
            let first = written("first", &options);
            assert_eq!(first.len(), 6);
            assert!(first.values().all(|bytes| !bytes.is_empty()));
            assert!(first == written("second", &options), "{format:?} {deal:?}");
            assert!(first != written("other", &Options { seed: 2, ..options }));
        }
    }
}

#[test]
fn the_files_hold_what_the_library_gives() {
    let options = Options { files: 4, ..with_tasks(400) };
    let files = written("files", &options);
    let text = |name: &str| String::from_utf8(files[Path::new(name)].clone()).unwrap();
    let events: String =
        (0..4).map(|part| text(&format!("events/part-{part:05}.ndjson"))).collect();
    let given: String = lines(options.clone()).iter().map(|line| line.clone() + "\n").collect();
    assert!(events == given);
    let truth = text("truth.ndjson");
    let mut told: Vec<String> =
        archive(options).tasks().map(|t| serde_json::to_string(&t.truth).unwrap()).collect();
    told.sort_by_key(|line| serde_json::from_str::<Value>(line).unwrap()["task_id"].to_string());
    assert!(truth.lines().eq(told.iter().map(String::as_str)));
}

#[test]
fn an_archive_is_not_written_over_another() {
    let folder = fresh_folder("over");
    write_archive(&folder, &with_tasks(3)).unwrap();
    assert!(write_archive(&folder, &with_tasks(3)).is_err());
}

/// Every file of an archive written with these options, by its path.
fn written(name: &str, options: &Options) -> BTreeMap<PathBuf, Vec<u8>> {
    let folder = fresh_folder(&format!("{name}-{:?}-{:?}", options.format, options.deal));
    write_archive(&folder, options).unwrap();
    let mut files = BTreeMap::new();
    for path in [folder.clone(), folder.join("events")] {
        for entry in fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let bytes = fs::read(&path).unwrap();
                files.insert(path.strip_prefix(&folder).unwrap().to_owned(), bytes);
            }
        }
    }
    files
}

fn fresh_folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generate-archive").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    folder
}
