//! What is longer than any webhook is named and set aside, in little memory and in one pass.

use std::fs;
use std::io::Write;
use std::process::{Command, Output};

use flate2::Compression;
use flate2::write::GzEncoder;
use task_timeline::EpochMs;
use webhook::MAX_BODY_BYTES;

use crate::formats::{gzip, zstd};
use crate::job::{archive, run, sample, text};
use crate::own_format::parquet;

/// The memory that the program gets, in KiB.
const MEMORY_KIB: u32 = 256 << 10;

/// How many MiB a bomb unpacks to: 1 GiB with `LONG_PROOFS=1`, as `just proofs` sets it.
#[expect(clippy::disallowed_methods, reason = "a test asks how long it may take")]
fn bomb_mib() -> usize {
    if std::env::var("LONG_PROOFS").is_ok_and(|asked| asked == "1") { 1024 } else { 300 }
}

/// A webhook of exactly `bytes` bytes.
fn webhook_of(bytes: usize, task: &str) -> String {
    let body = |padding: usize| {
        format!(
            r#"{{"type":"task:new","comciscoorgid":"o","padding":"{}","data":{{"taskId":"{task}","createdTime":1665772443000}}}}"#,
            "x".repeat(padding)
        )
    };
    body(bytes - body(0).len())
}

/// One line of many MiB of the same byte, after `begin`, as gzip. It has no end.
fn gzip_bomb(begin: &str, byte: u8, mib: usize) -> Vec<u8> {
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    member.write_all(&vec![byte; 1 << 20]).unwrap();
    [gzip(begin.as_bytes()), member.finish().unwrap().repeat(mib)].concat()
}

/// The same as zstd.
fn zstd_bomb(begin: &str, byte: u8, mib: usize) -> Vec<u8> {
    [zstd(begin.as_bytes()), zstd(&vec![byte; 1 << 20]).repeat(mib)].concat()
}

/// Runs the program with little memory.
fn program_in_little_memory(events: &str, out: &str) -> Output {
    let script = format!("ulimit -d {MEMORY_KIB}; exec \"$@\"");
    let program = env!("CARGO_BIN_EXE_rebuild-timelines");
    let options = ["--threads", "2", "--events", events, "--out", out];
    Command::new("sh").args(["-c", &script, "sh", program]).args(options).output().unwrap()
}

/// Linux counts all that a program writes to; other systems ignore the limit.
#[cfg(target_os = "linux")]
#[test]
fn a_bomb_is_read_once_in_little_memory() {
    let good = fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap();
    let (mib, few_mib) = (bomb_mib(), bomb_mib() / 16);
    let heading = "type,taskId,createdTime\n";
    let lines = "y".repeat(MAX_BODY_BYTES) + "\n";
    let events = archive(&[
        ("good.ndjson", &good),
        ("line.ndjson.gz", &gzip_bomb("{}\n{\"a\":\"", b'x', mib)),
        ("line.ndjson.zst", &zstd_bomb("{}\n{\"a\":\"", b'x', mib)),
        ("lines.ndjson.zst", &[zstd(b"{}\n"), zstd(lines.as_bytes()).repeat(mib)].concat()),
        ("blanks.ndjson.zst", &zstd_bomb("{}\n", b' ', few_mib)),
        ("nul.ndjson.zst", &zstd_bomb("{}\n", 0, few_mib)),
        ("objects.ndjson.zst", &zstd_bomb("{}\n", b'{', few_mib)),
        ("arrays.ndjson.zst", &zstd_bomb("{}\n", b'[', few_mib)),
        ("quote.csv.zst", &zstd_bomb(&format!("{heading}task:new,\""), b'x', few_mib)),
        ("heading.csv.zst", &zstd_bomb("type,taskId,createdTime", b'x', few_mib)),
    ]);
    let out = tempfile::tempdir().unwrap();
    let [events, out_folder] = [events.path(), out.path()].map(|path| path.to_str().unwrap());
    let output = program_in_little_memory(events, out_folder);
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{printed}");
    let receipt = fs::read(out.path().join("receipt.json")).unwrap();
    let receipt: serde_json::Value = serde_json::from_slice(&receipt).unwrap();
    let counts = &receipt["counts"];
    // Of each file of bodies the `{}` before the bomb, and the bomb unless it is blank.
    assert_eq!(counts["rejected_lines"], mib + 13, "{counts}");
    assert_eq!((&counts["rejected_files"], &counts["deliveries"]), (&1.into(), &11.into()));
    assert!(
        printed.contains("heading.csv.zst cannot be read: the row is longer than"),
        "{printed}"
    );
    let rejected = fs::read_to_string(out.path().join("rejected.ndjson")).unwrap();
    let of = |file: &str| {
        let lines = rejected.lines().map(|line| line.parse::<serde_json::Value>().unwrap());
        lines.filter(|line| line["file"] == file).collect::<Vec<_>>()
    };
    for file in ["line.ndjson.gz", "line.ndjson.zst"] {
        let [_, bomb] = of(file).try_into().unwrap();
        assert_eq!(bomb["line"], 2);
        let error = bomb["error"].as_str().unwrap();
        assert!(error.contains("longer than 278528 bytes"), "{error}");
        assert_eq!(bomb["content"].as_str().unwrap().len(), 1024);
    }
    assert!(rejected.len() < 40 << 20, "{} bytes", rejected.len());
}

