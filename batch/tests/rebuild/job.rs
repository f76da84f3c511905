//! Runs the job on a folder and reads back what it wrote.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::Result;
use clap::Parser;
use polars::prelude::{AnyValue, DataFrame};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use rebuild_timelines::{Args, Job, Location, Progress, Rebuilt, S3, rebuild};
use serde_json::{Value, json};
use task_timeline::EpochMs;
use tempfile::TempDir;

/// The tables of a run.
pub const TABLES: [&str; 8] = [
    "agent_intervals.parquet",
    "agent_states.parquet",
    "corrections.parquet",
    "offers.parquet",
    "queue_intervals.parquet",
    "segments.parquet",
    "tasks.parquet",
    "visits.parquet",
];

/// The fixtures of the published sample.
pub fn sample(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/sample").join(folder)
}

/// A folder with these files.
pub fn archive(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// A finished run.
pub struct Run {
    pub rebuilt: Rebuilt,
    pub out: TempDir,
    job: Job,
}

/// Runs the job in this process, after all that happens in any test.
pub fn run(events: &Path, options: &[&str]) -> Run {
    run_at(EpochMs::LATEST, events, options)
}

/// The same at another time.
pub fn run_at(now: EpochMs, events: &Path, options: &[&str]) -> Run {
    try_run_at(now, events, options).unwrap()
}

/// The same, or why it failed.
pub fn try_run_at(now: EpochMs, events: &Path, options: &[&str]) -> Result<Run> {
    let out = tempfile::tempdir().unwrap();
    let program = ["rebuild-timelines", "--events", "unused", "--out"];
    let out_folder = out.path().to_str().unwrap();
    let args = program.iter().copied().chain([out_folder]).chain(options.iter().copied());
    let mut args = Args::parse_from(args);
    args.resolve(|| panic!("a test says by --as-of what day it is")).unwrap();
    args.events = Some(Location::Folder(events.to_owned()));
    let job = Job::from_args(&args, now).unwrap();
    let rebuilt = rebuild(&job, &S3::from_environment(), &Progress::start())?;
    Ok(Run { rebuilt, out, job })
}

impl Run {
    /// The bytes of an output.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.out.path().join("latest").join(name)).unwrap()
    }

    /// The names of a table's columns.
    pub fn columns(&self, table: &str) -> Vec<String> {
        let file = File::open(self.out.path().join(table)).unwrap();
        let frame = ParquetReader::new(file).finish().unwrap();
        frame.get_column_names().iter().map(|name| name.to_string()).collect()
    }

    /// The rows of a table, each as an object; times are epoch milliseconds.
    pub fn rows(&self, table: &str) -> Vec<Value> {
        let file = File::open(self.out.path().join(table)).unwrap();
        rows(&ParquetReader::new(file).finish().unwrap())
    }

    /// The rows of a table by task.
    pub fn rows_by_task(&self, table: &str) -> BTreeMap<String, Vec<Value>> {
        let mut by_task: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for row in self.rows(table) {
            let task = row["task_id"].as_str().unwrap().to_owned();
            by_task.entry(task).or_default().push(row);
        }
        by_task
    }

    /// The receipt.
    pub fn receipt(&self) -> Value {
        serde_json::from_slice(&self.bytes("receipt.json")).unwrap()
    }

    /// What is printed at the end.
    pub fn summary(&self) -> String {
        rebuild_timelines::summary::summary(&self.job, &self.rebuilt)
    }
}

fn rows(frame: &DataFrame) -> Vec<Value> {
    (0..frame.height())
        .map(|row| {
            let cells = frame
                .columns()
                .iter()
                .map(|column| (column.name().to_string(), cell(&column.get(row).unwrap())));
            Value::Object(cells.collect())
        })
        .collect()
}

fn cell(value: &AnyValue<'_>) -> Value {
    match value {
        AnyValue::Null => Value::Null,
        AnyValue::String(text) => json!(text),
        AnyValue::StringOwned(text) => json!(text.as_str()),
        AnyValue::UInt32(number) => json!(number),
        AnyValue::Int64(number) => json!(number),
        AnyValue::Float64(number) => json!(number),
        AnyValue::Datetime(at, _, _) | AnyValue::DatetimeOwned(at, _, _) => json!(at),
        AnyValue::List(items) => items.iter().map(|item| cell(&item)).collect(),
        other => panic!("no such column in any table: {other:?}"),
    }
}

/// Runs the program itself.
pub fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rebuild-timelines")).args(arguments).output().unwrap()
}

/// What the program printed.
pub fn text(output: &[u8]) -> String {
    String::from_utf8(output.to_vec()).unwrap()
}
