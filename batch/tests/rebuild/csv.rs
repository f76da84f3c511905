//! The tables as CSV: every value is that of the Parquet file, and files are never half there.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;

use expect_test::expect;
use generate_archive::{Archive, Options};
use jiff::Timestamp;
use serde_json::{Value, json};
use task_timeline::EpochMs;

use crate::job::{Run, TABLES, archive, program, run, sample, text, try_run_at};
use crate::store::Store;

/// A folder and a run that wrote its tables there as CSV.
fn with_csv(events: &Path, options: &[&str]) -> (tempfile::TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let csv = ["--csv", folder.path().to_str().unwrap(), "--no-report"];
    let run = run(events, &[&csv, options].concat());
    (folder, run)
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The names of all files that a run writes as CSV.
fn all_names() -> Vec<String> {
    let mut names: Vec<String> =
        TABLES.iter().map(|table| table.replace(".parquet", ".csv")).collect();
    names.push("definitions.csv".to_owned());
    names.sort();
    names
}

/// The records of a text, with their heading.
fn records(text: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .from_reader(text);
    let records = reader.records().map(|record| record.unwrap());
    records.map(|record| record.iter().map(str::to_owned).collect()).collect()
}

/// The value of a cell, read as the documentation says, where the table has a value of that kind.
fn read_back(cell: &str, column: &str, like: &Value) -> Value {
    let text = || cell.strip_prefix('\'').unwrap_or(cell);
    let is_time = column == "at" || column == "interval_start" || column.ends_with("_at");
    match like {
        Value::Null => {
            assert_eq!(cell, "", "{column}");
            Value::Null
        }
        Value::Number(_) if is_time => {
            assert!(
                cell.len() == "2026-03-02T09:00:00.000Z".len() && cell.ends_with('Z'),
                "{cell}"
            );
            json!(cell.parse::<Timestamp>().unwrap().as_millisecond())
        }
        Value::Number(number) if number.is_f64() => json!(cell.parse::<f64>().unwrap()),
        Value::Number(_) => json!(cell.parse::<i64>().unwrap()),
        Value::String(_) => json!(text()),
        Value::Array(likes) => {
            let items = records(text().as_bytes(), b';').pop().unwrap_or_default();
            assert_eq!(items.len(), likes.len(), "{column}: {cell}");
            items
                .iter()
                .zip(likes)
                .map(|(item, like)| match like {
                    Value::Number(_) => json!(item.parse::<i64>().unwrap()),
                    Value::Null if item.is_empty() => Value::Null,
                    _ => json!(item),
                })
                .collect()
        }
        other => panic!("no such value in any table: {other}"),
    }
}

/// Compares every table with its CSV; returns the number of rows of all tables.
fn assert_same_values(folder: &Path, run: &Run) -> usize {
    assert_eq!(names(folder), all_names());
    let mut count = 0;
    for table in TABLES {
        let mut csv =
            records(&fs::read(folder.join(table.replace(".parquet", ".csv"))).unwrap(), b',');
        let heading = csv.remove(0);
        assert_eq!(heading, run.columns(table), "{table}");
        let rows = run.rows(table);
        assert_eq!(csv.len(), rows.len(), "{table}");
        for (cells, row) in csv.iter().zip(&rows) {
            for (cell, column) in cells.iter().zip(&heading) {
                let value = &row[column.as_str()];
                assert_eq!(&read_back(cell, column, value), value, "{table}: {row}");
            }
        }
        count += rows.len();
    }
    count
}

/// A webhook body of an organization.
fn body(what: &str, at: i64, data: Value) -> String {
    let mut data = data;
    data["createdTime"] = json!(1_772_442_000_000 + at);
    json!({"type": what, "comciscoorgid": "org", "data": data}).to_string()
}

/// The lines of a generated archive.
fn generated() -> String {
    let options = Options { tasks: 200, seed: 3, shifts: 4, ..Options::default() };
    let lines: Vec<String> =
        Archive::new(options).unwrap().deliveries().map(|delivery| delivery.line).collect();
    lines.join("\n")
}

#[test]
fn every_value_of_the_sample_is_that_of_its_table() {
    let (folder, run) = with_csv(&sample("webhooks"), &[]);
    assert!(assert_same_values(folder.path(), &run) > 0);
}

#[test]
fn every_value_of_a_generated_archive_is_that_of_its_table() {
    let events = archive(&[("all.ndjson", generated().as_bytes())]);
    let (folder, run) = with_csv(events.path(), &[]);
    assert_same_values(folder.path(), &run);
    assert!(TABLES.iter().all(|table| !run.rows(table).is_empty()));
}

#[test]
fn no_row_is_missing_where_a_table_has_several_row_groups() {
    // Each agent is there for 24 half hours; a row group has 32 768 rows.
    let lines: Vec<String> = (0..1_400)
        .flat_map(|agent| {
            let agent = json!({"agentId": format!("agent {agent}")});
            [("agent:login", 0), ("agent:logout", 12 * 3_600_000 - 1)]
                .map(|(what, at)| body(what, at, agent.clone()))
        })
        .collect();
    let events = archive(&[("all.ndjson", lines.join("\n").as_bytes())]);
    let (folder, run) = with_csv(events.path(), &[]);
    let csv = fs::read(folder.path().join("agent_intervals.csv")).unwrap();
    let csv = records(&csv, b',');
    let rows = run.rows("agent_intervals.parquet");
    assert!(rows.len() > 1 << 15, "{}", rows.len());
    assert_eq!(csv.len() - 1, rows.len());
    for (cells, row) in csv.iter().skip(1).zip(&rows) {
        assert_eq!(cells[1], row["agent_id"]);
        assert_eq!(read_back(&cells[3], &csv[0][3], &row["interval_start"]), row["interval_start"]);
    }
}

#[test]
fn any_id_can_be_read_back_and_none_is_a_formula() {
    let ids = [
        "a \"quoted\" one",
        "a,b;c",
        "two\nlines",
        "two\r\nlines",
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "'",
        "'=1",
        "''",
        " =1",
        "007",
        "ä 😀",
    ];
    let lines: Vec<String> = ids
        .iter()
        .flat_map(|id| {
            let parked = json!({"taskId": id, "queueId": id, "channelType": "telephony"});
            let state = |state| json!({"agentId": id, "currentState": state, "idleCodeId": id});
            [
                body("task:new", 0, json!({"taskId": id, "channelType": "telephony"})),
                body("task:parked", 1_000, parked),
                body("agent:login", 0, json!({"agentId": id})),
                body("agent:state_change", 1_000, state("idle")),
                body("agent:state_change", 61_000, state("available")),
            ]
        })
        .collect();
    let events = archive(&[("all.ndjson", lines.join("\n").as_bytes())]);
    let (folder, run) = with_csv(events.path(), &[]);
    assert_same_values(folder.path(), &run);
    let read = |file: &str| records(&fs::read(folder.path().join(file)).unwrap(), b',');
    let tasks: Vec<String> = read("tasks.csv").into_iter().map(|row| row[1].clone()).collect();
    for id in ids {
        let guarded = id.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '\'']);
        let cell = if guarded { format!("'{id}") } else { id.to_owned() };
        assert!(tasks.contains(&cell), "{cell:?} is not in {tasks:?}");
    }
    let intervals = read("agent_intervals.csv");
    let codes = intervals[0].iter().position(|name| name == "idle_codes").unwrap();
    let codes: Vec<&str> = intervals.iter().map(|row| row[codes].as_str()).collect();
    for cell in ["\"a,b;c\"", "'=1+1", "007"] {
        assert!(codes.contains(&cell), "{cell} is not in {codes:?}");
    }
}

