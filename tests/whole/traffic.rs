//! Webhooks to deliver, and ways to deliver them.

use std::sync::Arc;

use anyhow::{Result, bail};
use local_stack::Webex;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// The size of a proof: `long` with `LONG_PROOFS=1`, as `just proofs` sets it, else `short`.
#[expect(clippy::disallowed_methods, reason = "a test asks how long it may take")]
pub(crate) fn long_or_short(long: u64, short: u64) -> u64 {
    if std::env::var("LONG_PROOFS").is_ok_and(|asked| asked == "1") { long } else { short }
}

/// The secret of the one subscription, and of the flow.
pub(crate) const SECRET: &str = "of a test, and of nothing but a test";

/// The two tasks of the sample, one body a line.
const SAMPLE: [&str; 2] = [
    include_str!("../../shared/fixtures/sample/webhooks/normal-callback.ndjson"),
    include_str!("../../shared/fixtures/sample/webhooks/callback-with-multiple-ronas.ndjson"),
];
const SAMPLE_ORG: &str = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba";

/// The sample as if another organization had had it, so that runs do not meet.
pub(crate) fn sample_of(org: &str) -> Vec<String> {
    SAMPLE.iter().flat_map(|task| task.lines()).map(|body| body.replace(SAMPLE_ORG, org)).collect()
}

/// `bodies` in another order, every third one twice.
pub(crate) fn shuffled(bodies: &[String], seed: u64) -> Vec<String> {
    let mut shuffled: Vec<_> =
        bodies.iter().chain(bodies.iter().step_by(3)).map(String::clone).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
    shuffled
}

/// Delivers all bodies: each of the senders, who go to the functions in turn, takes the next one
/// when its last one was answered. What is not accepted is sent again.
pub(crate) async fn deliver(to: &[Webex], bodies: Vec<String>, senders: usize) -> Result<()> {
    let bodies = Arc::new(Mutex::new(bodies.into_iter()));
    let mut tasks = JoinSet::new();
    for webex in to.iter().cycle().take(senders) {
        let (webex, bodies) = (webex.clone(), Arc::clone(&bodies));
        tasks.spawn(async move {
            loop {
                let Some(body) = bodies.lock().await.next() else { return anyhow::Ok(()) };
                deliver_one(&webex, &body).await?;
            }
        });
    }
    while let Some(sender) = tasks.join_next().await {
        sender??;
    }
    Ok(())
}

async fn deliver_one(webex: &Webex, body: &str) -> Result<()> {
    for _attempt in 0..10 {
        let answer = webex.deliver(body).await?;
        match answer.status().as_u16() {
            200 => return Ok(()),
            503 => {}
            status => bail!("{status}: {}", answer.text().await?),
        }
    }
    bail!("never accepted")
}
