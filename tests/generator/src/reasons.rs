//! The reasons of `task:ended`, by meaning, and how a tenant may spell them.
//!
//! Invariant: spellings differ only in case, blanks and underscores, so that all spellings of a
//! reason mean the same.

use crate::dice::Dice;
use crate::story::{Fate, Party};

/// The customer hangs up.
pub const CUSTOMER_LEFT: &str = "Customer Left";
/// The agent hangs up.
pub const AGENT_LEAVES: &[&str] =
    &["Agent Left", "Agent Left", "Agent Ended", "Agent Ends", "Agent Disconnected"];
/// The agent did not answer.
pub const RING_NO_ANSWER: &[&str] =
    &["RONA Timer Expired", "NO_ANSWER_USER", "NO_ANSWER_FROM_AGENT"];
/// The agent refused or was busy.
pub const REFUSED: &[&str] = &["USER_DECLINED", "USER_BUSY", "AGENT_BUSY"];
/// The agent could not be reached.
pub const UNREACHABLE: &[&str] = &["USER_UNAVAILABLE", "AGENT_UNAVAILABLE", "INVALID_NUMBER"];
/// Media to the agent failed.
pub const MEDIA_FAILED: &[&str] = &[
    "CHANNEL_FAILURE",
    "MEDIA_INTERNAL_ERROR",
    "MEDIA_MANAGER_INTERNAL_ERROR",
    "Participant Invite Timer expired",
];
/// The customer could not be reached.
pub const CUSTOMER_AWAY: &[&str] = &[
    "NO_ANSWER_FROM_CUSTOMER",
    "NO_ANSWER_CUSTOMER",
    "CUSTOMER_BUSY",
    "CUSTOMER_UNAVAILABLE",
    "AMD",
    "FAX",
];
/// The number that the customer left for a callback is none.
pub const NUMBER_INVALID: &str = "INVALID_NUMBER";
/// The agent sent the customer outside, and the talk there is over.
pub const TRANSFERRED_OUTSIDE: &[&str] =
    &["Consult Transfer To EpDn", "Blind Transfer To DN", "Consult Transfer To DN"];
/// The customer could not be reached, and the flow tries again.
pub const CUSTOMER_AWAY_FOR_NOW: &str = "NO_ANSWER_FROM_CUSTOMER";
/// The flow has tried often enough.
pub const CALLBACK_LIMIT: &str = "MAX_CALLBACK_RETRY_LIMIT_REACHED";
/// The outdial could not be made.
pub const OUTDIAL_FAILED: &str = "OUTDIAL_FAILED";
/// Nobody took the customer out of the queue.
pub const QUEUE_TIMEOUT: &str = "Queue Timeout";
/// The system gives up on a conversation.
pub const SYSTEM_ENDS: &[&str] =
    &["System Error", "System disconnected the contact", "Interaction Cleanup"];
/// The system reports that it gave up, and then goes on: known and unknown reasons.
pub const SYSTEM_STUMBLES: &[&str] =
    &["System Error", "System Error", "CONTACT_MIGRATED", "Flow Handoff"];
/// Undocumented reasons.
pub const UNLISTED: &[&str] = &["PEER_RESET", "Contact Merged", "RTC_SESSION_GONE"];

impl Fate {
    /// The reasons that the end of a ring may give for this fate. An answered or withdrawn ring has
    /// none.
    pub fn reasons(self) -> &'static [&'static str] {
        match self {
            Fate::NoAnswer => RING_NO_ANSWER,
            Fate::Declined => REFUSED,
            Fate::Unreachable => UNREACHABLE,
            Fate::Failed => MEDIA_FAILED,
            Fate::Answered | Fate::Withdrawn => &[],
        }
    }
}

/// Whether an end with this party and reason means that the customer left. One who could not be
/// reached did not.
pub fn is_by_customer(party: Party, reason: &str) -> bool {
    reason == CUSTOMER_LEFT || party == Party::Customer && !CUSTOMER_AWAY.contains(&reason)
}

/// The reason as one of the systems of a tenant may spell it.
pub fn spelled(reason: &str, dice: &mut Dice) -> String {
    match dice.between(0..=9) {
        0 => reason.replace(' ', "_"),
        1 => reason.replace(' ', "_").to_uppercase(),
        2 => reason.replace('_', " "),
        3 => reason.replace('_', " ").to_lowercase(),
        4 => reason.to_lowercase(),
        _ => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Stream;

    #[test]
    fn a_spelling_keeps_the_letters() {
        let mut dice = Dice::new(1, Stream::Story, 0);
        let plain = |text: &str| text.to_lowercase().replace(' ', "_");
        for _ in 0..200 {
            assert_eq!(plain(&spelled(CUSTOMER_LEFT, &mut dice)), "customer_left");
            assert_eq!(plain(&spelled("NO_ANSWER_USER", &mut dice)), "no_answer_user");
        }
    }
}
