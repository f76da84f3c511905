//! Progress of the job: a bar on a terminal, plain lines otherwise, or lines of a log.

use std::fmt;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};
use lambda_runtime::tracing;

/// Shows on standard error how far the job has come.
#[derive(Debug)]
pub struct Progress {
    output: Output,
    started: Instant,
}

#[derive(Debug)]
enum Output {
    /// A bar on a terminal.
    Bar(ProgressBar),
    /// A line for each stage.
    Lines,
    /// A log line for each stage.
    Log,
    /// Nothing.
    Silent,
}

impl Progress {
    /// A bar if standard error is a terminal, lines otherwise.
    pub fn start() -> Progress {
        let output =
            if std::io::stderr().is_terminal() { Output::Bar(bar()) } else { Output::Lines };
        Progress { output, started: Instant::now() }
    }

    /// A log line for each stage: for functions.
    pub fn logged() -> Progress {
        Progress { output: Output::Log, started: Instant::now() }
    }

    /// Shows nothing: for programs with their own output.
    pub fn silent() -> Progress {
        Progress { output: Output::Silent, started: Instant::now() }
    }

    /// Shows that a new stage of the job begins.
    pub fn stage(&self, what: &str) {
        match &self.output {
            Output::Bar(bar) => {
                bar.reset();
                bar.set_message(what.to_owned());
            }
            Output::Lines => eprintln!("{:>8.2} s  {what}", self.started.elapsed().as_secs_f64()),
            Output::Log => {
                tracing::info!(elapsed_s = self.started.elapsed().as_secs_f64(), "{what}");
            }
            Output::Silent => {}
        }
    }

    /// Counts more events that were read, or tasks that were rebuilt.
    pub fn read(&self, more: u64) {
        if let Output::Bar(bar) = &self.output {
            bar.inc(more);
        }
    }

    /// Shows that the job is done; a bar disappears.
    pub fn finish(&self) {
        match &self.output {
            Output::Bar(bar) => bar.finish_and_clear(),
            Output::Lines | Output::Log | Output::Silent => self.stage("done"),
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate is positive and far below 2^53"
)]
fn rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    let _infallible = write!(out, "{}", HumanCount(state.per_sec().round() as u64));
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    let template = "{spinner} {msg} {human_pos} ({rate} a second) {elapsed}";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("rate", rate));
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