#[test]
fn the_bytes_are_those_that_spreadsheets_read() {
    let lines = [
        body("task:new", 0, json!({"taskId": "=a, \"b\"", "channelType": "telephony"})),
        body("task:parked", 1_250, json!({"taskId": "=a, \"b\"", "queueId": "q"})),
    ];
    let events = archive(&[("all.ndjson", lines.join("\n").as_bytes())]);
    let (folder, _run) = with_csv(events.path(), &[]);
    let segments = fs::read_to_string(folder.path().join("segments.csv")).unwrap();
    assert_eq!(segments.matches('\n').count(), segments.matches("\r\n").count());
    expect![[r#"
        org_id,task_id,seq,phase,started_at,ended_at,duration_ms,queue_id,agent_id,basis
        org,"'=a, ""b""",0,self_service,2026-03-02T09:00:00.000Z,2026-03-02T09:00:01.250Z,1250,,,observed
        org,"'=a, ""b""",1,queued,2026-03-02T09:00:01.250Z,,,q,,observed
    "#]].assert_eq(&segments.replace("\r\n", "\n"));
}

#[test]
fn tables_without_rows_have_a_heading() {
    let (folder, run) =
        with_csv(&sample("webhooks"), &["--from", "2001-01-01", "--to", "2001-01-01"]);
    assert_eq!(assert_same_values(folder.path(), &run), 0);
}

#[test]
fn the_definitions_are_those_of_the_receipt() {
    let (folder, run) = with_csv(&sample("webhooks"), &[]);
    let mut csv = records(&fs::read(folder.path().join("definitions.csv")).unwrap(), b',');
    assert_eq!(csv.remove(0), ["column", "definition"]);
    let definitions = csv.iter().map(|row| (row[0].clone(), json!(row[1]))).collect();
    assert_eq!(Value::Object(definitions), run.receipt()["definitions"]);
}

#[test]
fn the_run_is_the_same_with_csv_and_without() {
    let events = sample("webhooks");
    let (folder, with) = with_csv(&events, &[]);
    assert_eq!(with.bytes("receipt.json"), run(&events, &["--no-report"]).bytes("receipt.json"));
    let said = format!("\nCSV         {}\n", folder.path().display());
    assert!(with.summary().contains(&said), "{}", with.summary());
}

#[test]
fn a_run_in_s3_has_its_csv_on_this_machine() {
    let store = Store::start();
    let folder = tempfile::tempdir().unwrap();
    let [events, csv] =
        [&sample("webhooks"), folder.path()].map(|path| path.to_str().unwrap().to_owned());
    let output = store.program(&["--events", &events, "--out", "s3://bucket/out", "--csv", &csv]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(store.path("out/latest.json").exists());
    assert!(assert_same_values(folder.path(), &run(&sample("webhooks"), &[])) > 0);
}

#[test]
fn files_of_an_earlier_run_are_replaced_and_others_are_left() {
    let (folder, _) =
        with_csv(&sample("webhooks"), &["--from", "2001-01-01", "--to", "2001-01-01"]);
    fs::write(folder.path().join("notes.csv"), "mine").unwrap();
    let csv = ["--csv", folder.path().to_str().unwrap()];
    let after = run(&sample("webhooks"), &csv);
    assert_eq!(fs::read(folder.path().join("notes.csv")).unwrap(), b"mine");
    fs::remove_file(folder.path().join("notes.csv")).unwrap();
    assert!(assert_same_values(folder.path(), &after) > 0);
}

#[test]
fn a_file_that_is_of_no_earlier_run_stops_the_run_before_it_begins() {
    for foreign in all_names() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(&foreign), "id,name\n1,a\n").unwrap();
        assert_refused(folder.path(), &format!("{foreign} is not from an earlier run"));
        assert_eq!(fs::read(folder.path().join(&foreign)).unwrap(), b"id,name\n1,a\n");
        assert_eq!(names(folder.path()), [foreign]);
    }
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("tasks.csv")).unwrap();
    assert_refused(folder.path(), "tasks.csv is not from an earlier run");
    let file = folder.path().join("file");
    File::create(&file).unwrap().write_all(b"mine").unwrap();
    assert_refused(&file, "file");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

/// Runs with `--csv` to a place that cannot take it: nothing is published.
fn assert_refused(place: &Path, expected: &str) {
    let out = tempfile::tempdir().unwrap();
    let [events, out_folder, place] =
        [&sample("webhooks"), out.path(), place].map(|path| path.to_str().unwrap().to_owned());
    let output = program(&["--events", &events, "--out", &out_folder, "--csv", &place]);
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(expected) && !error.contains("rebuilding"), "{error}");
    assert_eq!(names(out.path()), [""; 0]);
}

