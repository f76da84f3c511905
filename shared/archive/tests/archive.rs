//! What is written is read again, whatever it is; what cannot be read is said.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::io::Cursor;
use std::path::Path;

use event_archive::*;
use polars_parquet::read::{FileMetadata, read_metadata};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use task_timeline::*;
use webhook::Webhook;

/// A file from before there were checksums, so that damage reaches the decoder.
const WITHOUT_CHECKSUMS: &[u8] = include_bytes!("without_checksums.parquet");

/// A body of every type.
fn fixtures() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/webhooks");
    let mut bodies: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    bodies.sort();
    bodies
}

fn archived(body: &str, number: i64) -> ArchivedEvent<'_> {
    let v2 = number % 2 == 0;
    ArchivedEvent {
        webhook: Webhook::parse(body.as_bytes()).unwrap(),
        arrived_at: EpochMs(1_790_000_000_000 + number),
        headers: Headers {
            timestamp: v2.then_some("1790000000333"),
            version: v2.then_some("task:1.0.0"),
        },
        body,
    }
}

fn all_archived(bodies: &[String]) -> Vec<ArchivedEvent<'_>> {
    (0..).zip(bodies).map(|(number, body)| archived(body, number)).collect()
}

/// Everything that a file holds: the webhooks, their arrivals, the headers and the bodies.
fn check(bytes: Vec<u8>, events: &[ArchivedEvent<'_>]) {
    let archive = Archive::open(bytes).unwrap();
    let mut expected = events.iter();
    for group in 0..archive.groups() {
        let (read, bodies) = (archive.events(group).unwrap(), archive.bodies(group).unwrap());
        for (read, body) in read.iter().zip(bodies.iter()) {
            let (read, expected) = (read.unwrap(), expected.next().unwrap());
            assert_eq!(read.webhook, expected.webhook);
            assert_eq!(read.arrived_at, Some(expected.arrived_at));
            assert_eq!(body.arrived_at, Some(expected.arrived_at));
            assert_eq!(body.headers, expected.headers);
            assert_eq!(body.body, expected.body.as_bytes());
        }
    }
    assert_eq!(expected.next(), None);
}

/// That no row differs from its body.
fn check_columns(bytes: &[u8]) {
    let archive = Archive::open(bytes.to_vec()).unwrap();
    for group in 0..archive.groups() {
        let differences = archive.differences(group).unwrap();
        assert!(differences.is_empty(), "{differences:?}");
    }
}

/// The file with other bytes from there on.
fn changed(bytes: &[u8], at: usize, with: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.splice(at..at + with.len(), with.iter().copied());
    bytes
}

/// The file with another version in its footer, and without the checksum that would tell.
fn with_version(bytes: &[u8], version: u8) -> Vec<u8> {
    let place = |key: &[u8]| bytes.windows(key.len()).rposition(|window| window == key).unwrap();
    let at = place(b"trueline:columns");
    let value = bytes[at..].iter().position(|byte| *byte == COLUMNS_VERSION.as_bytes()[0]).unwrap();
    changed(&changed(bytes, at + value, &[version]), place(b"trueline:checksum"), b"another")
}

fn metadata(bytes: &[u8]) -> FileMetadata {
    read_metadata(&mut Cursor::new(bytes)).unwrap()
}

#[test]
fn every_type_comes_back_as_it_was() {
    let bodies = fixtures();
    let events = all_archived(&bodies);
    let bytes = write(&events).unwrap();
    check_columns(&bytes);
    check(bytes, &events);
}

#[test]
fn nothing_comes_back_from_nothing() {
    check(write(&[]).unwrap(), &[]);
}

#[test]
fn many_rows_come_back_in_order() {
    let bodies: Vec<String> = fixtures().into_iter().cycle().take(70_000).collect();
    let events = all_archived(&bodies);
    let bytes = write(&events).unwrap();
    assert_eq!(Archive::open(bytes.clone()).unwrap().groups(), 2);
    check(bytes, &events);
}

#[test]
fn the_same_events_are_the_same_bytes() {
    let bodies = fixtures();
    assert_eq!(write(&all_archived(&bodies)).unwrap(), write(&all_archived(&bodies)).unwrap());
}

#[test]
fn columns_of_another_version_are_read_from_the_bodies() {
    let bodies = fixtures();
    let events = all_archived(&bodies);
    let mut wrong = events.clone();
    for event in &mut wrong {
        event.webhook.event.kind = EventType::Unknown;
        event.webhook.type_name = "derived:wrongly".into();
    }
    check(with_version(&write(&wrong).unwrap(), b'1'), &events);
}

#[test]
fn a_body_of_another_version_that_is_no_webhook_is_handed_out() {
    let bodies = fixtures();
    let mut events = all_archived(&bodies[..2]);
    events[1].body = "{}";
    let bytes = with_version(&write(&events).unwrap(), b'0');
    let read = Archive::open(bytes).unwrap().events(0).unwrap();
    let unreadable = read.iter().nth(1).unwrap().unwrap_err();
    assert_eq!(unreadable.error.to_string(), "`type` is missing");
    assert_eq!(unreadable.body, Some(&b"{}"[..]));
}

#[test]
fn readers_can_prune_by_time() {
    let bodies = fixtures();
    let bytes = write(&all_archived(&bodies)).unwrap();
    let metadata = metadata(&bytes);
    let [group] = metadata.row_groups.as_slice() else { panic!("one group") };
    let times = group.columns_under_root_iter("created_time").unwrap().next().unwrap();
    let statistics = times.statistics(&metadata.footer_buf).unwrap().unwrap();
    let statistics = statistics.expect_as_int64();
    assert_eq!(statistics.min_value, Some(1_790_000_000_123));
    assert_eq!(statistics.null_count, Some(0));
}

#[test]
fn what_is_no_archive_is_said() {
    let error = |bytes: &[u8]| Archive::open(bytes.to_vec()).err().map(|error| error.to_string());
    let bytes = write(&all_archived(&fixtures())).unwrap();
    for truncated in [0, 3, 4, 11, 12, 100, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(error(&bytes[..truncated]).as_deref(), Some("the file is damaged"));
    }
}

/// Texts that mean something to us, and any others.
const TEXT: &str = "94d8835d-c749-11ec-8573-7becd36cb425|telephony|OUTBOUND|COURTESY_CALLBACK|\
    Customer|RONA_TIMER_EXPIRED|NOT_RESPONDING|reconciled|[ -~]{0,150}|.{0,40}";

const MEMBERS: [&str; 10] = [
    "queueId",
    "agentId",
    "currentState",
    "channelType",
    "direction",
    "outboundType",
    "terminatingParty",
    "reason",
    "basis",
    "origin",
];

/// A webhook with any members, known or not.
fn any_body() -> impl Strategy<Value = String> {
    let envelope = ("task:(new|parked|ended|levitated)|agent:login|[a-z]{0,9}", TEXT, TEXT);
    let members = MEMBERS.map(|_| proptest::option::of(TEXT));
    let at = 1_000_000_000_000..4_102_444_800_000_i64;
    (envelope, members, at).prop_map(|((kind, id, source), texts, at)| {
        let members = MEMBERS.iter().zip(texts);
        let mut data: Map<String, Value> =
            members.map(|(name, text)| ((*name).to_owned(), json!(text))).collect();
        data.insert("taskId".to_owned(), json!("task"));
        data.insert("createdTime".to_owned(), json!(at));
        let body = json!({ "id": id, "type": kind, "source": source, "comciscoorgid": "org",
            "comciscotimestamp": at, "data": data });
        body.to_string()
    })
}

/// Whatever can be read of a file is read.
fn read_all(bytes: Vec<u8>) {
    let Ok(archive) = Archive::open(bytes) else { return };
    for group in 0..archive.groups() {
        if let Ok(events) = archive.events(group) {
            let _readable = events.iter().filter(Result::is_ok).count();
        }
        if let Ok(bodies) = archive.bodies(group) {
            let _all = bodies.iter().count();
        }
    }
}

/// One of the bytes is the count of values to make room for; -1 would be very many.
#[test]
fn no_count_of_values_makes_it_ask_for_all_memory() {
    const MINUS_ONE: [u8; 1] = [1];
    let bytes = WITHOUT_CHECKSUMS;
    let metadata = metadata(bytes);
    for column in metadata.row_groups.iter().flat_map(|group| group.parquet_columns()) {
        let pages = [column.dictionary_page_offset(), Some(column.data_page_offset())];
        for page in pages.into_iter().flatten() {
            let header = usize::try_from(page).unwrap()..;
            header.take(32).for_each(|at| read_all(changed(bytes, at, &MINUS_ONE)));
        }
    }
}

/// Some of the bytes begin a list of structures, the row groups or their columns.
#[test]
fn no_length_of_a_list_makes_it_ask_for_all_memory() {
    const LIST_OF_MANY: [u8; 6] = [0xfc, 0xff, 0xff, 0xff, 0xff, 0x07];
    let bytes = WITHOUT_CHECKSUMS;
    let metadata = metadata(bytes);
    let footer = bytes.len() - metadata.footer_buf.len();
    for at in footer..bytes.len() - LIST_OF_MANY.len() {
        let _whatever = Archive::open(changed(bytes, at, &LIST_OF_MANY));
    }
}

proptest! {
    #[test]
    fn any_webhook_comes_back_as_it_was(bodies in prop::collection::vec(any_body(), 0..6)) {
        let readable = |body: &String| Webhook::parse(body.as_bytes()).is_ok();
        let bodies: Vec<String> = bodies.into_iter().filter(readable).collect();
        let events = all_archived(&bodies);
        let bytes = write(&events).unwrap();
        check_columns(&bytes);
        check(with_version(&bytes, b'9'), &events);
        check(bytes, &events);
    }

    #[test]
    fn no_damage_makes_it_panic(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let bytes = WITHOUT_CHECKSUMS;
        read_all(changed(bytes, at.index(bytes.len()), &[byte]));
    }
}
