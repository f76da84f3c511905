//! Deliveries that DynamoDB once refused are stored now.
//!
//! Invariant: a delivery leaves `spill/` only when its event is stored, or it is in `quarantine/`.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use event_archive::ArchivedEvent;
use webhook::Webhook;

use super::failure::PartError;
use super::summary::BatchSummary;
use crate::store::bucket::{Bucket, Spilled};
use crate::store::task_table::Session;
use crate::store::transition::{store, transition};
use crate::store::undated::dated;

/// How often an instance looks for spilled deliveries while the stream flows.
const REPLAY_EVERY: Duration = Duration::from_secs(60);

/// When an instance last looked for spilled deliveries.
#[derive(Debug, Default)]
pub(super) struct LastReplay(Mutex<Option<Instant>>);

impl LastReplay {
    /// Whether it is time to look again, or somebody asks for it. If so, the look counts as made.
    pub(super) fn is_due(&self, is_asked_for: bool) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = is_asked_for || last.is_none_or(|last| last.elapsed() >= REPLAY_EVERY);
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }
}

/// Stores what waits in `spill/`, until DynamoDB fails again.
pub(super) async fn replay(
    bucket: &Bucket,
    session: &Session,
    summary: &mut BatchSummary,
) -> Result<(), PartError> {
    let keys = bucket.spilled().await?;
    summary.spill_left = keys.len();
    for key in keys {
        let spilled = bucket.read_spilled(key).await?;
        store_spilled(bucket, session, &spilled).await?;
        bucket.forget(spilled).await?;
        summary.replayed += 1;
        summary.spill_left -= 1;
    }
    Ok(())
}

async fn store_spilled(
    bucket: &Bucket,
    session: &Session,
    spilled: &Spilled,
) -> Result<(), PartError> {
    let body = dated(session, &spilled.body).await?;
    let parsed =
        std::str::from_utf8(&body).ok().map(|body| (body, Webhook::parse(body.as_bytes())));
    let Some((body, Ok(webhook))) = parsed else {
        return Ok(bucket.quarantine(spilled.raw(), "unreadable in spill/").await?);
    };
    let (arrived_at, headers) = (spilled.arrived_at, spilled.headers());
    let event = ArchivedEvent { webhook, arrived_at, headers, body };
    let stored = store(session, &event).await?;
    transition(session, &event, stored).await?;
    Ok(())
}
