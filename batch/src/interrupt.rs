//! What happens when the job is interrupted: by Ctrl-C, or by whoever ends processes.

use std::process::exit;
use std::thread;

use anyhow::{Context, Result};
use tokio::signal;

use crate::output::unfinished;

/// The exit code of a program that was interrupted, as shells have it: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// From now on, an interruption removes what unfinished runs have written, then ends the program.
///
/// # Errors
/// When the machine has no thread left.
pub fn clean_up_when_interrupted() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let wait = move || {
        if runtime.block_on(interruption()).is_ok() {
            unfinished::remove_all();
            exit(INTERRUPTED);
        }
    };
    thread::Builder::new().name("interrupt".to_owned()).spawn(wait).context("no thread")?;
    Ok(())
}

#[cfg(unix)]
async fn interruption() -> Result<()> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = signal::ctrl_c() => Ok(pressed?),
        _told = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interruption() -> Result<()> {
    Ok(signal::ctrl_c().await?)
}
