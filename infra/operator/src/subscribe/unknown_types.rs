//! Types that Webex lists and Trueline does not know.
//!
//! Invariant: they are subscribed to, so that nothing is missing when a later version knows them; but
//! they never keep a subscription from delivering what is needed.

use functions::watch_subscriptions::subscriptions::{Change, MOST_TYPES, Need, Subscription};
use task_timeline::EventType;

/// What is said of types that only Webex knows.
pub(super) fn note(need: &Need) -> Option<String> {
    let resource = need.resource.name();
    let unknown = need.unknown.join(", ");
    let left_out = (need.types.len() + need.unknown.len()).saturating_sub(MOST_TYPES);
    match (need.unknown.len(), left_out) {
        (0, _) => None,
        (_, 0) => Some(format!("{resource}: Trueline does not know {unknown}; archived only")),
        (_, left_out) => Some(format!(
            "{resource}: Trueline does not know {unknown}; the last {left_out} of them are left \
             out, as a subscription has at most {MOST_TYPES} types"
        )),
    }
}

/// What is said where Webex refuses them.
pub(super) fn refused(message: &str) -> String {
    format!("Webex refused the types that Trueline does not know ({message}); they are left out")
}

/// Whether a change names such types.
pub(super) fn has_unknown(change: &Change) -> bool {
    change.event_types.iter().flatten().any(|name| is_unknown(name))
}

/// The change without types that only Webex knows, except those that it delivers already.
pub(super) fn without_unknown(change: Change, there: &Subscription) -> Change {
    let keep = |name: &String| !is_unknown(name) || there.event_types.contains(name);
    let event_types = change.event_types.map(|all| all.into_iter().filter(keep).collect());
    Change { event_types, ..change }
}

fn is_unknown(name: &str) -> bool {
    EventType::from_name(name) == EventType::Unknown
}
