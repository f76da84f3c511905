//! `rebuild-timelines`: corrected task timelines from archived webhooks.
#![allow(clippy::print_stdout, reason = "a command line talks on standard output")]

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use clap::Parser;
use rebuild_timelines::{Args, Location, Progress, S3, rebuild, sample, summary, task_view};

/// Where the built-in sample and its outputs go.
const SAMPLE_FOLDER: &str = "out/sample";

fn main() -> Result<ExitCode> {
    let mut args = Args::parse();
    let events = match &args.events {
        Some(events) => events.clone(),
        None => {
            let folder = Path::new(SAMPLE_FOLDER);
            args.out.get_or_insert_with(|| Location::Folder(folder.to_owned()));
            Location::Folder(sample::write(folder)?)
        }
    };
    let progress = Progress::start();
    let rebuilt = rebuild(&args, &events, &S3::from_environment(), &progress);
    progress.finish();
    let rebuilt = rebuilt?;
    for shown in &rebuilt.shown {
        println!("{}", task_view::view(shown, &args.timezone));
    }
    if let (Some(task), []) = (&args.task, rebuilt.shown.as_slice()) {
        ensure!(args.out.is_some(), "there is no task {task} in {events}");
        eprintln!("there is no task {task} in {events}");
    }
    if args.out.is_some() {
        print!("{}", summary::summary(&args, &rebuilt)?);
    }
    let rejected = rebuilt.intake.rejected.len() + rebuilt.intake.rejected_files().count();
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) })
}
