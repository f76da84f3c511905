//! Counts for the wallboard what each batch of the stream brought.
//!
//! Invariant: a batch never fails because of its count, which is only for display; only records
//! that are done are counted, since the others come again.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, PoisonError};

use task_timeline::{EpochMs, Id};
use webhook::Webhook;

use super::stream_record::{StreamRecord, WrittenItem};
use crate::error_chain::Chain;
use crate::store::task_table::{Beat, Session, TableError};

/// Counts, and remembers which organizations it has listed.
#[derive(Debug, Default)]
pub(crate) struct PulseCount {
    listed: Mutex<HashSet<Id>>,
}

impl PulseCount {
    /// Counts the records that are `done`. The tasks and agents at `settled` were behind.
    pub(crate) async fn count(
        &self,
        session: &Session,
        done: &[StreamRecord<'_>],
        settled: &[usize],
        now: EpochMs,
    ) {
        for (org, beat) in beats(done, settled) {
            let counted = async {
                self.list(session, &org).await?;
                session.beat(&org, beat, now).await
            };
            if let Err(error) = counted.await {
                let cause = Chain(&error);
                tracing::warn!(%cause, org.id = %org, "the wallboard's counts miss a batch");
            }
        }
    }

    async fn list(&self, session: &Session, org: &Id) -> Result<(), TableError> {
        if !self.listed().contains(org) {
            session.list_organization(org).await?;
            self.listed().insert(org.clone());
        }
        Ok(())
    }

    fn listed(&self) -> std::sync::MutexGuard<'_, HashSet<Id>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn beats(done: &[StreamRecord<'_>], settled: &[usize]) -> BTreeMap<Id, Beat> {
    let mut beats: BTreeMap<Id, Beat> = BTreeMap::new();
    for (number, record) in done.iter().enumerate() {
        let WrittenItem::Event(stored) = &record.item else { continue };
        let Some((org, _)) = record.partition.ids() else { continue };
        let beat = beats.entry(org).or_default();
        beat.events += 1;
        beat.settled += u32::from(settled.contains(&number));
        let Ok(webhook) = Webhook::parse(stored.body.as_bytes()) else { continue };
        beat.newest = beat.newest.max(stored.credible_time(&webhook));
        beat.subscriptions.extend(webhook.subscription().map(str::to_owned));
    }
    beats
}
