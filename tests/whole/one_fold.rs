//! One machine, two doors: the live states and the nightly rebuild of the archive are the same.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use aws_sdk_s3::Client as S3Client;
use clap::Parser;
use functions::config::now;
use functions::store::task_table::{Partition, TaskTable};
use generate_archive::{Archive, Options};
use local_stack::{Trueline, Webex, clients};
use polars::prelude::DataFrame;
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use rebuild_timelines::output::run_folder::RunFolder;
use rebuild_timelines::output::table_file::TableFile;
use rebuild_timelines::output::tables::{TaskItem, Tasks};
use rebuild_timelines::{Args, Job, Location, Progress, Rebuilt, S3, rebuild};
use task_timeline::{EpochMs, FigureOptions, Id, Limits};
use tokio::runtime::Handle;
use webhook::Webhook;

use crate::traffic::{SECRET, deliver, long_or_short};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_states_and_the_rebuild_of_the_archive_agree_on_every_figure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    let tasks = long_or_short(2_000, 500);
    let archive = Archive::new(Options { tasks, ..Options::default() })?;
    let bodies: Vec<String> = archive.deliveries().map(|delivery| delivery.line).collect();
    let newest =
        bodies.iter().filter_map(|body| Some(Webhook::parse(body.as_bytes()).ok()?.event.at));
    let newest = newest.max().context("no events")?;
    deliver(&[Webex::new(&trueline.url(), SECRET)], bodies, 8).await?;
    trueline.archived().await?;

    let batch = same_as_rebuilt(&trueline, newest, folder.path()).await?;
    assert!(batch.height() as u64 >= tasks, "{} tasks", batch.height());
    Ok(())
}

/// Checks that the states in the table give the tasks that a rebuild of the archive gives. Returns
/// these.
pub(crate) async fn same_as_rebuilt(
    trueline: &Trueline,
    newest: EpochMs,
    folder: &Path,
) -> Result<DataFrame> {
    let s3 = clients::s3(&trueline.services.object_store.endpoint());
    let (rebuilt, batch) = tasks_of("s3://trueline/events", s3, &folder.join("out")).await?;
    assert!(rebuilt.intake.rejected.kept().is_empty());
    let out = folder.join("live");
    write_live(&trueline.services.task_table(), &batch, newest, &out).await?;
    for (live, batch) in read(&out)?.columns().iter().zip(batch.columns()) {
        assert!(live.equals_missing(batch), "{}: {live:?} {batch:?}", batch.name());
    }
    Ok(batch)
}

/// Rebuilds the `events` to a folder `out`, and reads the tasks from there.
pub(crate) async fn tasks_of(
    events: &str,
    s3: S3Client,
    out: &Path,
) -> Result<(Rebuilt, DataFrame)> {
    let out_text = out.to_str().context("UTF-8")?;
    let args = Args::parse_from(["rebuild-timelines", "--events", events, "--out", out_text]);
    let job = Job::from_args(&args, now())?;
    let runtime = Handle::current();
    let rebuilt = tokio::task::spawn_blocking(move || {
        rebuild(&job, &S3::with_client(s3, runtime), &Progress::start())
    });
    Ok((rebuilt.await??, read(out)?))
}

fn read(out: &Path) -> Result<DataFrame> {
    Ok(ParquetReader::new(File::open(out.join("tasks.parquet"))?).finish()?)
}

/// Writes the rows of `batch` once more, from the states in the table.
async fn write_live(
    table: &TaskTable,
    batch: &DataFrame,
    as_of: EpochMs,
    out: &Path,
) -> Result<()> {
    let terms = FigureOptions {
        as_of,
        stale_after_ms: 14 * 86_400_000,
        short_call_ms: 0,
        limits: Limits::default(),
    };
    let session = table.session();
    let mut tasks = Tasks::default();
    let (orgs, ids) = (batch.column("org_id")?.str()?, batch.column("task_id")?.str()?);
    for (org, task) in orgs.iter().zip(ids.iter()) {
        let (org, task) = org.zip(task).context("a task without an id")?;
        let id = |text| Id::new(text).context("no id");
        let org = &id(org)?;
        let partition = Partition::task(org, &id(task)?);
        let mut timeline = session.state(&partition).await?.timeline;
        // Repeats are counted beside the events, not in the state.
        let deliveries = session.deliveries(&partition).await?.len();
        timeline.count_duplicates(u32::try_from(deliveries)? - timeline.events());
        let figures = timeline.figures(&terms).context("no figures")?;
        tasks.push(&TaskItem { org, task, item: &figures });
    }
    let folder = RunFolder::create(&Location::Folder(out.to_owned()), &S3::from_environment())?;
    let mut file = TableFile::create(&folder, "tasks.parquet")?;
    rayon::in_place_scope_fifo(|workers| {
        file.push(tasks, workers)?;
        file.complete(workers);
        file.finish()
    })?;
    folder.publish(&serde_json::json!({})).map(drop)
}
