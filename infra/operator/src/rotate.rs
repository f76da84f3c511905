//! Changes secrets without losing a delivery.
//!
//! Invariant: a secret that Webex or a flow may still use is believed. So the new one is believed
//! beside the old before Webex gets it, and the old one is removed in a second step, after Webex
//! was given the new one (again). Whether Webex overlaps the two is not documented, and does not
//! matter.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_account::secret::new_secret;
use functions::watch_subscriptions::subscriptions::{Change, Subscription, Subscriptions};

use crate::secret_file::SecretFile;
use crate::subscribe::named;

/// Which step of a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A new secret, beside the old one.
    Begin,
    /// Only the new one from now on.
    Finish,
}

/// Rotates the secrets of the subscriptions called `name`-…: one step of it. `wait` is how long
/// instances need to know a new secret, or deliveries to be on their way.
///
/// # Errors
/// When Webex or Secrets Manager fails; the same step again completes it.
pub async fn subscriptions(
    name: &str,
    step: Step,
    api: &Subscriptions,
    secrets: &mut SecretFile,
    wait: Duration,
) -> Result<Vec<String>> {
    let listed = api.list().await?.subscriptions;
    let ours = named(name, &listed);
    let mut lines = Vec::new();
    let mut rotated = Vec::new();
    for subscription in ours {
        match (step, secrets.count(&subscription.id)) {
            (_, 0) => lines.push(format!(
                "{}: has no secret; run `trueline subscribe` instead",
                subscription.name
            )),
            (Step::Finish, 1) => {
                lines.push(format!("{}: no rotation is under way", subscription.name));
            }
            (Step::Begin, 1) => {
                secrets.add(&subscription.id, new_secret()?);
                rotated.push(subscription);
            }
            // Begun before, and perhaps broken off: go on with the secret that is there.
            (Step::Begin | Step::Finish, _) => rotated.push(subscription),
        }
    }
    if rotated.is_empty() {
        return Ok(lines);
    }
    if step == Step::Begin {
        secrets.write().await?;
        tokio::time::sleep(wait).await;
    }
    for subscription in &rotated {
        give_newest(subscription, api, secrets).await?;
    }
    if step == Step::Finish {
        tokio::time::sleep(wait).await;
        rotated.iter().for_each(|subscription| secrets.keep_newest(&subscription.id));
        secrets.write().await?;
    }
    let done = match step {
        Step::Begin => "has a new secret; the old one is still believed",
        Step::Finish => "only the new secret is believed",
    };
    lines.extend(rotated.iter().map(|subscription| format!("{}: {done}", subscription.name)));
    Ok(lines)
}

/// Gives Webex the newest secret. Doing so twice does no harm.
async fn give_newest(
    subscription: &Subscription,
    api: &Subscriptions,
    secrets: &SecretFile,
) -> Result<()> {
    let change = Change {
        resource_version: subscription.resource_version.clone(),
        secret: secrets.newest(&subscription.id).map(str::to_owned),
        ..Change::default()
    };
    let changed = api.change(&subscription.id, &change).await;
    changed.with_context(|| {
        format!("{} has its old secret still, which is believed", subscription.name)
    })
}

/// Rotates the secret that flows send with signals: one step of it. Only people can put it into
/// a flow.
///
/// # Errors
/// When Secrets Manager fails; the same step again completes it.
pub async fn signals(step: Step, secrets: &mut SecretFile) -> Result<Vec<String>> {
    let line = match (step, secrets.count_of_signals()) {
        (Step::Begin, 0 | 1) => {
            secrets.add_for_signals(new_secret()?);
            secrets.write().await?;
            "signals: a new secret is believed, the last in the list `signals`; put it into every \
             flow that sends signals, publish them, then run this with --finish"
        }
        (Step::Begin, _) => {
            "signals: a rotation is under way; put the last secret of the list `signals` into \
             every flow that sends signals, publish them, then run this with --finish"
        }
        (Step::Finish, 0 | 1) => "signals: no rotation is under way",
        (Step::Finish, _) => {
            secrets.keep_newest_of_signals();
            secrets.write().await?;
            "signals: only the new secret is believed"
        }
    };
    Ok(vec![line.to_owned()])
}
