//! What the product must be subscribed to, and whether it is.
//!
//! Invariant: a type is needed if both sides know it: Webex lists it, and `task-timeline` reads it.

use task_timeline::EventType;

use super::wire::{EventTypes, Status, Subscription};

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
    fn versions(self) -> &'static [&'static str] {
        match self {
            Resource::Task => &["task:1.0.0"],
            Resource::Agent => &["agent:2.0.0", "agent:1.0.0"],
            Resource::Capture => &["capture:1.0.0"],
        }
    }

    /// Whether a version has a type. Only of `agent` there are two, with different types.
    fn has(self, version: &str, kind: EventType) -> bool {
        let of_resource = kind.name().split(':').next() == Some(self.name());
        let of_version = match version {
            "agent:1.0.0" => {
                kind != EventType::AgentChannelStateChange
                    && kind != EventType::AgentChannelTypeStateChange
            }
            "agent:2.0.0" => kind != EventType::AgentStateChange,
            _ => true,
        };
        of_resource && of_version
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

/// What the product needs of what Webex lists.
pub fn needs(listed: &EventTypes) -> Vec<Need> {
    Resource::ALL.into_iter().map(|resource| need(resource, listed)).collect()
}

fn need(resource: Resource, listed: &EventTypes) -> Need {
    let offers = |version: &&&str| listed.versions.iter().any(|offered| offered == **version);
    let version = resource.versions().iter().find(offers).copied();
    let of_resource = |name: &&String| name.split(':').next() == Some(resource.name());
    let (known, unknown): (Vec<_>, Vec<_>) = listed
        .names
        .iter()
        .filter(of_resource)
        .cloned()
        .partition(|name| EventType::from_name(name) != EventType::Unknown);
    let is_needed = |name: &String| {
        version.is_some_and(|version| resource.has(version, EventType::from_name(name)))
    };
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
}

impl Standing<'_> {
    /// Whether events arrive.
    pub fn is_active(&self) -> bool {
        self.subscription.is_some_and(|subscription| subscription.status == Status::Active)
    }
}

/// Whether the needs are met by subscriptions that deliver to `destination`. Of several, the
/// active one with the most types counts.
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
        let subscription = subscriptions.iter().filter(delivers).max_by_key(|subscription| {
            (subscription.status == Status::Active, subscription.event_types.len())
        });
        let covers = |name: &str| {
            subscription.is_some_and(|it| it.event_types.iter().any(|covered| covered == name))
        };
        let uncovered = need.types.iter().map(String::as_str).filter(|name| !covers(name));
        Standing { need, subscription, uncovered: uncovered.collect() }
    };
    needs.iter().map(standing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(versions: &[&str]) -> EventTypes {
        let own = EventType::NAMED.iter().map(|kind| kind.name().to_owned());
        let names = own.chain(["task:teleported".to_owned()]).collect();
        EventTypes { names, versions: versions.iter().map(|&version| version.to_owned()).collect() }
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
    fn what_only_one_side_knows_is_not_needed() {
        let all = needs(&listed(&["task:1.0.0"]));
        assert_eq!(all[0].unknown, ["task:teleported"]);
        assert_eq!(all[0].types.len(), 14);
        assert!(all.iter().all(|need| !need.types.contains(&"task:teleported".to_owned())));
        assert_eq!((all[2].version, all[2].types.len()), (None, 0));
    }
}
