//! `rebuild-timelines`: corrected task timelines from archived webhooks, as a command and as a
//! Lambda (see [`lambda`]). The clock is read nowhere else.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use jiff::Timestamp;
use rebuild_timelines::{
    Args, Command, Job, Location, Progress, Rebuilt, S3, clean_up_when_interrupted, lambda,
    rebuild, report, sample, summary, task_view, verify,
};
use task_timeline::EpochMs;

/// Where the built-in sample and its outputs go.
const SAMPLE_FOLDER: &str = "out/sample";

/// The variable that is set where this runs as a Lambda: the address that hands out work.
const RUNTIME_API: &str = "AWS_LAMBDA_RUNTIME_API";

fn main() -> Result<ExitCode> {
    if std::env::var_os(RUNTIME_API).is_some() {
        return lambda::serve(Timestamp::now).map(|()| ExitCode::SUCCESS);
    }
    let mut args = Args::parse();
    if let Some(Command::Verify { place, erased }) = &args.command {
        let verified = verify(place, erased, &S3::from_environment())?;
        print(&verified.text())?;
        return Ok(exit_code(verified.wrong.len() as u64));
    }
    let now = Timestamp::now();
    args.resolve(|| now)?;
    clean_up_when_interrupted()?;
    run(args, now)
}

fn run(mut args: Args, now: Timestamp) -> Result<ExitCode> {
    if args.events.is_none() {
        let folder = Path::new(SAMPLE_FOLDER);
        args.out.get_or_insert_with(|| Location::Folder(folder.to_owned()));
        args.events = Some(Location::Folder(sample::write(folder)?));
    }
    let job = Job::from_args(&args, EpochMs(now.as_millisecond())).unwrap_or_else(|error| {
        Args::command().error(ErrorKind::ValueValidation, format!("{error:#}")).exit()
    });
    let progress = Progress::start();
    let rebuilt = rebuild(&job, &S3::from_environment(), &progress);
    progress.finish();
    let rebuilt = rebuilt?;
    let mut text = String::new();
    for shown in &rebuilt.shown {
        text += &task_view::view(shown, &job.timezone, &rebuilt.names);
        text.push('\n');
    }
    if let (Some(task), []) = (&job.task, rebuilt.shown.as_slice()) {
        ensure!(job.out.is_some(), "there is no task {task} in {}", job.events);
        eprintln!("there is no task {task} in {}", job.events);
    }
    if job.out.is_some() || job.task.is_none() {
        text += &summary::summary(&job, &rebuilt);
    }
    print(&text)?;
    if args.open {
        show_report(&rebuilt)?;
    }
    Ok(exit_code(rebuilt.intake.count_rejected()))
}

fn exit_code(rejected: u64) -> ExitCode {
    if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::from(3) }
}

/// Writes to standard output. A reader that has seen enough, like `head`, is no error.
fn print(text: &str) -> io::Result<()> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
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
