//! Steps: what has to be done about each need, before anything is done.
//!
//! Invariant: what is right takes no step.

use std::collections::BTreeSet;

use functions::watch_subscriptions::subscriptions::{Change, Need, Status, Subscription};

use crate::secret_file::SecretFile;

/// What is done about one need.
pub(super) enum Step {
    Create { need: Need },
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
        let name = self.name_of(&need);
        let Some(there) = subscriptions.iter().find(|it| it.name == name) else {
            return Some(Step::Create { need });
        };
        let mut change =
            Change { resource_version: there.resource_version.clone(), ..Change::default() };
        if Some(there.resource_version.as_str()) == need.version {
            let all: BTreeSet<_> = there.event_types.iter().chain(&need.types).cloned().collect();
            if all.len() > there.event_types.len() {
                change.event_types = Some(all.into_iter().collect());
            }
        } else {
            lines.push(format!(
                "{name}: is of {}; to move to {}, delete it and run this again",
                there.resource_version,
                need.version.unwrap_or_default()
            ));
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
            lines.push(format!("{name}: as it should be, {} types", there.event_types.len()));
            return None;
        }
        Some(Step::Change { subscription: there.clone(), change, lacks_secret })
    }

    /// The name of the subscription that meets a need.
    pub(super) fn name_of(&self, need: &Need) -> String {
        format!("{}-{}", self.name, need.resource.name())
    }

    /// What a step does, for people.
    pub(super) fn said(&self, step: &Step) -> String {
        match step {
            Step::Create { need } => format!(
                "create {} ({}, {} types)",
                self.name_of(need),
                need.version.unwrap_or_default(),
                need.types.len()
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
