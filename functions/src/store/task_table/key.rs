//! The keys of the table and of its index.
//!
//! Invariants:
//! - Keys of events sort as their [`Position`]s do.
//! - Different ids never share a key, and a `pk` tells its ids: `#` stands between the parts of a key
//!   and nowhere else. Within an id it is `%23`, and `%` is `%25`.

use percent_encoding::percent_decode_str;
use task_timeline::{Id, Position};
use webhook::Webhook;

/// The index of open tasks and of agents who are logged in.
pub const LIVE_INDEX: &str = "live";
/// What the index shows beside its keys.
pub const LIVE_ATTRIBUTES: [&str; 5] = ["phase", "since", "queue", "agent", "basis"];
/// The number of keys over which the index spreads each organization.
pub const LIVE_SHARDS: u32 = 16;

/// The events and the state of one task, or of one agent: all items under one `pk`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(String);

impl Partition {
    /// Where the event of `webhook` belongs.
    pub fn from_webhook(webhook: &Webhook<'_>) -> Partition {
        match (&webhook.task, &webhook.event.agent) {
            (Some(task), _) => Partition::task(&webhook.org, task),
            (None, Some(agent)) => Partition::agent(&webhook.org, agent),
            (None, None) => Partition(format!("O#{}", escaped(&webhook.org))),
        }
    }

    /// The partition of a task.
    pub fn task(org: &Id, task: &Id) -> Partition {
        Partition(format!("T#{}#{}", escaped(org), escaped(task)))
    }

    /// The partition of an agent.
    pub fn agent(org: &Id, agent: &Id) -> Partition {
        Partition(format!("A#{}#{}", escaped(org), escaped(agent)))
    }

    /// The partition of that key.
    pub fn from_key(pk: &str) -> Partition {
        Partition(pk.to_owned())
    }

    /// Whether it holds a task.
    pub fn is_task(&self) -> bool {
        self.0.starts_with("T#")
    }

    /// The organization, and the task or agent if it is about one; `None` if it has another form.
    pub fn ids(&self) -> Option<(Id, Option<Id>)> {
        let mut parts = self.0.split('#').skip(1);
        let org = id(parts.next()?)?;
        let subject = match parts.next() {
            Some(part) => Some(id(part)?),
            None => None,
        };
        parts.next().is_none().then_some((org, subject))
    }

    /// The `pk`.
    pub fn key(&self) -> &str {
        &self.0
    }

    /// The key in the index: the organization and one of its shards.
    pub(super) fn live(&self) -> String {
        let shard = self.0.bytes().map(u32::from).sum::<u32>() % LIVE_SHARDS;
        let org = self.0.split('#').nth(1).unwrap_or_default();
        format!("{org}#{shard}")
    }
}

/// The keys in the index of all that is live in an organization.
pub(super) fn live_keys(org: &Id) -> impl Iterator<Item = String> {
    let org = escaped(org);
    (0..LIVE_SHARDS).map(move |shard| format!("{org}#{shard}"))
}

/// The `pk` of an organization's pulse.
pub(super) fn pulse_key(org: &Id) -> String {
    format!("P#{}", escaped(org))
}

/// An id as a part of a key.
fn escaped(id: &Id) -> String {
    id.to_string().replace('%', "%25").replace('#', "%23")
}

/// The id that a part of a key stands for.
fn id(part: &str) -> Option<Id> {
    Id::new(&percent_decode_str(part).decode_utf8().ok()?)
}

/// The `sk` of states.
pub const STATE_KEY: &str = "S";

/// The `sk` of an event.
pub fn event_key(position: Position) -> String {
    format!("E#{:013}#{:02}#{}", position.at.0, position.rank, position.identity)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    /// What ids are made of here: likely to meet if anything makes them meet.
    const PARTS: [&str; 24] = [
        "#", "##", "%", "%23", "%25", "%2523", "/", "\\", "_", ".", "..", "\"", "'", "\0", "\n",
        "a", "A", "\u{e9}", "e\u{301}", "☎", "S", "E#", "T#", "0",
    ];

    fn hostile() -> impl Strategy<Value = Id> {
        let text = prop::collection::vec(prop::sample::select(&PARTS[..]), 1..6);
        let long = Just("#".repeat(Id::MAX_TEXT));
        let text = prop_oneof![9 => text.prop_map(|parts| parts.concat()), 1 => long];
        text.prop_map(|text| Id::new(&text).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            rng_seed: RngSeed::Fixed(1),
            failure_persistence: None,
            ..ProptestConfig::with_cases(2_000)
        })]

        #[test]
        fn a_key_tells_its_ids_and_fits(org in hostile(), id in hostile()) {
            for partition in [Partition::task(&org, &id), Partition::agent(&org, &id)] {
                let read = Partition::from_key(partition.key());
                prop_assert_eq!(read.ids(), Some((org.clone(), Some(id.clone()))));
                prop_assert!(live_keys(&org).any(|key| key == partition.live()));
                prop_assert!(partition.key().len() < 1_024);
            }
        }

        /// Organization and task together are the same text, cut at another place.
        #[test]
        fn different_ids_share_no_key(
            parts in prop::collection::vec(prop::sample::select(&PARTS[..]), 2..6),
        ) {
            let cuts = (1..parts.len()).flat_map(|cut| ["#", "%23", "%2523"].map(|by| (cut, by)));
            let pair = |(cut, by)| {
                let (org, task) = parts.split_at(cut);
                [org, task].map(|parts: &[&str]| Id::new(&parts.join(by)).unwrap())
            };
            let pairs: BTreeSet<[Id; 2]> = cuts.map(pair).collect();
            let keys: BTreeSet<_> = pairs.iter().map(|[org, id]| Partition::task(org, id)).collect();
            prop_assert_eq!(keys.len(), pairs.len());

            let orgs: BTreeSet<&Id> = pairs.iter().map(|[org, _]| org).collect();
            let live: BTreeSet<_> = orgs.iter().flat_map(|org| live_keys(org)).collect();
            prop_assert_eq!(live.len(), orgs.len() * LIVE_SHARDS as usize);
            let pulses: BTreeSet<_> = orgs.iter().map(|org| pulse_key(org)).collect();
            prop_assert_eq!(pulses.len(), orgs.len());
        }
    }

    #[test]
    fn ids_that_webex_sends_stand_as_they_are() {
        let [org, task] = ["14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba", "TaskID_01/\u{fc}"]
            .map(|id| Id::new(id).unwrap());
        assert_eq!(Partition::task(&org, &task).key(), format!("T#{org}#{task}"));
    }

    #[test]
    fn a_key_of_another_form_tells_no_ids() {
        for key in ["", "WATCH", "T#", "T#o#", "T##t", "T#o#t#more", "T#o#%ff"] {
            assert_eq!(Partition::from_key(key).ids(), None, "{key}");
        }
        assert_eq!(Partition::from_key("O#o").ids(), Some((Id::new("o").unwrap(), None)));
    }
}
