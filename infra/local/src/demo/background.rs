//! Generated tasks of the same day, delivered beside the sample.

use std::sync::Arc;

use anyhow::Result;
use generate_archive::{Archive, Options};
use local_stack::{Webex, accepted};
use task_timeline::EpochMs;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// The day of the sample, 2022-10-14 in UTC.
pub(super) const DAY: EpochMs = EpochMs(1_665_705_600_000);
/// How many generated tasks there are beside it.
const BACKGROUND_TASKS: u64 = 300;
/// How many deliveries of them are under way at once.
const SENDERS: usize = 8;

/// Delivers generated tasks of the same day, and returns how many webhooks they gave.
pub(super) async fn deliver(webex: Webex) -> Result<usize> {
    let start_ms = DAY.0.cast_unsigned();
    let options = Options { tasks: BACKGROUND_TASKS, days: 1, start_ms, ..Options::default() };
    let bodies: Vec<_> =
        Archive::new(options)?.deliveries().map(|delivery| delivery.line).collect();
    let count = bodies.len();
    let bodies = Arc::new(Mutex::new(bodies.into_iter()));
    let mut senders = JoinSet::new();
    for _sender in 0..SENDERS {
        let (webex, bodies) = (webex.clone(), Arc::clone(&bodies));
        senders.spawn(async move {
            loop {
                let Some(body) = bodies.lock().await.next() else {
                    return anyhow::Ok(());
                };
                accepted(webex.deliver(&body).await?).await?;
            }
        });
    }
    for sent in senders.join_all().await {
        sent?;
    }
    Ok(count)
}
