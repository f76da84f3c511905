//! What cannot be read is counted, named and set aside; what can be read is used.

use std::fs;

use generate_archive::{Archive, Options};
use serde_json::Value;

use crate::formats::{gzip, zstd};
use crate::job::{archive, program, run, sample, text};

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

#[test]
fn no_input_and_no_place_for_output_are_errors_before_any_work() {
    let empty = tempfile::tempdir().unwrap();
    let unrelated = archive(&[("notes.txt", b"nothing here")]);
    let good = archive(&[("a.ndjson", &webhooks()), ("file", b"")]);
    let path = |folder: &std::path::Path| folder.to_str().unwrap().to_owned();
    let blocked = path(&good.path().join("file/out"));
    let fine = path(&empty.path().join("out"));
    for (events, out, said) in [
        (path(&empty.path().join("missing")), &fine, "cannot read the events"),
        (path(empty.path()), &fine, "there are no files"),
        (path(unrelated.path()), &fine, "there are no webhooks"),
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
