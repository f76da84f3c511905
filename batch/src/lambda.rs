//! The job as a Lambda: the event of an invocation is a command line, `{"arguments": ["--events",
//! "s3://…", "--out", "s3://…", …]}`, and the answer says where the run lies and what it counted.
//!
//! Invariant: an invocation shares nothing with those before it in the same sandbox: it has its own
//! connection, and leftovers of a killed run in the temporary folder are removed. Wrong arguments and
//! failed runs are errors of the invocation, so that alarms and failure queues see them.

use std::fmt;

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use aws_account::metrics::MetricsLine;
use clap::Parser;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn, tracing};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use task_timeline::EpochMs;

use crate::args::Args;
use crate::job::Job;
use crate::location::Location;
use crate::output::run_folder::remove_abandoned_runs;
use crate::progress::Progress;
use crate::rebuild::{Rebuilt, rebuild};
use crate::report;
use crate::s3::S3;

/// The input of an invocation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    arguments: Vec<String>,
}

/// The answer of an invocation.
#[derive(Debug, Serialize)]
struct Answer {
    /// Where the outputs are.
    run: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
    tasks: u64,
    events: u64,
    deliveries: u64,
    rejected_lines: u64,
    rejected_files: u64,
    skipped_days: u64,
}

/// Serves invocations until Lambda ends the process. Each reads `clock` when it begins and when it
/// ends.
///
/// # Errors
/// When Lambda does not answer a request for work.
pub fn serve(clock: fn() -> Timestamp) -> Result<()> {
    tracing::init_default_subscriber();
    let handler = async |event: LambdaEvent<Value>| -> Result<Answer, NotRebuilt> {
        let done = tokio::task::spawn_blocking(move || invoke(&event.payload, clock)).await;
        done.unwrap_or_else(|panic| Err(panic.into())).map_err(NotRebuilt)
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(service_fn(handler))).map_err(|error| anyhow!("{error}"))
}

fn invoke(event: &Value, clock: fn() -> Timestamp) -> Result<Answer> {
    let began = clock();
    let job = job(event, began)?;
    remove_abandoned_runs()?;
    let rebuilt = rebuild(&job, &S3::from_environment(), &Progress::logged())?;
    let answer = Answer::new(&job, &rebuilt)?;
    answer.metrics(clock().duration_since(began), began).print();
    Ok(answer)
}

/// The job that an event asks for, from S3 to S3.
fn job(event: &Value, now: Timestamp) -> Result<Job> {
    let event = Event::deserialize(event).context(
        "the event must be a command line: {\"arguments\": [\"--events\", \"s3://…\", \"--out\", \
         \"s3://…\"]}, with any other options that `rebuild-timelines --help` lists",
    )?;
    let line = std::iter::once(env!("CARGO_PKG_NAME").to_owned()).chain(event.arguments);
    let mut args = Args::try_parse_from(line).map_err(|error| anyhow!("{}", error.render()))?;
    ensure!(args.command.is_none(), "a Lambda only rebuilds: run other commands elsewhere");
    args.resolve(|| now)?;
    ensure!(!args.open, "a Lambda has no browser: leave out --open");
    ensure!(args.csv.is_none(), "a Lambda's folders are gone with it: leave out --csv");
    let (Some(events @ Location::S3 { .. }), Some(out @ Location::S3 { .. })) =
        (&args.events, &args.out)
    else {
        bail!(
            "a Lambda's folders are gone with it: give --events s3://bucket/prefix and \
             --out s3://bucket/prefix"
        )
    };
    tracing::info!(%events, %out, "rebuild");
    Job::from_args(&args, EpochMs(now.as_millisecond()))
}

impl Answer {
    fn new(job: &Job, rebuilt: &Rebuilt) -> Result<Answer> {
        let run = rebuilt.folder.as_ref().context("the run was not written")?;
        let report = job.writes_report.then(|| run.join(report::NAME).to_string());
        Ok(Answer {
            run: run.to_string(),
            report,
            tasks: rebuilt.counts.tasks,
            events: rebuilt.counts.events,
            deliveries: rebuilt.intake.counts.deliveries,
            rejected_lines: rebuilt.intake.rejected.count(),
            rejected_files: rebuilt.intake.rejected_files().count() as u64,
            skipped_days: rebuilt.intake.counts.skipped_days,
        })
    }

    /// The metrics of a run that began at `began` and took `took`. Zeros are written too, so that
    /// "no metric" means "no run".
    fn metrics(&self, took: SignedDuration, began: Timestamp) -> MetricsLine {
        let metrics = [
            ("rebuilt", "Count", json!(1)),
            ("tasks", "Count", json!(self.tasks)),
            ("events", "Count", json!(self.events)),
            ("rejected", "Count", json!(self.rejected_lines + self.rejected_files)),
            ("duration_ms", "Milliseconds", json!(took.as_millis_f64())),
        ];
        MetricsLine::new(env!("CARGO_PKG_NAME"), EpochMs(began.as_millisecond()), metrics)
    }
}

/// Why nothing was rebuilt. The runtime logs it once and reports it to Lambda.
struct NotRebuilt(Error);

impl fmt::Debug for NotRebuilt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not rebuilt: {:#}", self.0)
    }
}

impl From<NotRebuilt> for Diagnostic {
    fn from(error: NotRebuilt) -> Diagnostic {
        let (error_type, error_message) = ("NotRebuilt".to_owned(), format!("{:#}", error.0));
        Diagnostic { error_type, error_message }
    }
}
