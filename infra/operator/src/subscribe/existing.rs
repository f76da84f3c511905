//! The subscriptions that there are: listed, or deleted.

use anyhow::Result;
use functions::watch_subscriptions::subscriptions::{
    MOST_SUBSCRIPTIONS, Resource, Status, Subscription, Subscriptions,
};

use crate::secret_file::SecretFile;

/// Lists what there is: a line for each subscription.
///
/// # Errors
/// When Webex does not list them.
pub async fn list(api: &Subscriptions) -> Result<Vec<String>> {
    let listed = api.list().await?;
    let mut lines = Vec::new();
    for subscription in &listed.subscriptions {
        let Subscription { id, name, event_types, destination_url, status, .. } = subscription;
        let status = if *status == Status::Active { "active" } else { "inactive" };
        let (version, types) = (&subscription.resource_version, event_types.len());
        lines.push(format!("{name}  {status}  {version}  {types} types"));
        lines.push(format!("    id {id}"));
        lines.push(format!("    to {destination_url}"));
    }
    lines.push(format!(
        "{} of at most {MOST_SUBSCRIPTIONS} subscriptions, {} of them of version 1",
        listed.count,
        listed.count - listed.subscriptions.len()
    ));
    Ok(lines)
}

/// Deletes the subscriptions whose names begin with `name`, and then their secrets.
///
/// # Errors
/// When Webex or Secrets Manager fails; a second run completes it.
pub async fn delete(
    name: &str,
    api: &Subscriptions,
    secrets: &mut SecretFile,
    dry_run: bool,
) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for subscription in named(name, &api.list().await?.subscriptions) {
        if dry_run {
            lines.push(format!("would delete {} ({})", subscription.name, subscription.id));
            continue;
        }
        delete_one(subscription, api, secrets).await?;
        lines.push(format!("deleted {} ({})", subscription.name, subscription.id));
    }
    if lines.is_empty() {
        lines.push(format!("nothing to delete: no subscription is called {name}-…"));
    }
    Ok(lines)
}

/// Deletes a subscription, and then its secrets.
pub(super) async fn delete_one(
    subscription: &Subscription,
    api: &Subscriptions,
    secrets: &mut SecretFile,
) -> Result<()> {
    api.delete(&subscription.id).await?;
    if secrets.forget(&subscription.id) {
        secrets.write().await?;
    }
    Ok(())
}

/// The subscriptions that `trueline subscribe` made under `name`.
pub(crate) fn named<'s>(name: &str, all: &'s [Subscription]) -> Vec<&'s Subscription> {
    Resource::ALL.into_iter().flat_map(|resource| named_for(name, resource, all)).collect()
}

/// Those for a resource: one, or one for each version while it is moved from one to another.
pub(super) fn named_for<'s>(
    name: &str,
    resource: Resource,
    all: &'s [Subscription],
) -> Vec<&'s Subscription> {
    let versions = resource.versions().iter().map(|version| beside(name, version));
    let names: Vec<_> = versions.chain([first(name, resource)]).collect();
    all.iter().filter(|subscription| names.contains(&subscription.name)).collect()
}

/// The name of the first subscription to a resource.
pub(super) fn first(name: &str, resource: Resource) -> String {
    format!("{name}-{}", resource.name())
}

/// The name of a subscription beside one of another version, like `trueline-agent-2.0.0`.
pub(super) fn beside(name: &str, version: &str) -> String {
    format!("{name}-{}", version.replace(':', "-"))
}
