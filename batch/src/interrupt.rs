//! What happens when the job is interrupted: by Ctrl-C, or by whoever ends processes.

use std::future::Future;
use std::process::exit;
use std::thread;

use anyhow::{Context, Result};
use tokio::runtime::{Builder, Runtime};
use tokio::signal;

use crate::output::unfinished;

/// The exit code of a program that was interrupted, as shells have it: 128 + SIGINT.
const INTERRUPTED: i32 = 130;

/// From now on, an interruption removes what unfinished runs have written, then ends the program.
///
/// # Errors
/// When the machine has no thread left, or does not tell of interruptions.
pub fn clean_up_when_interrupted() -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let interruption = interruption(&runtime)?;
    let wait = move || {
        runtime.block_on(interruption);
        unfinished::remove_all();
        exit(INTERRUPTED);
    };
    thread::Builder::new().name("interrupt".to_owned()).spawn(wait).context("no thread")?;
    Ok(())
}

/// What ends with the next interruption from now on.
#[cfg(unix)]
fn interruption(runtime: &Runtime) -> Result<impl Future<Output = ()> + Send + use<>> {
    use signal::unix::{SignalKind, signal};
    let _context = runtime.enter();
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn interruption(runtime: &Runtime) -> Result<impl Future<Output = ()> + Send + use<>> {
    let _context = runtime.enter();
    let mut interrupt = signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
