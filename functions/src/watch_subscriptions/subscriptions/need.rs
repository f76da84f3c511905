//! What the product must be subscribed to, and whether it is.
//!
//! Invariants:
//! - A type is needed if both sides know it: Webex lists it, and `task-timeline` reads it. Types that
//!   only Webex knows are wanted: they are archived. Their absence is no fault.
//! - A version that ends is used only where Webex offers no other.

use task_timeline::EventType;

use super::wire::{EventTypes, MOST_TYPES, Status, Subscription};

/// A version that is said to end, and when: a subscription to it goes silent then.
const ENDING: (&str, &str) = ("agent:1.0.0", "16 December 2026");

/// A resource that the product needs; each takes a subscription of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// What happens to a task.
    Task,
    /// What agents do.
    Agent,
    /// Recordings: they confirm that a task is over.
    Capture,
}

impl Resource {
    /// All of them.
    pub const ALL: [Resource; 3] = [Resource::Task, Resource::Agent, Resource::Capture];

    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Resource::Task => "task",
            Resource::Agent => "agent",
            Resource::Capture => "capture",
        }
    }

    /// The versions that are understood, the best first.
    pub fn versions(self) -> &'static [&'static str] {
        match self {
            Resource::Task => &["task:1.0.0"],
            Resource::Agent => &["agent:2.0.0", "agent:1.0.0"],
            Resource::Capture => &["capture:1.0.0"],
        }
    }
}

/// Whether a version of its resource has a type. Only of `agent` there are two, with different types.
fn has(version: &str, kind: EventType) -> bool {
    match version {
        "agent:1.0.0" => {
            kind != EventType::AgentChannelStateChange
                && kind != EventType::AgentChannelTypeStateChange
        }
        "agent:2.0.0" => kind != EventType::AgentStateChange,
        _ => true,
    }
}

/// A subscription that the product needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Of what.
    pub resource: Resource,
    /// `resource:version`; `None` where Webex offers none that is understood.
    pub version: Option<&'static str>,
    /// The types that it must deliver.
    pub types: Vec<String>,
    /// Types of the resource that Webex lists and Trueline does not know.
    pub unknown: Vec<String>,
}

impl Need {
    /// All types to subscribe to: those that must be delivered, then the others, as many as a
    /// subscription may have.
    pub fn all_types(&self) -> Vec<String> {
        self.types.iter().chain(&self.unknown).take(MOST_TYPES).cloned().collect()
    }
}

/// What the product needs of what Webex lists.
pub fn needs(listed: &EventTypes) -> Vec<Need> {
    Resource::ALL.into_iter().map(|resource| need(resource, listed)).collect()
}

fn need(resource: Resource, listed: &EventTypes) -> Need {
    let offers = |version: &&&str| listed.versions.iter().any(|offered| offered == **version);
    let version = resource.versions().iter().find(offers).copied();
    let of_resource = listed.types.iter().filter(|listed| listed.resource == resource.name());
    let (known, unknown): (Vec<_>, Vec<_>) = of_resource
        .map(|listed| listed.name.clone())
        .partition(|name| EventType::from_name(name) != EventType::Unknown);
    let is_needed =
        |name: &String| version.is_some_and(|version| has(version, EventType::from_name(name)));
    Need { resource, version, types: known.into_iter().filter(is_needed).collect(), unknown }
}

/// Whether a need is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing<'a> {
    /// The need.
    pub need: &'a Need,
    /// The subscription that should meet it.
    pub subscription: Option<&'a Subscription>,
    /// Needed types that it does not deliver.
    pub uncovered: Vec<&'a str>,
    /// Subscriptions that deliver here in a version that is said to end.
    pub ending: Vec<&'a Subscription>,
}

impl Standing<'_> {
    /// Whether events arrive.
    pub fn is_active(&self) -> bool {
        self.subscription.is_some_and(|subscription| subscription.status == Status::Active)
    }

    /// Whether Webex offers a version to move to from those that end.
    pub fn can_move(&self) -> bool {
        self.need.version.is_some_and(|version| version != ENDING.0)
    }

    /// What to do about each subscription that ends.
    pub fn advice(&self) -> impl Iterator<Item = String> {
        let (version, end) = ENDING;
        let newer = self.need.version.filter(|_newer| self.can_move());
        let is_beside = self.subscription.map(|it| it.resource_version.as_str()) == newer;
        let todo = match newer {
            None => "Webex offers no newer version yet".to_owned(),
            Some(_) if is_beside => {
                "run `trueline subscribe --finish-move`, which deletes it".to_owned()
            }
            Some(newer) => format!("run `trueline subscribe`, which adds {newer} beside it"),
        };
        self.ending
            .iter()
            .map(move |it| format!("{}: {version} is said to end on {end}; {todo}", it.name))
    }
}

