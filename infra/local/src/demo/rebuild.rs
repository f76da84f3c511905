//! The nightly job, run on the archive of the local stack.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use functions::config::now;
use local_stack::{BUCKET, Trueline, clients};
use rebuild_timelines::{
    Args, Job, Location, Progress, Rebuilt, S3, report, sample, summary, task_view,
};
use tokio::runtime::Handle;

use super::names;
use crate::say::say;

/// Runs the nightly job on the archive, and shows what it found. Returns where the report lies.
pub(crate) async fn rebuild(
    trueline: &Trueline,
    folder: &Path,
    of_sample: bool,
) -> Result<PathBuf> {
    trueline.archived().await?;
    say!("the nightly rebuild, from the archive in S3:\n");
    let out = folder.join("rebuilt");
    let out = out.to_str().context("the data folder is not UTF-8")?;
    let names = of_sample.then(names::location);
    let job = |options: &[&str]| anyhow::Ok(Job { names: names.clone(), ..job(options)? });
    let whole = job(&["--out", out])?;
    if of_sample {
        for task in sample::TASKS {
            let of_task = job(&["--task", task])?;
            let rebuilt = run(trueline, of_task.clone()).await?;
            for shown in &rebuilt.shown {
                say!("{}", task_view::view(shown, &of_task.timezone, &rebuilt.names));
            }
        }
    }
    say!("{}", summary::figures(&whole, &run(trueline, whole.clone()).await?));
    Ok(Path::new(out).join("latest").join(report::NAME))
}

/// The nightly job on the archive, with these options.
fn job(options: &[&str]) -> Result<Job> {
    let mut args = Args::parse_from(["rebuild-timelines"].iter().chain(options));
    args.events = Some(Location::S3 { bucket: BUCKET.to_owned(), prefix: "events".to_owned() });
    Job::from_args(&args, now())
}

async fn run(trueline: &Trueline, job: Job) -> Result<Rebuilt> {
    let s3 = clients::s3(&trueline.services.object_store.endpoint());
    let s3 = S3::with_client(s3, Handle::current());
    let rebuild = move || rebuild_timelines::rebuild(&job, &s3, &Progress::silent());
    tokio::task::spawn_blocking(rebuild).await?
}
