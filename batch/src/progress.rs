//! How far the job is: a bar on a terminal, plain lines otherwise.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Tells on standard error how far the job is.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    started: Instant,
}

impl Progress {
    /// A bar if standard error is a terminal.
    pub fn start() -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} {msg} {human_pos} ({per_sec}) {elapsed}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Progress { bar, started: Instant::now() }
    }

    /// A new stage of the job begins.
    pub fn stage(&self, what: &str) {
        match &self.bar {
            Some(bar) => {
                bar.reset();
                bar.set_message(what.to_owned());
            }
            None => eprintln!("{:>8.2} s  {what}", self.started.elapsed().as_secs_f64()),
        }
    }

    /// This many more events have been read, or tasks rebuilt.
    pub fn read(&self, more: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(more);
        }
    }

    /// The job is done: the bar goes away.
    pub fn finish(&self) {
        match &self.bar {
            Some(bar) => bar.finish_and_clear(),
            None => self.stage("done"),
        }
    }
}
