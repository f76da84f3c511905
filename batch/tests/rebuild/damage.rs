//! Damage to an archive is an error that names the file, or it changes nothing.

use std::fs;

use task_timeline::EpochMs;

use crate::job::{TABLES, archive, program, run, sample, text, try_run_at};
use crate::own_format::parquet;

/// What the live path wrote before archives had checksums.
pub const WITHOUT_CHECKSUMS: &[u8] =
    include_bytes!("../../../shared/archive/tests/without_checksums.parquet");

/// How many bits are flipped, one at a time; with `LONG_PROOFS=1`, as `just proofs` sets it, every bit.
const FLIPS: usize = 1_000;

pub fn normal_callback() -> String {
    fs::read_to_string(sample("webhooks").join("normal-callback.ndjson")).unwrap()
}

pub fn with_flipped_bit(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

#[expect(clippy::disallowed_methods, reason = "a test asks how long it may take")]
fn is_long() -> bool {
    std::env::var("LONG_PROOFS").is_ok_and(|asked| asked == "1")
}

#[test]
fn a_flipped_bit_is_an_error_with_the_name_of_the_file_or_changes_no_table() {
    let bodies = normal_callback();
    let whole = parquet((1_790_000_000_000..).map(EpochMs).zip(bodies.lines()));
    let expected = run(archive(&[("a.parquet", &whole)]).path(), &["--no-report"]);
    let bits = 8 * whole.len();
    let flips = if is_long() { bits } else { FLIPS };
    for number in 0..flips {
        let bit = number * bits / flips;
        let events = archive(&[("a.parquet", &with_flipped_bit(&whole, bit))]);
        match try_run_at(EpochMs::LATEST, events.path(), &["--no-report"]) {
            Err(error) => assert!(error.to_string().contains("a.parquet "), "bit {bit}: {error}"),
            Ok(run) => {
                for table in TABLES {
                    assert!(run.bytes(table) == expected.bytes(table), "bit {bit}: {table}");
                }
            }
        }
    }
}

#[test]
fn an_archive_from_before_there_were_checksums_is_read_and_counted() {
    let bodies = normal_callback();
    let now = parquet((1_790_000_000_000..).map(EpochMs).zip(bodies.lines()));
    let [before, now] = [WITHOUT_CHECKSUMS, &now].map(|bytes| {
        let events = archive(&[("a.parquet", bytes)]);
        run(events.path(), &[])
    });
    assert!(TABLES.iter().all(|table| before.bytes(table) == now.bytes(table)));
    let said = "1 archives without a checksum";
    assert!(before.summary().contains(said), "{}", before.summary());
    assert!(!now.summary().contains("without a checksum"), "{}", now.summary());
    let count = |run: &crate::job::Run| run.receipt()["counts"]["files_without_checksum"].clone();
    assert_eq!([count(&before), count(&now)], [1, 0]);
}

#[test]
fn a_file_that_is_not_read_is_named_with_the_reason() {
    let bodies = normal_callback();
    let whole = parquet(bodies.lines().map(|body| (EpochMs(1_790_000_000_000), body)));
    let damaged = with_flipped_bit(&whole, 0);
    let run = run(archive(&[("damaged", &damaged), ("whole", &whole)]).path(), &[]);
    let said = "not read: damaged is neither one webhook per line";
    assert!(run.summary().contains(said), "{}", run.summary());
    assert_eq!(run.receipt()["counts"]["unrelated_files"], 1);
}

#[test]
fn a_file_on_which_the_decoder_panics_is_named_and_nothing_else_is_printed() {
    /// The decoder of Polars (0.55) panics when this one is flipped.
    const BIT: usize = 5_060;
    let damaged = with_flipped_bit(WITHOUT_CHECKSUMS, BIT);
    let events = archive(&[("a.parquet", &damaged), ("b.ndjson", normal_callback().as_bytes())]);
    let output = program(&[events.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let (printed, errors) = (text(&output.stdout), text(&output.stderr));
    let said = "rejected: a.parquet breaks off: the file is damaged: it cannot be decoded";
    assert!(printed.contains(said), "{printed}");
    assert!(!errors.contains("panicked"), "{errors}");
}
