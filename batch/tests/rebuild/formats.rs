//! The real sample, rebuilt to the same tables from every input format.

use std::fs;
use std::io::Write;
use std::path::Path;

use expect_test::{Expect, expect};
use flate2::Compression;
use flate2::write::GzEncoder;
use generate_archive::{Archive, Options};
use jiff::Timestamp;
use serde_json::Value;
use task_timeline::EpochMs;

use crate::job::{Run, TABLES, archive, program, run, sample, text};
use crate::own_format::parquet;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

/// The timeline of the only task below `events`, as the table that was worked out by hand.
fn timeline(events: &Path) -> String {
    let run = run(events, &[]);
    let clock = |at: &Value| {
        let at = Timestamp::from_millisecond(at.as_i64().unwrap()).unwrap();
        at.strftime("%H:%M:%S").to_string()
    };
    let seconds = |ms: &Value| ms.as_i64().map_or(-1, |ms| ms / 1_000);
    let mut offers = run.rows("offers.parquet").into_iter();
    let mut out = String::new();
    for segment in run.rows("segments.parquet") {
        let phase = segment["phase"].as_str().unwrap();
        let note = match (phase, segment["basis"].as_str().unwrap()) {
            ("offered", _) => offers.next().unwrap()["outcome"].as_str().unwrap().to_owned(),
            (_, "observed") => String::new(),
            (_, basis) => basis.to_owned(),
        };
        let (from, to) = (clock(&segment["started_at"]), clock(&segment["ended_at"]));
        let line =
            format!("{phase:<13} {from} {to} {:>4} s {note}", seconds(&segment["duration_ms"]));
        out += line.trim_end();
        out += "\n";
    }
    let tasks = run.rows("tasks.parquet");
    let [task] = tasks.as_slice() else { panic!("{} tasks", tasks.len()) };
    out += &format!(
        "ended {}, {}, {} s, {} false ends, {} events\n",
        clock(&task["ended_at"]),
        task["outcome"],
        seconds(&task["total_ms"]),
        task["false_ends"],
        task["events"],
    );
    out += &format!(
        "naive: ended {}, {}, live wait {} s, talk {} s\n",
        clock(&task["naive_ended_at"]),
        task["naive_outcome"],
        seconds(&task["naive_live_wait_ms"]),
        seconds(&task["naive_talk_ms"]),
    );
    out
}

/// The bodies with the number of that name as a text.
fn in_quotes(bodies: &str, name: &str) -> String {
    let key = format!("\"{name}\":");
    let mut parts = bodies.split(&key);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let digits = part.find(|byte: char| !byte.is_ascii_digit()).unwrap();
        let (number, rest) = part.split_at(digits);
        out += &format!("{key}\"{number}\"{rest}");
    }
    out
}

/// From every format the same timeline, and the expected one.
fn check(name: &str, expect: Expect) {
    let ndjson = fs::read(sample("webhooks").join(format!("{name}.ndjson"))).unwrap();
    let csv = fs::read(sample("csv").join(format!("{name}.csv"))).unwrap();
    let windows = String::from_utf8(ndjson.clone()).unwrap().replace('\n', "\r\n");
    let marked = [b"\xef\xbb\xbf".to_vec(), ndjson.clone()].concat();
    let (head, tail) = ndjson.split_at(ndjson.iter().position(|&byte| byte == b'\n').unwrap() + 1);
    let frames = [zstd(head), zstd(tail)].concat();
    let own = |part: &[u8]| {
        let lines = std::str::from_utf8(part).unwrap().lines();
        parquet(lines.map(|line| (EpochMs(1_790_000_000_000), line)))
    };
    let members = [gzip(head), gzip(tail)].concat();
    let (rows, bodies) = (text(&csv), text(&ndjson));
    let nulls = rows.replace(",,", ",NULL,").replace(",,", ",(null),");
    let zoned = rows.replacen("createdTime", "createdTime (UTC)", 1);
    let glued = bodies.replace('\n', "");
    let trees = bodies.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let spread: Vec<String> = trees.map(|tree| format!("{tree:#}")).collect();
    let digits = in_quotes(&bodies, "createdTime");

    let expected = timeline(archive(&[("a.ndjson", &ndjson)]).path());
    expect.assert_eq(&expected);
    for (format, files) in [
        ("gzip", vec![("a.ndjson.gz", gzip(&ndjson))]),
        ("zstd", vec![("a.ndjson.zst", zstd(&ndjson))]),
        ("no ending", vec![("a", zstd(&ndjson))]),
        ("wrong ending", vec![("a.csv", gzip(&ndjson))]),
        ("two frames", vec![("a.zst", frames)]),
        ("two members", vec![("a.gz", members)]),
        ("csv", vec![("a.csv", csv.clone())]),
        ("csv in zstd", vec![("a.zst", zstd(&csv))]),
        ("csv in gzip", vec![("deep/er/a.gz", gzip(&csv))]),
        ("windows", vec![("a.ndjson", windows.into_bytes())]),
        ("byte order mark", vec![("a.ndjson", marked)]),
        ("no last line feed", vec![("a.ndjson", ndjson.trim_ascii_end().to_vec())]),
        ("two files", vec![("b.ndjson", head.to_vec()), ("a.zst", zstd(tail))]),
        ("csv with NULL", vec![("a.csv", nulls.into_bytes())]),
        ("csv with a zone", vec![("a.csv", zoned.into_bytes())]),
        ("glued", vec![("a", glued.clone().into_bytes())]),
        ("glued in gzip", vec![("a.gz", gzip(glued.as_bytes()))]),
        ("over several lines", vec![("a.json", spread.join("\n").into_bytes())]),
        ("over several lines and glued", vec![("a.json", spread.concat().into_bytes())]),
        (
            "a file for one",
            vec![("a.json", spread[0].clone().into_bytes()), ("b.json", tail.to_vec())],
        ),
        ("digits as text", vec![("a.ndjson", digits.into_bytes())]),
        ("our own", vec![("a.parquet", own(&ndjson))]),
        ("our own beside another", vec![("a", own(head)), ("b.ndjson.zst", zstd(tail))]),
        ("a readme beside it", vec![("a.ndjson", ndjson.clone()), ("README.md", b"# Hi".to_vec())]),
    ] {
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        assert_eq!(timeline(archive(&files).path()), expected, "{format}");
    }
}

