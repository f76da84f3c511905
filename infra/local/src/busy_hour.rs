//! Made-up calls as they would come now, if now were the busiest hour of a contact centre.
//!
//! Invariant: an event is delivered when it happens, as far as the past is caught up with.

use std::time::Duration;

use anyhow::{Context, Result};
use functions::config::now;
use generate_archive::org::Org;
use generate_archive::{Archive, Options};
use local_stack::{Webex, accepted};
use task_timeline::EpochMs;
use tokio::time::sleep;
use webhook::Webhook;

/// The generated organization.
pub(crate) const SEED: u64 = 7;
/// How many calls there are: 1 500 a day.
const CALLS: u64 = 1_500 * DAYS;
/// On how many days they begin.
const DAYS: u64 = 3;
const HOUR_MS: i64 = 60 * 60 * 1_000;
/// The busiest hour of a generated day is its eleventh.
const BUSIEST_MS: i64 = 10 * HOUR_MS + HOUR_MS / 2;
/// What is older than this when it begins is over by now, but for a few.
const HISTORY_MS: i64 = HOUR_MS;

/// The organization that is called.
pub(crate) fn org() -> String {
    Org::new(SEED).id.to_string()
}

/// Delivers the calls of the last hour, and those of the days that are left as time passes.
pub(crate) async fn deliver(webex: &Webex) {
    if let Err(error) = try_deliver(webex).await {
        tracing::warn!(error = format!("{error:#}"), "no more calls for the wallboard");
    }
}

async fn try_deliver(webex: &Webex) -> Result<()> {
    let began = now();
    let day = u64::try_from((began + -BUSIEST_MS).0).context("the clock is before 1970")?;
    let options =
        Options { tasks: CALLS, days: DAYS, start_ms: day, seed: SEED, ..Options::default() };
    let archive = Archive::new(options)?;
    for delivery in archive.deliveries() {
        let Ok(webhook) = Webhook::parse(delivery.line.as_bytes()) else { continue };
        let at: EpochMs = webhook.event.at;
        if began - at > HISTORY_MS {
            continue;
        }
        sleep(Duration::from_millis(u64::try_from(at - now()).unwrap_or(0))).await;
        accepted(webex.deliver(&delivery.line).await?).await?;
    }
    Ok(())
}
