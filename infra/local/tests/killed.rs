//! The whole of Trueline is killed, again and again, wherever it is: nothing accepted is missing,
//! nothing doubled, states converge.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use std::vec::IntoIter;

use anyhow::{Context, Result};
use generate_archive::{Archive, Options};
use local_stack::{Trueline, Webex, check, clients, secrets};
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use tokio::time::sleep;

const KILLS: usize = 10;
/// The longest that the program lives, its start included.
const LONGEST_LIFE_MS: u64 = 2_500;
const SENDERS: usize = 8;

/// Starts the program, and tells where it answers as soon as it says so.
fn start(folder: &Path, url: &watch::Sender<String>) -> Result<Child> {
    let mut program = Command::new(env!("CARGO_BIN_EXE_local-stack"))
        .args(["--serve", "--port", "0", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()?;
    let said = BufReader::new(program.stdout.take().context("no output")?);
    let url = url.clone();
    std::thread::spawn(move || {
        for line in said.lines().map_while(Result::ok) {
            if let Some(webhooks) = line.trim().strip_prefix("webhooks") {
                url.send_replace(webhooks.trim().trim_end_matches("/webhooks").to_owned());
            }
        }
    });
    Ok(program)
}

/// Kills it as the kernel does: it can do nothing about it.
fn kill(mut program: Child) -> Result<()> {
    program.kill()?;
    program.wait()?;
    Ok(())
}

/// Delivers what is waiting; each body until somebody accepts it.
async fn deliver(
    url: watch::Receiver<String>,
    secret: String,
    waiting: Arc<Mutex<IntoIter<String>>>,
) {
    loop {
        let Some(body) = waiting.lock().await.next() else { return };
        loop {
            let webex = Webex::new(&url.borrow(), &secret);
            if webex.deliver(&body).await.is_ok_and(|answer| answer.status().is_success()) {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let secrets = secrets::load(folder.path())?;
    let secret = secrets.subscriptions["local-stack"][0].exposed().to_owned();
    let archive = Archive::new(Options { tasks: 500, ..Options::default() })?;
    let mut bodies: Vec<_> = archive.deliveries().map(|delivery| delivery.line).collect();

    let (url, answers_at) = watch::channel(String::new());
    let waiting = Arc::new(Mutex::new(bodies.clone().into_iter()));
    let senders: JoinSet<()> = (0..SENDERS)
        .map(|_| deliver(answers_at.clone(), secret.clone(), Arc::clone(&waiting)))
        .collect();
    let mut random = fastrand::Rng::with_seed(1);
    for _kill in 0..KILLS {
        let program = start(folder.path(), &url)?;
        sleep(Duration::from_millis(random.u64(0..LONGEST_LIFE_MS))).await;
        kill(program)?;
    }
    // No more are handed out now; but those under way have yet to be accepted by somebody.
    let left = waiting.lock().await.by_ref().count();
    bodies.truncate(bodies.len() - left);
    assert!(left > 0 && bodies.len() > KILLS, "{} were delivered, {left} left", bodies.len());
    let program = start(folder.path(), &url)?;
    senders.join_all().await;
    kill(program)?;

    let trueline = Trueline::start(folder.path(), 0, secrets).await?;
    trueline.archived().await?;
    check::table(&trueline.services.task_table(), &bodies).await?;
    check::archive(&clients::s3(&trueline.services.object_store.endpoint()), &bodies).await?;
    trueline.stop().await
}
