//! Checks whether webhooks come in, as `watch-subscriptions` does, and changes nothing.
//!
//! Invariant: all is well only if each resource that Webex offers has an active subscription that
//! delivers every known type to us, its secret is known here, and the newest webhook is young
//! enough.

use std::time::Duration;

use anyhow::Result;
use functions::store::task_table::TaskTable;
use functions::watch_subscriptions::subscriptions::{
    Subscription, Subscriptions, needs, standings,
};
use task_timeline::EpochMs;

use crate::secret_file::SecretFile;

const SUBSCRIBE: &str = "run `trueline subscribe`";

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Check {
    /// Where the subscriptions must deliver to.
    pub destination: String,
    /// How old the newest webhook may be.
    pub most_age: Option<Duration>,
}

/// What the checks found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// A line for each check.
    pub lines: Vec<String>,
    /// How many of them failed.
    pub faults: usize,
}

impl CheckReport {
    /// Something that is well for now.
    fn warn(&mut self, line: &str) {
        self.lines.push(format!("warn  {line}"));
    }

    fn say(&mut self, is_well: bool, line: String) {
        self.lines.push(format!("{}  {line}", if is_well { "ok  " } else { "FAIL" }));
        self.faults += usize::from(!is_well);
    }
}

impl Check {
    /// Checks everything, at `now`.
    ///
    /// # Errors
    /// When something cannot be checked.
    pub async fn run(
        &self,
        api: &Subscriptions,
        secrets: &SecretFile,
        table: &TaskTable,
        now: EpochMs,
    ) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        let (types, listed) = (api.event_types().await?, api.list().await?);
        let needs = needs(&types);
        for standing in standings(&needs, &listed.subscriptions, &self.destination) {
            standing.advice().for_each(|line| report.warn(&line));
            let resource = standing.need.resource.name();
            match (standing.need.version, standing.subscription) {
                (None, _) => {
                    let line = format!("{resource}: Webex offers no version that is understood");
                    report.say(false, line);
                }
                (Some(_), None) => {
                    let line = format!("{resource}: nothing delivers to {}", self.destination);
                    report.say(false, line);
                }
                (Some(_), Some(subscription)) => {
                    let name = &subscription.name;
                    let status = if standing.is_active() { "active" } else { "inactive" };
                    report.say(standing.is_active(), format!("{name}: {status}"));
                    let is_covered = standing.uncovered.is_empty();
                    let covers = match is_covered {
                        true => format!("all {} types", standing.need.types.len()),
                        false => format!("lacks {}", standing.uncovered.join(", ")),
                    };
                    report.say(is_covered, format!("{name}: {covers}"));
                    if let Some(unknown) = not_delivered(&standing.need.unknown, subscription) {
                        report.warn(&format!("{name}: could also deliver {unknown}; {SUBSCRIBE}"));
                    }
                    let is_believed = secrets.count(&subscription.id) > 0;
                    let believed = if is_believed { "is believed" } else { "has no secret here" };
                    report.say(is_believed, format!("{name}: {believed}"));
                }
            }
        }
        let age =
            table.session().newest_arrival(now).await?.map(|newest| (now - newest).max(0) / 1_000);
        let limit = self
            .most_age
            .map_or(i64::MAX, |most| i64::try_from(most.as_secs()).unwrap_or(i64::MAX));
        let line = match age {
            Some(age) => format!("newest webhook: {age} s ago"),
            None => "newest webhook: none within a day".to_owned(),
        };
        report.say(age.is_some_and(|age| age <= limit), line);
        Ok(report)
    }
}

/// Types that only Webex knows, and that a subscription does not deliver.
fn not_delivered(unknown: &[String], subscription: &Subscription) -> Option<String> {
    let missing = unknown.iter().filter(|name| !subscription.event_types.contains(name));
    let missing: Vec<_> = missing.map(String::as_str).collect();
    (!missing.is_empty()).then(|| missing.join(", "))
}
