//! The last step of a move to a newer version: the subscription of the older one is deleted.
//!
//! Invariant: it is deleted only when the newer one is active and has delivered, so that at every
//! moment one of the two tells what happens.

use anyhow::Result;
use functions::store::task_table::Session;
use functions::watch_subscriptions::subscriptions::{Status, Subscription, Subscriptions, needs};

use super::existing::{delete_one, named_for};
use crate::secret_file::SecretFile;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FinishMove {
    /// A line for each subscription of an older version.
    pub lines: Vec<String>,
    /// Whether all of them are gone.
    pub is_finished: bool,
}

/// Deletes subscriptions of older versions whose newer ones have delivered, and then their secrets.
///
/// # Errors
/// When Webex, Secrets Manager or the table fails; a second run completes it.
pub async fn finish_move(
    name: &str,
    api: &Subscriptions,
    secrets: &mut SecretFile,
    session: &Session,
) -> Result<FinishMove> {
    let (types, listed) = (api.event_types().await?, api.list().await?.subscriptions);
    let mut done = FinishMove { is_finished: true, ..FinishMove::default() };
    for need in needs(&types) {
        let Some(version) = need.version else { continue };
        let ours = named_for(name, need.resource, &listed);
        let (best, older): (Vec<_>, Vec<_>) =
            ours.into_iter().partition(|it| it.resource_version == version);
        for older in older {
            let obstacle = obstacle(version, best.first().copied(), session).await?;
            done.is_finished &= obstacle.is_none();
            let Some(obstacle) = obstacle else {
                delete_one(older, api, secrets).await?;
                done.lines.push(format!("deleted {} ({})", older.name, older.resource_version));
                continue;
            };
            done.lines.push(format!("{} stays: {obstacle}", older.name));
        }
    }
    if done.lines.is_empty() {
        done.lines.push("nothing to finish: no subscription is of an older version".to_owned());
    }
    Ok(done)
}

/// Why the older subscription must stay, if it must.
async fn obstacle(
    version: &str,
    newer: Option<&Subscription>,
    session: &Session,
) -> Result<Option<String>> {
    let Some(newer) = newer.filter(|newer| newer.status == Status::Active) else {
        return Ok(Some(format!("none of {version} is active; run `trueline subscribe` first")));
    };
    let wait = format!(
        "{} has not delivered yet; run this again after an agent has changed state",
        newer.name
    );
    Ok((!session.has_delivered(&newer.id).await?).then_some(wait))
}
