//! Makes sure that Webex keeps sending: checks each subscription that the product needs, makes an
//! inactive one active again, and records the gap.
//!
//! Invariants:
//! - A gap is stored before anything is done about it, and ends only when its subscription has been
//!   made active. A run that dies at any point is completed by the next one.
//! - What is active and has all its types is left alone.

use aws_account::gap::Gap;
use task_timeline::EpochMs;
use thiserror::Error;

use crate::error_chain::Chain;
use crate::store::bucket::{Bucket, BucketError};
use crate::store::task_table::{TableError, TaskTable, Watched};
use crate::watch_subscriptions::subscriptions::{
    Change, Standing, Status, Subscriptions, SubscriptionsError, needs, standings,
};

pub mod subscriptions;

/// The reported age of the newest webhook where none is known: pulses stay for a day.
const NO_WEBHOOK_S: i64 = 24 * 60 * 60;

/// The function.
#[derive(Debug)]
pub struct WatchSubscriptions {
    table: TaskTable,
    bucket: Bucket,
    destination: String,
}

/// What a check of the subscriptions found and did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchSummary {
    /// Subscriptions that are active.
    pub active: usize,
    /// Subscriptions that are missing or inactive, whatever was tried.
    pub inactive: usize,
    /// Subscriptions that were made active again.
    pub reactivated: usize,
    /// Needed types that no active subscription delivers.
    pub uncovered: usize,
    /// Subscriptions of a version that is said to end, where Webex offers a newer one.
    pub ending: usize,
    /// Whether the API could not be asked, or refused to activate.
    pub failed: bool,
    /// How long ago the newest webhook came, in seconds.
    pub newest_event_age_s: i64,
    /// What people must take care of.
    pub problems: Vec<String>,
}

impl WatchSummary {
    /// Writes the lines in the log.
    pub fn log(&self) {
        tracing::info!(
            active = self.active,
            inactive = self.inactive,
            reactivated = self.reactivated,
            uncovered = self.uncovered,
            ending = self.ending,
            failed = self.failed,
            newest_event_age_s = self.newest_event_age_s,
            "subscriptions"
        );
        for problem in &self.problems {
            tracing::error!(problem, "a subscription needs attention");
        }
    }
}

/// Why a check of the subscriptions was aborted: the table or the bucket failed.
#[derive(Debug, Error)]
pub enum WatchError {
    /// The table failed.
    #[error("the table failed")]
    Table(#[from] TableError),
    /// The bucket failed.
    #[error("the bucket failed")]
    Bucket(#[from] BucketError),
}

/// One check.
struct Look {
    api: Subscriptions,
    newest: Option<EpochMs>,
    now: EpochMs,
}

impl WatchSubscriptions {
    /// The function. The subscriptions must deliver to `destination`.
    pub fn new(table: TaskTable, bucket: Bucket, destination: String) -> WatchSubscriptions {
        WatchSubscriptions { table, bucket, destination }
    }

    /// Checks once, at `now`, through an API that may be out of reach.
    ///
    /// # Errors
    /// When the table or the bucket fails. A failure of Webex is in the summary.
    pub async fn watch(
        &self,
        api: Result<Subscriptions, SubscriptionsError>,
        now: EpochMs,
    ) -> Result<WatchSummary, WatchError> {
        let newest = self.table.session().newest_arrival(now).await?;
        let age_s = newest.map_or(NO_WEBHOOK_S, |newest| (now - newest).max(0) / 1_000);
        let mut summary = WatchSummary { newest_event_age_s: age_s, ..WatchSummary::default() };
        let asked = async {
            let api = api?;
            let (types, listed) = tokio::try_join!(api.event_types(), api.list())?;
            Ok::<_, SubscriptionsError>((api, needs(&types), listed.subscriptions))
        };
        let (api, needs, subscriptions) = match asked.await {
            Ok(answers) => answers,
            Err(error) => {
                summary.failed = true;
                summary.problems.push(Chain(&error).to_string());
                return Ok(summary);
            }
        };
        let look = Look { api, newest, now };
        for standing in standings(&needs, &subscriptions, &self.destination) {
            if standing.need.version.is_none() {
                continue;
            }
            summary.uncovered += standing.uncovered.len();
            summary.ending += if standing.can_move() { standing.ending.len() } else { 0 };
            summary.problems.extend(standing.advice());
            if standing.is_active() {
                self.seen_active(standing.need.resource.name(), now).await?;
                summary.active += 1;
                if !standing.uncovered.is_empty() {
                    let missing = standing.uncovered.join(", ");
                    summary.problems.push(format!("not subscribed to {missing}: {SUBSCRIBE}"));
                }
            } else {
                self.reactivate(&look, &standing, &mut summary).await?;
            }
        }
        Ok(summary)
    }

    /// Ends the gap that was open, if a run died before it could, or people made the subscription active.
    async fn seen_active(&self, resource: &str, now: EpochMs) -> Result<(), WatchError> {
        let session = self.table.session();
        let before = session.watched(resource).await?;
        let mut gap_ended = before.as_ref().and_then(|watched| watched.gap_ended);
        if let Some(gap) = before.and_then(|watched| watched.gap) {
            self.bucket.put_gap(&gap.closed(now)).await?;
            gap_ended = Some(now);
        }
        let watched = Watched { seen_active: now, gap: None, gap_ended };
        Ok(session.remember(resource, &watched).await?)
    }

    /// Records the gap, then makes the subscription active again.
    async fn reactivate(
        &self,
        look: &Look,
        standing: &Standing<'_>,
        summary: &mut WatchSummary,
    ) -> Result<(), WatchError> {
        let resource = standing.need.resource.name();
        let subscription = standing.subscription;
        let session = self.table.session();
        let before = session.watched(resource).await?;
        let gap_ended = before.as_ref().and_then(|watched| watched.gap_ended);
        let from = match before {
            Some(watched) => Some(watched.seen_active),
            // Never seen active: since it was changed, or since the last webhook.
            None => subscription.and_then(|it| it.last_updated).or(look.newest),
        };
        if let Some(seen_active) = from {
            let reason = if subscription.is_some() { "inactive" } else { "missing" };
            let id = subscription.map(|it| it.id.as_str());
            let gap = Gap::open(resource, id, seen_active, reason);
            self.bucket.put_gap(&gap).await?;
            let watched = Watched { seen_active, gap: Some(gap), gap_ended };
            session.remember(resource, &watched).await?;
        }
        let Some(subscription) = subscription else {
            summary.inactive += 1;
            summary.problems.push(format!("there is no subscription to {resource}: {SUBSCRIBE}"));
            return Ok(());
        };
        let change = Change {
            resource_version: subscription.resource_version.clone(),
            status: Some(Status::Active),
            ..Change::default()
        };
        if let Err(error) = look.api.change(&subscription.id, &change).await {
            summary.inactive += 1;
            summary.failed = true;
            summary.problems.push(format!(
                "{} stays inactive: {}",
                subscription.name,
                Chain(&error)
            ));
            return Ok(());
        }
        summary.active += 1;
        summary.reactivated += 1;
        self.seen_active(resource, look.now).await
    }
}

const SUBSCRIBE: &str = "run `trueline subscribe`";