#[test]
fn a_failed_run_leaves_the_files_of_the_run_before() {
    let (folder, before) = with_csv(&sample("webhooks"), &[]);
    let empty = archive(&[("a.ndjson", b"{}\n")]);
    let csv = ["--csv", folder.path().to_str().unwrap()];
    assert!(try_run_at(EpochMs::LATEST, empty.path(), &csv).is_err());
    assert_same_values(folder.path(), &before);
}

/// No file may be larger than between the largest table and its CSV: as if the disk were full.
#[cfg(unix)]
#[test]
fn a_run_whose_csv_cannot_be_written_is_not_published() {
    const BLOCK: u64 = 512;
    let lines = generated();
    let events = archive(&[("all.ndjson", lines.as_bytes())]);
    let (before, run) = with_csv(events.path(), &[]);
    let size = |path: PathBuf| fs::metadata(path).unwrap().len();
    let csv_bytes = all_names().iter().map(|name| size(before.path().join(name))).max().unwrap();
    let table_bytes = TABLES.iter().map(|table| size(run.out.path().join(table))).max().unwrap();
    assert!(csv_bytes > 2 * table_bytes, "{csv_bytes} {table_bytes}");
    let limit = (table_bytes + csv_bytes) / 2 / BLOCK;
    let [out, csv] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_rebuild-timelines"))
        .args([Path::new("--events"), events.path(), Path::new("--out"), out.path()])
        .args([Path::new("--csv"), csv.path(), Path::new("--no-report")])
        .output()
        .unwrap();
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("writing CSV") && error.contains("File too large"), "{error}");
    for folder in [out, csv] {
        assert_eq!(names(folder.path()), [""; 0], "{error}");
    }
}

#[test]
fn where_csv_cannot_be_written_is_a_usage_error() {
    let events = sample("webhooks");
    let events = events.to_str().unwrap();
    for (options, expected) in [
        (["--csv", "csv"].as_slice(), "--csv needs --out"),
        (&["--csv", "s3://bucket/csv"], "a folder on this machine is needed, not S3"),
    ] {
        let output = program(&[&[events], options].concat());
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(expected), "{error}");
    }
}
