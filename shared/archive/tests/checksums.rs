//! A file that is not as it was written is an error, whatever happened to it.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use std::error::Error;
use std::io::Cursor;
use std::path::Path;

use event_archive::{Archive, ArchivedEvent, Headers, ReadError, write};
use polars_parquet::read::read_metadata;
use polars_parquet_format::PageHeader;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;
use task_timeline::EpochMs;
use webhook::Webhook;

/// What `write` made of the sample before there were checksums.
const WITHOUT_CHECKSUMS: &[u8] = include_bytes!("without_checksums.parquet");

fn bodies(sample: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/sample/webhooks");
    let text = std::fs::read_to_string(folder.join(sample)).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn archive(bodies: &[String]) -> Vec<u8> {
    let events: Vec<ArchivedEvent<'_>> = (0..)
        .zip(bodies)
        .map(|(number, body)| ArchivedEvent {
            webhook: Webhook::parse(body.as_bytes()).unwrap(),
            arrived_at: EpochMs(1_790_000_000_000 + number),
            headers: Headers {
                timestamp: (number % 2 == 0).then_some("1790000000333"),
                version: (number % 2 == 0).then_some("task:1.0.0"),
            },
            body,
        })
        .collect();
    write(&events).unwrap()
}

fn sample() -> Vec<u8> {
    archive(&bodies("normal-callback.ndjson"))
}

/// All that a file holds, or why it cannot be read.
fn content(bytes: &[u8]) -> Result<Vec<String>, String> {
    let archive = Archive::open(bytes.to_vec()).map_err(told)?;
    let mut content = Vec::new();
    for group in 0..archive.groups() {
        let events = archive.events(group).map_err(told)?;
        content.extend(events.iter().map(|event| format!("{event:?}")));
        let bodies = archive.bodies(group).map_err(told)?;
        content.extend(bodies.iter().map(|body| format!("{body:?}")));
    }
    Ok(content)
}

fn told(error: ReadError) -> String {
    format!("{error}: {}", error.source().map(ToString::to_string).unwrap_or_default())
}

fn with_flipped_bit(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// The file as if it had no checksum of its own: the key is another one.
fn unsealed(bytes: &[u8]) -> Vec<u8> {
    let key = b"trueline:checksum";
    let at = bytes.windows(key.len()).rposition(|part| part == key).unwrap();
    with_flipped_bit(bytes, 8 * at)
}

/// Where the pages of each column lie, with their headers.
fn chunks(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let metadata = read_metadata(&mut Cursor::new(bytes)).unwrap();
    let columns = metadata.row_groups.iter().flat_map(|group| group.parquet_columns());
    let ranges = columns.map(|column| column.byte_range());
    let at = |place: u64| usize::try_from(place).unwrap();
    ranges.map(|range| at(range.start)..at(range.end)).collect()
}

#[test]
fn no_flipped_bit_goes_unnoticed_or_changes_anything() {
    let bytes = sample();
    let whole = content(&bytes).unwrap();
    for bit in 0..8 * bytes.len() {
        match content(&with_flipped_bit(&bytes, bit)) {
            Err(error) => assert!(error.starts_with("the file is damaged: "), "bit {bit}: {error}"),
            Ok(content) => assert!(content == whole, "bit {bit}"),
        }
    }
}

#[test]
fn no_truncated_file_is_read() {
    let bytes = sample();
    for length in 0..bytes.len() {
        assert!(content(&bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn pages_of_another_archive_are_noticed() {
    let (bytes, others) = (sample(), bodies("normal-callback.ndjson"));
    let others: Vec<String> =
        others.iter().map(|body| body.replace("0e563a11", "0e563a12")).collect();
    let other = archive(&others);
    let (own, foreign) = (chunks(&bytes), chunks(&other));
    let mut swapped = 0;
    for (own, foreign) in own.into_iter().zip(foreign) {
        if own.len() == foreign.len() && bytes[own.clone()] != other[foreign.clone()] {
            let mut bytes = bytes.clone();
            bytes[own].copy_from_slice(&other[foreign]);
            assert!(content(&bytes).is_err());
            swapped += 1;
        }
    }
    assert!(swapped > 0);
}

/// All pages of a row group are whole, and their own checksums fit: only the one of the file tells.
#[test]
fn a_row_group_of_another_archive_is_noticed() {
    const ROW_GROUP_ROWS: usize = 1 << 16;
    let [first, .., last] = &bodies("normal-callback.ndjson")[..] else { panic!("no sample") };
    let with_last = |task: u32| {
        let last = last.replace("0e563a11", &format!("{task:08x}"));
        archive(&[vec![first.clone(); ROW_GROUP_ROWS], vec![last]].concat())
    };
    let second_group = |bytes: &[u8]| {
        let chunks = chunks(bytes);
        let second = &chunks[chunks.len() / 2..];
        second.first().unwrap().start..second.last().unwrap().end
    };
    let (bytes, other) = (with_last(0x0e56_3a11), with_last(0x0e56_3a12));
    let range = second_group(&bytes);
    assert_eq!(second_group(&other), range);
    let mut swapped = bytes.clone();
    swapped[range.clone()].copy_from_slice(&other[range]);
    let error = Archive::open(swapped.clone()).map_err(told).err().unwrap();
    assert!(error.starts_with("the file is damaged: "), "{error}");
    let by_pages = Archive::open(unsealed(&swapped)).unwrap();
    let whole = Archive::open(other).unwrap();
    let last_rows =
        |archive: &Archive| format!("{:?}", archive.events(1).unwrap().iter().collect::<Vec<_>>());
    assert_eq!(last_rows(&by_pages), last_rows(&whole));
}

#[test]
fn every_page_has_the_checksum_that_other_readers_check() {
    let bytes = sample();
    let mut pages = 0;
    for chunk in chunks(&bytes) {
        let mut rest = &bytes[chunk];
        while !rest.is_empty() {
            let limit = rest.len();
            let mut thrift = TCompactInputProtocol::new(&mut rest, limit);
            let header = PageHeader::read_from_in_protocol(&mut thrift).unwrap();
            let (page, after) =
                rest.split_at(usize::try_from(header.compressed_page_size).unwrap());
            assert_eq!(header.crc, Some(crc32fast::hash(page).cast_signed()));
            (rest, pages) = (after, pages + 1);
        }
    }
    assert!(pages > 24, "{pages}");
}

#[test]
fn pages_are_checked_in_a_file_that_has_only_their_checksums() {
    let bytes = unsealed(&sample());
    let archive = Archive::open(bytes.clone()).unwrap();
    assert!(!archive.has_checksum());
    for chunk in chunks(&bytes) {
        // The last byte of a chunk is that of a page.
        assert!(content(&with_flipped_bit(&bytes, 8 * chunk.end - 1)).is_err());
    }
}

#[test]
fn a_file_from_before_there_were_checksums_is_read() {
    assert_eq!(content(WITHOUT_CHECKSUMS), content(&sample()));
    assert!(!Archive::open(WITHOUT_CHECKSUMS.to_vec()).unwrap().has_checksum());
    assert!(Archive::open(sample()).unwrap().has_checksum());
}
