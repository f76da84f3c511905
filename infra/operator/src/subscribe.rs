//! Creates or corrects the subscriptions: one for each resource, with all its types, our
//! destination, and active.
//!
//! Invariants:
//! - No delivery meets an `ingest-webhook` that cannot know its secret. The id is known only once a
//!   subscription exists, and it is active at once; so it is made with a destination where nothing
//!   answers ([`PARKED`]), its secret is stored under its id, every instance gets the time after
//!   which it reads secrets again, and only then it is pointed at us. Webex promises to deliver
//!   nothing of the time before a subscription exists, so the order loses nothing that was ours.
//! - What is correct is not changed: a second run changes nothing.
//! - A subscription of an older version is left alone: it delivers beside the new one until
//!   [`finish_move`] deletes it, so that a move loses nothing. What both tell counts once.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use aws_account::secret::new_secret;
use functions::watch_subscriptions::subscriptions::{
    Change, MOST_SUBSCRIPTIONS, Need, NewSubscription, Status, Subscription, Subscriptions,
    SubscriptionsError, needs,
};

use self::step::{Step, Target};
use self::unknown_types::{has_unknown, note, refused, without_unknown};
use crate::secret_file::SecretFile;

mod existing;
mod finish_move;
mod step;
mod unknown_types;

pub(crate) use self::existing::named;
pub use self::existing::{delete, list};
pub use self::finish_move::{FinishMove, finish_move};

/// What follows the destination's path while a subscription has no secret: nothing answers there.
pub const PARKED: &str = "/not-yet";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Subscribe {
    /// What names begin with; `-task` and the like follow.
    pub name: String,
    /// Where webhooks go.
    pub destination: String,
    /// Only say what would be done.
    pub dry_run: bool,
    /// How long to wait until instances can know a new secret.
    pub known_after: Duration,
}

impl Subscribe {
    /// Does what is needed. Returns a line for each thing that was done, or would be.
    ///
    /// # Errors
    /// When Webex or Secrets Manager fails. What was done until then stays, and a second run
    /// completes it.
    pub async fn run(&self, api: &Subscriptions, secrets: &mut SecretFile) -> Result<Vec<String>> {
        check_destination(&self.destination)?;
        let types = api.event_types().await?;
        let listed = api.list().await?;
        let target = self.target();
        let mut lines = Vec::new();
        let mut steps = Vec::new();
        for need in needs(&types) {
            let resource = need.resource.name();
            if need.version.is_none() {
                lines.push(format!("{resource}: Webex offers no version that is understood"));
                continue;
            }
            lines.extend(note(&need));
            steps.extend(target.step(need, &listed.subscriptions, secrets, &mut lines));
        }
        let new = steps.iter().filter(|step| matches!(step, Step::Create { .. })).count();
        if listed.count + new > MOST_SUBSCRIPTIONS {
            bail!(SubscriptionsError::LimitReached { count: listed.count });
        }
        if self.dry_run {
            lines.extend(steps.iter().map(|step| format!("would {}", target.said(step))));
        } else {
            self.apply(steps, api, secrets, &mut lines).await?;
        }
        Ok(lines)
    }

    fn target(&self) -> Target<'_> {
        Target { name: &self.name, destination: &self.destination }
    }

    async fn apply(
        &self,
        steps: Vec<Step>,
        api: &Subscriptions,
        secrets: &mut SecretFile,
        lines: &mut Vec<String>,
    ) -> Result<()> {
        let mut changes = Vec::new();
        let mut is_secret_new = false;
        for step in steps {
            let said = self.target().said(&step);
            let (subscription, mut change, new_one) = match step {
                Step::Create { need, name } => {
                    let (made, secret) = self.create(&need, name, api, lines).await?;
                    secrets.add(&made.id, secret);
                    // At once: a run that dies before this leaves a subscription without a secret,
                    // parked, and the next run gives it one.
                    secrets.write().await?;
                    is_secret_new = true;
                    let change = Change {
                        resource_version: made.resource_version.clone(),
                        destination_url: Some(self.destination.clone()),
                        status: Some(Status::Active),
                        ..Change::default()
                    };
                    (made, change, None)
                }
                Step::Change { subscription, change, lacks_secret } => {
                    (subscription, change, lacks_secret.then(new_secret).transpose()?)
                }
            };
            if let Some(secret) = new_one {
                secrets.add(&subscription.id, secret.clone());
                secrets.write().await?;
                is_secret_new = true;
                change.secret = Some(secret);
            }
            changes.push((said, subscription, change));
        }
        if is_secret_new {
            tokio::time::sleep(self.known_after).await;
        }
        for (said, subscription, change) in changes {
            let changed = match api.change(&subscription.id, &change).await {
                Err(SubscriptionsError::Refused { message, .. }) if has_unknown(&change) => {
                    lines.push(format!("{}: {}", subscription.name, refused(&message)));
                    api.change(&subscription.id, &without_unknown(change, &subscription)).await
                }
                changed => changed,
            };
            changed.with_context(|| format!("{} is not finished", subscription.name))?;
            lines.push(said);
        }
        Ok(())
    }

    async fn create(
        &self,
        need: &Need,
        name: String,
        api: &Subscriptions,
        lines: &mut Vec<String>,
    ) -> Result<(Subscription, String)> {
        let secret = new_secret()?;
        let mut new = NewSubscription {
            name,
            description: "Made by Trueline; see `trueline subscribe --help`".to_owned(),
            event_types: need.all_types(),
            destination_url: format!("{}{PARKED}", self.destination),
            resource_version: need.version.unwrap_or_default().to_owned(),
            secret: secret.clone(),
        };
        let made = match api.create(&new).await {
            Err(SubscriptionsError::Refused { message, .. }) if !need.unknown.is_empty() => {
                lines.push(format!("{}: {}", new.name, refused(&message)));
                new.event_types.clone_from(&need.types);
                api.create(&new).await
            }
            made => made,
        };
        let mut made = made?;
        made.resource_version = new.resource_version;
        Ok((made, secret))
    }
}

/// What Webex takes: HTTPS on its own port, a path, no query.
fn check_destination(url: &str) -> Result<()> {
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or_default();
    let is_plain = !host.is_empty() && !host.contains([':', '@']) && !path.contains(['?', '#']);
    ensure!(
        is_plain && path.ends_with("webhooks"),
        "Webex cannot deliver to the webhook URL {url}: take the output WebhookUrl of \
         the stack, https://HOST/webhooks, without a port and a query"
    );
    Ok(())
}
