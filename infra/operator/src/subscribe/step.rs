//! Steps: what has to be done about each need, before anything is done.
//!
//! Invariant: what is right takes no step.

use functions::watch_subscriptions::subscriptions::{
    Change, MOST_TYPES, Need, Status, Subscription,
};

use super::existing::{beside, first, named_for};
use crate::secret_file::SecretFile;

/// What is done about one need.
pub(super) enum Step {
    Create { need: Need, name: String },
    Change { subscription: Subscription, change: Change, lacks_secret: bool },
}

/// What the subscriptions shall be.
pub(super) struct Target<'a> {
    /// What names begin with.
    pub(super) name: &'a str,
    /// Where webhooks go.
    pub(super) destination: &'a str,
}

impl Target<'_> {
    /// What a need takes; `None` if nothing.
    pub(super) fn step(
        &self,
        need: Need,
        subscriptions: &[Subscription],
        secrets: &SecretFile,
        lines: &mut Vec<String>,
    ) -> Option<Step> {
        let version = need.version?;
        let ours = named_for(self.name, need.resource, subscriptions);
        let (best, older): (Vec<_>, Vec<_>) =
            ours.into_iter().partition(|it| it.resource_version == version);
        lines.extend(older.iter().map(|older| {
            format!(
                "{}: is of {}; once one of {version} has delivered, `trueline subscribe \
                 --finish-move` deletes it",
                older.name, older.resource_version
            )
        }));
        let Some(there) = best.first() else {
            let name = match older.is_empty() {
                true => first(self.name, need.resource),
                false => beside(self.name, version),
            };
            return Some(Step::Create { need, name });
        };
        let mut change =
            Change { resource_version: there.resource_version.clone(), ..Change::default() };
        let all = all_types(there, &need);
        if all.len() > there.event_types.len() {
            change.event_types = Some(all);
        }
        if there.destination_url != self.destination {
            change.destination_url = Some(self.destination.to_owned());
        }
        if there.status == Status::Inactive {
            change.status = Some(Status::Active);
        }
        let lacks_secret = secrets.newest(&there.id).is_none();
        let is_right = change.event_types.is_none()
            && change.destination_url.is_none()
            && change.status.is_none()
            && !lacks_secret;
        if is_right {
            let types = there.event_types.len();
            lines.push(format!("{}: as it should be, {types} types", there.name));
            return None;
        }
        Some(Step::Change { subscription: Subscription::clone(there), change, lacks_secret })
    }

    /// What a step does, for people.
    pub(super) fn said(&self, step: &Step) -> String {
        match step {
            Step::Create { need, name } => format!(
                "create {name} ({}, {} types)",
                need.version.unwrap_or_default(),
                need.all_types().len()
            ),
            Step::Change { subscription, change, lacks_secret } => {
                let parts = [
                    change
                        .event_types
                        .as_ref()
                        .map(|types| format!("deliver {} types", types.len())),
                    change.destination_url.as_ref().map(|url| format!("deliver to {url}")),
                    change.status.map(|_active| "make active".to_owned()),
                    lacks_secret.then(|| "give a new secret".to_owned()),
                ];
                let parts: Vec<_> = parts.into_iter().flatten().collect();
                format!("change {}: {}", subscription.name, parts.join(", "))
            }
        }
    }
}

/// All types of a need and those that are there, as many as a subscription may have: what is needed
/// comes first, then what is there.
fn all_types(there: &Subscription, need: &Need) -> Vec<String> {
    let mut all = Vec::new();
    for name in need.types.iter().chain(&there.event_types).chain(&need.unknown) {
        if !all.contains(name) && all.len() < MOST_TYPES {
            all.push(name.clone());
        }
    }
    all
}