#[test]
fn a_body_is_as_long_as_it_may_be_and_no_longer() {
    let lines = [
        webhook_of(MAX_BODY_BYTES, "as-long"),
        webhook_of(MAX_BODY_BYTES + 1, "too-long"),
        webhook_of(200, "after"),
    ];
    let run = run(archive(&[("a.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let tasks: Vec<_> =
        run.rows("tasks.parquet").iter().map(|task| task["task_id"].clone()).collect();
    assert_eq!(tasks, ["after", "as-long"]);
    assert_eq!(run.receipt()["counts"]["rejected_lines"], 1);
    let rejections = run.rebuilt.intake.rejections().concat();
    assert!(rejections[0].starts_with("a.ndjson:2 the body is longer than"), "{rejections:?}");
}

#[test]
fn a_quote_without_its_end_takes_one_row() {
    let rows = "task:parked,t,2022-10-14 18:34:03\n".repeat(20_000);
    let table = format!("type,taskId,createdTime\ntask:new,\"t,2022-10-14 18:34:03\n{rows}");
    let run = run(archive(&[("a.csv", table.as_bytes())]).path(), &[]);
    assert_eq!(run.receipt()["counts"]["deliveries"], 20_000);
    let rejections = run.rebuilt.intake.rejections().concat();
    let [rejection] = rejections.as_slice() else { panic!("{rejections:?}") };
    assert!(rejection.starts_with("a.csv:2 the row is longer than"), "{rejection}");
    assert!(rejection.contains("a quote without its end"), "{rejection}");
}

#[test]
fn compression_that_asks_for_gigabytes_is_refused() {
    // A frame whose window is 256 MiB, with one raw block of two bytes.
    let window = b"\x28\xb5\x2f\xfd\x00\x90\x11\x00\x00{}";
    let packed = gzip(&parquet([(EpochMs(0), webhook_of(200, "t").as_str())].into_iter()));
    let good = webhook_of(200, "t");
    let files: [(&str, &[u8]); 3] =
        [("a.zst", window), ("b.parquet.gz", &packed), ("good.ndjson", good.as_bytes())];
    let rejections = run(archive(&files).path(), &[]).rebuilt.intake.rejections().concat();
    let [window, packed] = rejections.as_slice() else { panic!("{rejections:?}") };
    assert!(window.contains("compress it with --long=27 at most"), "{window}");
    assert!(packed.contains("is a compressed Parquet file: unpack it"), "{packed}");
}

#[test]
fn a_table_that_breaks_off_is_used_as_far_as_it_goes() {
    let row =
        |number: u32| format!("task:parked,t{},2022-10-14 18:34:03\n", number * 7_919 % 1_000);
    let rows: String = (0..1_000).map(row).collect();
    let whole = gzip(format!("type,taskId,createdTime\n{rows}").as_bytes());
    let run = run(archive(&[("a.csv.gz", &whole[..whole.len() * 2 / 3])]).path(), &[]);
    let counts = &run.receipt()["counts"];
    assert!((100..1_000).contains(&counts["deliveries"].as_u64().unwrap()), "{counts}");
    assert_eq!((&counts["rejected_lines"], &counts["rejected_files"]), (&0.into(), &1.into()));
}
