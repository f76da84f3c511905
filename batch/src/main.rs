//! `rebuild-timelines`: corrected task timelines from archived webhooks, as a command and as a
//! Lambda (see [`lambda`]). The clock is read nowhere else.
#![allow(clippy::print_stdout, reason = "a command line writes to standard output")]

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use jiff::Timestamp;
use rebuild_timelines::{
    Args, Job, Location, Progress, Rebuilt, S3, lambda, rebuild, report, sample, summary, task_view,
};

/// Where the built-in sample and its outputs go.
const SAMPLE_FOLDER: &str = "out/sample";

/// The variable that is set where this runs as a Lambda: the address that hands out work.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

fn main() -> Result<ExitCode> {
    if std::env::var_os(RUNTIME_API).is_some() {
        return lambda::serve(Timestamp::now).map(|()| ExitCode::SUCCESS);
    }
    let mut args = Args::parse();
    args.resolve_last_days(Timestamp::now)?;
    run(args)
}

fn run(mut args: Args) -> Result<ExitCode> {
    if args.events.is_none() {
        let folder = Path::new(SAMPLE_FOLDER);
        args.out.get_or_insert_with(|| Location::Folder(folder.to_owned()));
        args.events = Some(Location::Folder(sample::write(folder)?));
    }
    let job = Job::from_args(&args)?;
    let progress = Progress::start();
    let rebuilt = rebuild(&job, &S3::from_environment(), &progress);
    progress.finish();
    let rebuilt = rebuilt?;
    for shown in &rebuilt.shown {
        println!("{}", task_view::view(shown, &job.timezone));
    }
    if let (Some(task), []) = (&job.task, rebuilt.shown.as_slice()) {
        ensure!(job.out.is_some(), "there is no task {task} in {}", job.events);
        eprintln!("there is no task {task} in {}", job.events);
    }
    if job.out.is_some() {
        print!("{}", summary::summary(&job, &rebuilt));
    }
    if args.open {
        show_report(&rebuilt)?;
    }
    let rejected = rebuilt.intake.rejected.len() + rebuilt.intake.rejected_files().count();
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// Opens the report in the browser. If there is no browser, or the report lies in S3, the run has
/// still succeeded.
fn show_report(rebuilt: &Rebuilt) -> Result<()> {
    let folder = rebuilt.folder.as_ref().context("--open needs --out: there is no report")?;
    let page = folder.join(report::NAME);
    let opened = match &page {
        Location::Folder(file) => open::that_detached(file).map_err(anyhow::Error::new),
        Location::S3 { .. } => Err(anyhow::anyhow!("it is not on this machine")),
    };
    if let Err(error) = opened {
        eprintln!("cannot open {page} in a browser: {error}");
    }
    Ok(())
}