/// Whether the needs are met by subscriptions that deliver to `destination`. Of several, an active
/// one of the best version with the most types counts.
pub fn standings<'a>(
    needs: &'a [Need],
    subscriptions: &'a [Subscription],
    destination: &str,
) -> Vec<Standing<'a>> {
    let standing = |need: &'a Need| {
        let delivers = |subscription: &&Subscription| {
            let resource = subscription.resource_version.split(':').next();
            resource == Some(need.resource.name()) && subscription.destination_url == destination
        };
        let ours = || subscriptions.iter().filter(delivers);
        let subscription = ours().max_by_key(|it| {
            let is_best = Some(it.resource_version.as_str()) == need.version;
            (it.status == Status::Active, is_best, it.event_types.len())
        });
        let covers = |name: &str| {
            subscription.is_some_and(|it| {
                let is_of_version = has(&it.resource_version, EventType::from_name(name));
                !is_of_version || it.event_types.iter().any(|covered| covered == name)
            })
        };
        let uncovered = need.types.iter().map(String::as_str).filter(|name| !covers(name));
        let ending = ours().filter(|it| it.resource_version == ENDING.0);
        Standing { need, subscription, uncovered: uncovered.collect(), ending: ending.collect() }
    };
    needs.iter().map(standing).collect()
}

#[cfg(test)]
mod tests {
    use super::super::wire::ListedType;
    use super::*;

    fn listed(versions: &[&str]) -> EventTypes {
        let own = EventType::NAMED.iter().map(|kind| kind.name());
        let types = own.chain(["task:teleported"]).map(|name| ListedType {
            name: name.to_owned(),
            resource: name.split(':').next().unwrap_or_default().to_owned(),
        });
        let versions = versions.iter().map(|&version| version.to_owned()).collect();
        EventTypes { types: types.collect(), versions }
    }

    #[test]
    fn agents_are_subscribed_to_in_the_best_version_and_with_its_types_alone() {
        let all = needs(&listed(&["agent:1.0.0", "agent:2.0.0", "task:1.0.0"]));
        assert_eq!(all[1].version, Some("agent:2.0.0"));
        assert!(all[1].types.contains(&"agent:channel_state_change".to_owned()));
        assert!(!all[1].types.contains(&"agent:state_change".to_owned()));
        let old = needs(&listed(&["agent:1.0.0"]));
        assert_eq!(old[1].types, ["agent:state_change", "agent:login", "agent:logout"]);
    }

    #[test]
    fn what_only_webex_knows_is_subscribed_to_and_not_needed() {
        let all = needs(&listed(&["task:1.0.0"]));
        assert_eq!(all[0].unknown, ["task:teleported"]);
        assert_eq!(all[0].all_types().last().map(String::as_str), Some("task:teleported"));
        assert_eq!(all[0].types.len(), 19);
        assert!(all.iter().all(|need| !need.types.contains(&"task:teleported".to_owned())));
        assert_eq!((all[2].version, all[2].types.len()), (None, 0));
    }

    #[test]
    fn a_type_belongs_to_the_resource_that_lists_it_and_a_subscription_has_32() {
        let mut listed = listed(&["task:1.0.0"]);
        let of_task = |name: String| ListedType { name, resource: "task".to_owned() };
        listed.types.insert(0, of_task("flow:wandered".to_owned()));
        listed.types.extend((0..40).map(|number| of_task(format!("task:new-{number}"))));
        let need = &needs(&listed)[0];
        assert_eq!(need.unknown[0], "flow:wandered");
        let all = need.all_types();
        assert_eq!(all.len(), MOST_TYPES);
        assert!(need.types.iter().all(|needed| all.contains(needed)));
    }

    fn subscription(name: &str, version: &str, types: &[&str]) -> Subscription {
        Subscription {
            id: name.to_owned(),
            name: name.to_owned(),
            event_types: types.iter().map(|&name| name.to_owned()).collect(),
            destination_url: "here".to_owned(),
            status: Status::Active,
            resource_version: version.to_owned(),
            last_updated: None,
        }
    }

    /// What the standing of agents says: which subscription counts, what it lacks, what ends.
    fn agents(versions: &[&str], subscriptions: &[Subscription]) -> (String, usize, Vec<String>) {
        let needs = needs(&listed(versions));
        let standing = standings(&needs, subscriptions, "here").remove(1);
        let name = standing.subscription.map(|it| it.name.clone()).unwrap_or_default();
        (name, standing.uncovered.len(), standing.advice().collect())
    }

    #[test]
    fn a_version_that_ends_is_told_with_what_to_do() {
        let both = ["agent:1.0.0", "agent:2.0.0"];
        let all = ["agent:login", "agent:logout", "agent:state_change"];
        let old = subscription("old", "agent:1.0.0", &all);
        let new = subscription("new", "agent:2.0.0", &["agent:login"]);
        let advice =
            |todo| vec![format!("old: agent:1.0.0 is said to end on 16 December 2026; {todo}")];
        let begin = advice("run `trueline subscribe`, which adds agent:2.0.0 beside it");
        assert_eq!(agents(&both, std::slice::from_ref(&old)), ("old".to_owned(), 0, begin));
        let finish = advice("run `trueline subscribe --finish-move`, which deletes it");
        assert_eq!(agents(&both, &[old.clone(), new.clone()]), ("new".to_owned(), 3, finish));
        assert_eq!(agents(&both, &[new]), ("new".to_owned(), 3, vec![]));
        let stay = advice("Webex offers no newer version yet");
        assert_eq!(agents(&both[..1], &[old]), ("old".to_owned(), 0, stay));
    }
}