#[test]
fn normal_callback_from_every_format() {
    check(
        "normal-callback",
        expect![[r#"
        self_service  21:06:51 21:07:08   17 s
        callback_wait 21:07:08 21:22:54  946 s inferred
        offered       21:22:54 21:22:57    3 s answered
        dialing       21:22:57 21:23:05    8 s
        talking       21:23:05 21:28:13  308 s
        ended 21:28:13, "handled", 1282 s, 0 false ends, 11 events
        naive: ended 21:28:13, "handled", live wait 946 s, talk 316 s
    "#]],
    );
}

#[test]
fn callback_with_multiple_ronas_from_every_format() {
    check(
        "callback-with-multiple-ronas",
        expect![[r#"
        self_service  18:34:03 18:34:45   42 s
        callback_wait 18:34:45 18:49:28  883 s inferred
        offered       18:49:28 18:49:44   16 s no_answer
        callback_wait 18:49:44 18:52:19  155 s
        offered       18:52:19 18:52:35   16 s no_answer
        callback_wait 18:52:35 18:52:51   16 s
        offered       18:52:51 18:53:07   16 s no_answer
        callback_wait 18:53:07 18:54:03   56 s
        offered       18:54:03 18:54:19   16 s no_answer
        callback_wait 18:54:19 18:54:47   28 s
        offered       18:54:47 18:54:49    2 s answered
        dialing       18:54:49 18:55:05   16 s
        talking       18:55:05 18:58:02  177 s
        ended 18:58:02, "handled", 1439 s, 4 false ends, 31 events
        naive: ended 18:49:44, "failed", live wait 883 s, talk -1 s
    "#]],
    );
}

/// I7. The text is larger than the blocks in which it is read.
#[test]
fn however_bodies_are_joined_the_tables_are_the_same() {
    let options = Options { tasks: 600, seed: 11, ..Options::default() };
    let generated = Archive::new(options).unwrap();
    let lines = generated.deliveries().map(|delivery| delivery.line);
    let trees = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
    let bodies: Vec<String> = trees.map(|tree| tree.to_string()).collect();
    let spread: Vec<String> = bodies
        .iter()
        .map(|body| format!("{:#}", serde_json::from_str::<Value>(body).unwrap()))
        .collect();
    let lines = bodies.join("\n");
    assert!(lines.len() > 3 << 20, "{}", lines.len());
    let expected = run(archive(&[("a", lines.as_bytes())]).path(), &[]);
    let rejected = |run: &Run| run.receipt()["counts"]["rejected_lines"].as_u64().unwrap();
    for text in [bodies.concat(), bodies.join(" "), spread.join("\n"), spread.concat()] {
        let joined = run(archive(&[("a", text.as_bytes())]).path(), &["--threads", "2"]);
        assert_eq!(rejected(&joined), rejected(&expected), "{text:.100}");
        for table in TABLES {
            assert!(joined.bytes(table) == expected.bytes(table), "{table} differs: {text:.100}");
        }
    }
    // A body that breaks off takes at most the next one with it.
    let broken = bodies.concat().replacen("}{", "{", 1);
    let joined = run(archive(&[("a", broken.as_bytes())]).path(), &[]);
    let deliveries = |run: &Run| run.receipt()["counts"]["deliveries"].as_u64().unwrap();
    assert_eq!(rejected(&joined), rejected(&expected) + 1);
    assert!(deliveries(&joined) >= deliveries(&expected) - 2);
}

#[test]
fn headings_of_known_columns_are_known_in_upper_and_lower_case() {
    let table = "TYPE,rowid,createdtime,taskID,WebHookID,queueID,Direction\n\
        task:new,1,2026-09-14 10:00:00.000,t,W1,,INBOUND\n\
        task:parked,2,2026-09-14 10:00:10.000,t,W2,q,INBOUND\n";
    let run = run(archive(&[("a.csv", table.as_bytes())]).path(), &[]);
    let task = &run.rows("tasks.parquet")[0];
    assert_eq!((&task["first_queue_id"], &task["direction"]), (&"q".into(), &"INBOUND".into()));
}

/// I6, I8. Two events in the hour that is there twice, and one that does not say in which.
#[test]
fn times_in_a_table_are_those_that_they_say() {
    let table = "type,taskId,createdTime,queueId,orgId\n\
        task:new,t,2022-10-30 02:30:00+02:00,NULL,null\n\
        task:parked,t,2022-10-30 02:10:00+0100,q,(null)\n\
        task:ended,t,2022-10-30T01:30:00.500Z,NULL,\n\
        task:ended,t,1.66709E+12,NULL,\n";
    let zoned = "type,taskId,createdTime (Europe/Berlin)\n\
        task:new,t,2022-10-30 02:30:00\n\
        task:new,u,2022-10-30 03:30:00\n";
    let run = run(archive(&[("a.csv", table.as_bytes()), ("b.csv", zoned.as_bytes())]).path(), &[]);
    let rows = run.rows("segments.parquet");
    let segments: Vec<_> = rows
        .iter()
        .map(|row| ["task_id", "phase", "started_at", "duration_ms", "queue_id"].map(|at| &row[at]))
        .map(|row| serde_json::to_string(&row).unwrap())
        .collect();
    assert_eq!(
        segments,
        [
            r#"["t","self_service",1667089800000,2400000,null]"#,
            r#"["t","queued",1667092200000,1200500,"q"]"#,
            r#"["u","self_service",1667097000000,null,null]"#,
        ]
    );
    let rejections = run.rebuilt.intake.rejections().concat();
    let [number, twice] = rejections.as_slice() else { panic!("{rejections:?}") };
    assert!(number.starts_with("a.csv:5 ") && number.contains("cut off"), "{number}");
    assert!(twice.starts_with("b.csv:2 ") && twice.contains("twice that day"), "{twice}");
}

#[test]
fn both_published_tables_are_two_tasks_though_redacted_to_one_name() {
    let run = run(&sample("csv"), &[]);
    let tasks = run.rows("tasks.parquet");
    assert!(tasks.iter().all(|task| task["first_queue_id"] == "QueueID_01"));
    let orgs: Vec<&str> = tasks.iter().map(|task| task["org_id"].as_str().unwrap()).collect();
    assert_eq!(orgs, ["callback-with-multiple-ronas", "normal-callback"]);
    assert!(tasks.iter().all(|task| task["task_id"] == "TaskID_01"));
}

#[test]
fn a_single_file_is_an_archive() {
    let run = run(&sample("webhooks").join("normal-callback.ndjson"), &[]);
    assert_eq!(run.rows("tasks.parquet").len(), 1);
}

#[test]
fn the_program_shows_the_sample() {
    let out = tempfile::tempdir().unwrap();
    let events = sample("webhooks");
    let output =
        program(&["--events", events.to_str().unwrap(), "--out", out.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let printed = text(&output.stdout);
    let folder = out.path().to_str().unwrap();
    let stable: Vec<&str> = printed.lines().filter(|line| !line.contains(folder)).collect();
    expect![[r#"
        task 0e563a11-7204-5b8d-93c6-d937e9d6fbd3
        of organization 14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba

        phase         from      to             length queue      agent
        self_service  21:06:51  21:07:08         17 s
        callback_wait 21:07:08  21:22:54  15 min 46 s ff339ae               inferred
        offered       21:22:54  21:22:57          3 s ff339ae               answered
        dialing       21:22:57  21:23:05          8 s ff339ae
        talking       21:23:05  21:28:13    5 min 8 s ff339ae

        ended 2022-10-14 21:28:13 UTC, handled, 21 min 22 s
        1 offers, 0 of them RONA; 0 false ends; callback completed
        webhooks alone: ended 21:28:13, handled;
                        waited live 15 min 46 s, talked 5 min 16 s

        corrected at  rule          is             webhooks said
        21:07:08      callback_wait callback_wait  queued
        21:22:57      agent_leg     dialing        talking

        task 3b71ea1d-7511-5bef-a8e5-d7924474b57a
        of organization 14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba

        phase         from      to             length queue      agent
        self_service  18:34:03  18:34:45         42 s
        callback_wait 18:34:45  18:49:28  14 min 43 s ff339ae               inferred
        offered       18:49:28  18:49:44         16 s ff339ae               no_answer
        callback_wait 18:49:44  18:52:19   2 min 35 s ff339ae
        offered       18:52:19  18:52:35         16 s ff339ae               no_answer
        callback_wait 18:52:35  18:52:51         16 s ff339ae
        offered       18:52:51  18:53:07         16 s ff339ae               no_answer
        callback_wait 18:53:07  18:54:03         56 s ff339ae
        offered       18:54:03  18:54:19         16 s ff339ae               no_answer
        callback_wait 18:54:19  18:54:47         28 s ff339ae
        offered       18:54:47  18:54:49          2 s ff339ae               answered
        dialing       18:54:49  18:55:05         16 s ff339ae
        talking       18:55:05  18:58:02   2 min 57 s ff339ae

        ended 2022-10-14 18:58:02 UTC, handled, 23 min 59 s
        5 offers, 4 of them RONA; 4 false ends; callback completed
        webhooks alone: ended 18:49:44, failed;
                        waited live 14 min 43 s, talked never

        corrected at  rule          is             webhooks said
        18:34:45      callback_wait callback_wait  queued
        18:49:44      false_end     callback_wait  ended: RONA Timer Expired
        18:52:35      false_end     callback_wait  ended: RONA Timer Expired
        18:53:07      false_end     callback_wait  ended: RONA Timer Expired
        18:54:19      false_end     callback_wait  ended: RONA Timer Expired
        18:54:49      agent_leg     dialing        talking

        tasks                            2      still open                       0
        deliveries                      42      files                            2
        events                          42      repeats                          0
        without a task                   0      conflicting                      0
        false ends                       4      callbacks                        2
        rejected lines                   0      rejected files                   0
        unknown types                    0      unknown reasons                  0
                                           what happened      webhooks alone
        offered to queues                              2                   2
          answered live                                0                   1
          abandoned                                    0                   0
          short                                        0                   -
          flow-out                                     2                   -
          open                                         0                   -
        abandoned before a queue                       0                   -
        handled, live or called back                   2                   1
        abandon rate                               0.0 %               0.0 %
        service level (20 s)                           -               0.0 %
          with ringing                                 -                   -
        ASA (without ringing)                          -         15 min 46 s
          with ringing                                 -                   -
        AHT                                    4 min 3 s          5 min 16 s
        RONA rate                                 66.7 %                   -
        longest live wait                            0 s         15 min 46 s
        callback requests                              2                   -
        mean callback wait                   17 min 22 s                   -
        callback success                         100.0 %                   -
    "#]]
    .assert_eq(&(stable.join("\n") + "\n"));
    assert!(printed.lines().all(|line| line.chars().count() <= 80 || line.contains(folder)));
}

#[test]
fn the_program_shows_one_task_without_writing_anything() {
    let events = sample("webhooks");
    let task = rebuild_timelines::sample::TASKS[0];
    let output = program(&["--events", events.to_str().unwrap(), "--task", task]);
    assert_eq!(output.status.code(), Some(0));
    expect![[r#"
        task 0e563a11-7204-5b8d-93c6-d937e9d6fbd3
        of organization 14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba

        phase         from      to             length queue      agent
        self_service  21:06:51  21:07:08         17 s
        callback_wait 21:07:08  21:22:54  15 min 46 s ff339ae               inferred
        offered       21:22:54  21:22:57          3 s ff339ae               answered
        dialing       21:22:57  21:23:05          8 s ff339ae
        talking       21:23:05  21:28:13    5 min 8 s ff339ae

        ended 2022-10-14 21:28:13 UTC, handled, 21 min 22 s
        1 offers, 0 of them RONA; 0 false ends; callback completed
        webhooks alone: ended 21:28:13, handled;
                        waited live 15 min 46 s, talked 5 min 16 s

        corrected at  rule          is             webhooks said
        21:07:08      callback_wait callback_wait  queued
        21:22:57      agent_leg     dialing        talking

    "#]]
    .assert_eq(&text(&output.stdout));

    let output = program(&["--events", events.to_str().unwrap(), "--task", "nobody"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("there is no task nobody"));
}
