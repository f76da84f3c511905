//! What cannot be read is counted, named and set aside; what can be read is used.

use std::fs;
use std::path::Path;

use generate_archive::{Archive, Options};
use serde_json::Value;
use task_timeline::EpochMs;

use crate::formats::{gzip, zstd};
use crate::job::{archive, program, run, sample, text};
use crate::own_format::parquet;

fn webhooks() -> Vec<u8> {
    fs::read(sample("webhooks").join("normal-callback.ndjson")).unwrap()
}

fn lines_of(bytes: &[u8]) -> Vec<Value> {
    bytes
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

#[test]
fn unreadable_lines_are_named_and_set_aside() {
    let mut bytes = b"not json\n{}\n\xff\xfe\n\n".to_vec();
    bytes.extend_from_slice(&webhooks());
    bytes.extend_from_slice(b"[1]\n{\"type\":\"task:new\",\"comciscoorgid\":\"o\",\"data\":{\"taskId\":\"t\",\"createdTime\":17}}");
    let run = run(archive(&[("a/b.ndjson", &bytes)]).path(), &[]);
    assert_eq!(run.rows("tasks.parquet").len(), 1);
    let rejected = lines_of(&run.bytes("rejected.ndjson"));
    let named: Vec<(&str, u64)> = rejected
        .iter()
        .map(|line| (line["file"].as_str().unwrap(), line["line"].as_u64().unwrap()))
        .collect();
    let file = "a/b.ndjson";
    assert_eq!(named, [(file, 1), (file, 2), (file, 3), (file, 16), (file, 17)]);
    assert_eq!(rejected[0]["content"], "not json");
    assert!(rejected[1]["error"].as_str().unwrap().contains("`type` is missing"));
    assert!(rejected[4]["error"].as_str().unwrap().contains("`data.createdTime` is 17"));
    assert_eq!(run.receipt()["counts"]["rejected_lines"], 5);
    assert!(run.summary().contains("a/b.ndjson:2 `type` is missing"), "{}", run.summary());
}

#[test]
fn unreadable_rows_of_a_table_are_named() {
    let table = "rowid,type,createdTime,taskId\n\
        1,task:new,2022-10-14 18:34:03.000,t\n\
        2,task:new,yesterday,t\n\
        3,task:parked,1665772485000,t\n\
        4,,2022-10-14 18:34:03.000,t\n";
    let run = run(archive(&[("t.csv", table.as_bytes())]).path(), &[]);
    assert_eq!(run.rows("segments.parquet").len(), 2);
    let rejected = lines_of(&run.bytes("rejected.ndjson"));
    assert_eq!(rejected.len(), 2);
    assert_eq!((&rejected[0]["line"], &rejected[1]["line"]), (&3.into(), &5.into()));
    assert!(rejected[0]["error"].as_str().unwrap().contains("\"yesterday\""), "{}", rejected[0]);
}

/// I10.
#[test]
fn what_says_a_field_twice_is_set_aside() {
    let twice = |more: &str| {
        format!(
            r#"{{"type":"task:new","comciscoorgid":"o","data":{{"taskId":"t",{more}"createdTime":1665772485000}}}}"#
        )
    };
    // The first makes a layout known.
    let bodies = [
        twice(r#""queueId":"q","#),
        twice(r#""queueId":"q","#),
        twice(r#""queueId":"q","queueId":"q","#),
        twice(r#""task\u0049d":"u","#),
        twice(r#""queueId":"q","taskId":null,"#),
    ];
    let table = "type,createdTime,taskId,queueId,queueId\n\
        task:new,1665772485000,t,q,\n\
        task:new,1665772485000,t,q,r\n";
    let files = [("a.ndjson", bodies.join("\n").into_bytes()), ("b.csv", table.into())];
    let files = files.each_ref().map(|(name, bytes)| (*name, bytes.as_slice()));
    let run = run(archive(&files).path(), &[]);
    let rejected = lines_of(&run.bytes("rejected.ndjson"));
    let named: Vec<String> = rejected
        .iter()
        .map(|line| format!("{}:{} {}", line["file"], line["line"], line["error"]).replace('"', ""))
        .collect();
    assert_eq!(
        named,
        [
            "a.ndjson:3 `data.queueId` is there twice",
            "a.ndjson:4 `data.taskId` is there twice",
            "a.ndjson:5 `data.taskId` is there twice",
            "b.csv:3 `data.queueId` is there twice",
        ]
    );
}

#[test]
fn a_file_that_breaks_off_is_named_and_used_as_far_as_it_goes() {
    let options = Options { tasks: 300, ..Options::default() };
    let lines: Vec<String> =
        Archive::new(options).unwrap().deliveries().map(|delivery| delivery.line).collect();
    let text_of_all = lines.join("\n").into_bytes();
    for (name, whole) in
        [("cut.ndjson.gz", gzip(&text_of_all)), ("cut.ndjson.zst", zstd(&text_of_all))]
    {
        let cut = &whole[..whole.len() * 2 / 3];
        let events = archive(&[(name, cut), ("whole.ndjson", &webhooks())]);
        let out = tempfile::tempdir().unwrap();
        let output = program(&[
            "--events",
            events.path().to_str().unwrap(),
            "--out",
            out.path().to_str().unwrap(),
        ]);
        assert_eq!(output.status.code(), Some(3), "{name}");
        let printed = text(&output.stdout);
        assert!(printed.contains(&format!("rejected: {name} breaks off")), "{printed}");
        let receipt: Value =
            serde_json::from_slice(&fs::read(out.path().join("receipt.json")).unwrap()).unwrap();
        assert_eq!(receipt["counts"]["rejected_files"], 1, "{name}");
        let read = usize::try_from(receipt["counts"]["deliveries"].as_u64().unwrap()).unwrap();
        assert!(read > lines.len() / 3 && read < lines.len(), "{name}: {read}");
        let error = receipt["inputs"][0]["error"].as_str().unwrap();
        assert!(error.contains("breaks off"), "{error}");
    }
}

#[test]
fn a_file_that_should_hold_webhooks_and_does_not_is_named() {
    let events = archive(&[
        ("good.ndjson", &webhooks()),
        ("odd.json", b"[\n1\n]"),
        ("odd.csv", b"a,b\n1,2\n"),
        ("notes.txt", b"nothing here"),
    ]);
    let run = run(events.path(), &[]);
    let errors: Vec<&str> =
        run.rebuilt.intake.rejected_files().map(|(name, _)| name.as_str()).collect();
    assert_eq!(errors, ["odd.csv", "odd.json"]);
}

/// Every kind of bad input: the exit code, and what is said.
#[test]
fn the_exit_code_says_whether_anything_was_written_and_all_was_read() {
    let good = webhooks();
    let cut = |whole: Vec<u8>| whole[..whole.len() / 2].to_vec();
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(text(&good).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let array = format!("[{}]", text(&good).trim().replace('\n', ","));
    let marked = [b"\xef\xbb\xbf", good.as_slice()].concat();
    let glued = text(&good).replace('\n', "");
    let header = b"type,taskId,createdTime\n".as_slice();
    let row = [header, b"task:new,t,2022-10-14 18:34:03\n"].concat();
    let odd_row = [header, b"task:new,t,yesterday\n"].concat();
    let agent = br#"{"type":"agent:login","comciscoorgid":"o","data":{"agentId":"a","createdTime":1665772443000}}"#;
    let parquet = parquet(text(&good).lines().map(|line| (EpochMs(1_790_000_000_000), line)));

    let none = "there are no webhooks in";
    let cases: &[(i32, &str, &[u8], &str)] = &[
        // All is read.
        (0, "a.ndjson", &good, "tasks                            1"),
        (0, "mark.ndjson", &marked, "tasks                            1"),
        (0, "glued", glued.as_bytes(), "tasks                            1"),
        (0, "folder.ndjson/a", &good, "tasks                            1"),
        (0, "rows.csv", &row, "tasks                            1"),
        (0, "agents.ndjson", agent, "without a task                   1"),
        // All but the body in which the file begins.
        (3, "begins-within", &glued.as_bytes()[9..], "begins-within:1 the body is not JSON"),
        // Nothing is read, so nothing is written.
        (1, "notes.txt", b"nothing here", none),
        (1, "empty.ndjson", b"", none),
        (1, "empty.csv", b"", none),
        (1, "blank.ndjson", b"\n\n", none),
        (1, "header.csv", header, none),
        (1, "none.gz", &gzip(b""), none),
        (
            1,
            "lines.ndjson",
            b"{}\n{\"type\":1}\n",
            "lines.ndjson:2 `type` is a number, not a string",
        ),
        (1, "many.ndjson", &b"{}\n".repeat(9), "and 4 more"),
        (
            1,
            "row.csv",
            &odd_row,
            "row.csv:2 the column `createdTime` holds \"yesterday\", not a time",
        ),
        (1, "other.csv", b"a,b\n1,2\n", "other.csv is neither one webhook per line nor a table"),
        (1, "other.csv", b"type;taskId;createdTime\n", "separated by commas"),
        (1, "array.json", array.as_bytes(), "array.json is a JSON array"),
        (1, "utf16.ndjson", &utf16, "utf16.ndjson is UTF-16: convert it to UTF-8"),
        (1, "array", array.as_bytes(), "array is a JSON array"),
        (1, "utf16", &utf16, "utf16 is UTF-16: convert it to UTF-8"),
        (1, "binary.ndjson", b"\0\x01\x02\xff", "binary.ndjson is neither one webhook per line"),
        (1, "damaged.zst", b"\x28\xb5\x2f\xfd damaged", "damaged.zst "),
        (1, "damaged.gz", b"\x1f\x8b damaged", "damaged.gz cannot be read: "),
        (1, "damaged.parquet", b"PAR1 damaged", "damaged.parquet is no archive of events"),
        (1, "cut.parquet", &cut(parquet), "cut.parquet is no archive of events"),
    ];
    for (code, name, bytes, said) in cases {
        let events = archive(&[(name, bytes)]);
        check_exit(events.path(), &[], *code, said);
        // Beside something that can be read, the same is at most set aside.
        fs::write(events.path().join("good.ndjson"), &good).unwrap();
        let is_named = *code != 0 && *said != none;
        check_exit(events.path(), &[], if is_named { 3 } else { 0 }, "tasks ");
    }
}

/// Runs the program and checks its exit code, what it says, and that `latest` is the new run, or the
/// one before if this one failed.
fn check_exit(events: &Path, options: &[&str], code: i32, said: &str) {
    let out = tempfile::tempdir().unwrap();
    let places =
        |events: &Path, out: &Path| [events, out].map(|path| path.to_str().unwrap().to_owned());
    let run = |events: &Path, options: &[&str]| {
        let [events, out] = places(events, out.path());
        program(&[&["--events", &events, "--out", &out], options].concat())
    };
    let receipt = || fs::read(out.path().join("latest/receipt.json")).ok();
    let output = run(events, options);
    let printed = text(&output.stdout) + &text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}: {printed}");
    assert!(printed.contains(said), "{said}: {printed}");
    assert_eq!(receipt().is_some(), code != 1, "{said}: {printed}");
    if code == 1 {
        let left = fs::read_dir(out.path()).unwrap().count();
        assert_eq!(left, 0, "{said}: something is left behind");
        run(&sample("webhooks"), &[]);
        let before = receipt();
        run(events, options);
        assert!(before.is_some() && receipt() == before, "{said}: `latest` is another run");
    }
}

#[test]
fn a_period_without_tasks_is_a_run_with_zeros() {
    let events = archive(&[("a.ndjson", &webhooks())]);
    let options = ["--from", "2026-01-01", "--to", "2026-01-31"];
    check_exit(events.path(), &options, 0, "1 outside --from and --to");
}

#[cfg(unix)]
#[test]
fn a_file_is_read_once_whatever_leads_to_it() {
    use std::os::unix::fs::symlink;
    let events = archive(&[("day/a.ndjson", &webhooks())]);
    let at = |name: &str| events.path().join(name);
    symlink("day", at("another-day")).unwrap();
    symlink("..", at("day/loop")).unwrap();
    symlink("day/a.ndjson", at("a-link.ndjson")).unwrap();
    fs::hard_link(at("day/a.ndjson"), at("hard.ndjson")).unwrap();
    let linked = run(events.path(), &[]);
    let counts = linked.receipt()["counts"].clone();
    assert_eq!((&counts["deliveries"], &counts["duplicates"]), (&11.into(), &0.into()));
    assert_eq!(counts["other_names"], 4);
    assert_eq!(linked.receipt()["inputs"][0]["name"], "day/a.ndjson");
    assert!(linked.summary().contains("4 more names (links)"), "{}", linked.summary());

    symlink("nowhere", at("broken.ndjson")).unwrap();
    check_exit(events.path(), &[], 3, "broken.ndjson cannot be read: it is a link to nothing");
}

#[test]
fn no_input_and_no_place_for_output_are_errors_before_any_work() {
    let empty = tempfile::tempdir().unwrap();
    let good = archive(&[("a.ndjson", &webhooks()), ("file", b"")]);
    let path = |folder: &Path| folder.to_str().unwrap().to_owned();
    let blocked = path(&good.path().join("file/out"));
    let fine = path(&empty.path().join("out"));
    for (events, out, said) in [
        (path(&empty.path().join("missing")), &fine, "cannot read the events"),
        (path(empty.path()), &fine, "there are no files"),
        (path(good.path()), &blocked, "cannot write to the output folder"),
    ] {
        let output = program(&["--events", &events, "--out", out]);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let printed = text(&output.stderr);
        assert!(printed.contains(said), "{printed}");
    }
}

#[test]
fn wrong_options_say_what_is_right() {
    for (options, said) in [
        (vec!["--events", "x"], "--out"),
        (vec!["--service-level", "20"], "20s"),
        (vec!["--timezone", "Mars/Olympus"], "Europe/Berlin"),
        (vec!["--threads", "0"], "--threads"),
    ] {
        let output = program(&options);
        assert_eq!(output.status.code(), Some(2));
        let printed = text(&output.stderr);
        assert!(printed.contains(said), "{printed}");
    }
}
