//! Why a `task:ended` was sent, in groups that say what follows.
//!
//! Invariant: spelling never matters. "RONA Timer Expired" and `RONA_TIMER_EXPIRED` are one
//! reason; the raw text is kept beside the group.
//!
//! Source: Cisco's documentation of termination reasons and its published API samples.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::offer::OfferOutcome;

/// The reason of a `task:ended`: the text as sent, and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Reason {
    /// The text as sent, cut to at most [`Reason::MAX_TEXT`] bytes.
    pub text: Arc<str>,
    /// What the text means.
    pub group: ReasonGroup,
}

/// What a reason means for the task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReasonGroup {
    /// The customer hung up.
    CustomerLeft,
    /// The agent hung up.
    AgentLeft,
    /// The agent did not answer in time (RONA): the customer is back in the queue.
    AgentNoAnswer,
    /// The agent declined or was busy: the customer is back in the queue.
    AgentDeclined,
    /// The agent could not be reached: the customer is back in the queue.
    AgentUnreachable,
    /// No media to the agent: the customer is back in the queue.
    AgentMediaFailed,
    /// The number that was dialled does not exist: the agent's, or the customer's.
    InvalidNumber,
    /// The dialled customer did not answer, was busy, or a machine answered.
    CustomerNotReached,
    /// The callback was given up.
    CallbackGivenUp,
    /// The callback goes on, says the platform; taken as an end until more life is seen.
    CallbackInProgress,
    /// The platform ended the task.
    System,
    /// No reason, or one that is not known: an end, provisional like all others, and counted.
    Unknown,
}

/// Normalised spelling to group, one line per reason known to Webex.
const KNOWN: &[(&str, ReasonGroup)] = {
    use ReasonGroup::*;
    &[
        ("customer left", CustomerLeft),
        ("agent left", AgentLeft),
        ("agent ended", AgentLeft),
        ("agent ends", AgentLeft),
        ("agent disconnected", AgentLeft),
        ("rona timer expired", AgentNoAnswer),
        ("no answer user", AgentNoAnswer),
        ("no answer from agent", AgentNoAnswer),
        ("user declined", AgentDeclined),
        ("user busy", AgentDeclined),
        ("agent busy", AgentDeclined),
        ("user unavailable", AgentUnreachable),
        ("agent unavailable", AgentUnreachable),
        ("invalid number", InvalidNumber),
        ("channel failure", AgentMediaFailed),
        ("media internal error", AgentMediaFailed),
        ("media manager internal error", AgentMediaFailed),
        ("participant invite timer expired", AgentMediaFailed),
        ("no answer from customer", CustomerNotReached),
        ("no answer customer", CustomerNotReached),
        ("customer busy", CustomerNotReached),
        ("customer unavailable", CustomerNotReached),
        ("amd", CustomerNotReached),
        ("fax", CustomerNotReached),
        ("max callback retry limit reached", CallbackGivenUp),
        ("outdial failed", CallbackGivenUp),
        ("contact callback in progress", CallbackInProgress),
        ("queue timeout", System),
        ("system error", System),
        ("system admitfailed", System),
        ("system disconnected the contact", System),
        ("not found", System),
        ("interaction cleanup", System),
        ("blind transfer failed", System),
        ("blind transfer to dn", System),
        ("blind transfer to epdn", System),
        ("consult transfer to dn", System),
        ("consult transfer to epdn", System),
    ]
};

impl Reason {
    /// The longest text that is kept, in bytes.
    pub const MAX_TEXT: usize = 128;

    /// The reason that `text` spells, in any case, with blanks or underscores.
    ///
    /// What is cut off says nothing: the text that is kept gives the same reason again.
    pub fn new(text: &str) -> Reason {
        let kept = &text[..text.floor_char_boundary(Self::MAX_TEXT)];
        Reason { text: kept.into(), group: ReasonGroup::from_text(kept) }
    }
}

impl ReasonGroup {
    /// The group of the reason that `text` spells.
    pub fn from_text(text: &str) -> ReasonGroup {
        let mut buffer = [0; Reason::MAX_TEXT];
        let normal = normalised(text, &mut buffer);
        KNOWN
            .iter()
            .find(|(known, _)| known.as_bytes() == normal)
            .map_or(ReasonGroup::Unknown, |known| known.1)
    }

    /// How the offer ended, where the reason is on the agent's side and does not end the task.
    /// [`ReasonGroup::InvalidNumber`] is only while an agent rings.
    pub fn agent_side(self) -> Option<OfferOutcome> {
        match self {
            ReasonGroup::AgentNoAnswer => Some(OfferOutcome::NoAnswer),
            ReasonGroup::AgentDeclined => Some(OfferOutcome::Declined),
            ReasonGroup::AgentUnreachable | ReasonGroup::InvalidNumber => {
                Some(OfferOutcome::Unreachable)
            }
            ReasonGroup::AgentMediaFailed => Some(OfferOutcome::Failed),
            ReasonGroup::CustomerLeft
            | ReasonGroup::AgentLeft
            | ReasonGroup::CustomerNotReached
            | ReasonGroup::CallbackGivenUp
            | ReasonGroup::CallbackInProgress
            | ReasonGroup::System
            | ReasonGroup::Unknown => None,
        }
    }

    /// Whether somebody hung up, so that a straggling event must not revive the task.
    pub fn is_hang_up(self) -> bool {
        matches!(self, ReasonGroup::CustomerLeft | ReasonGroup::AgentLeft)
    }
}

/// Lower case, with every run of blanks and underscores made one blank, as far as `buffer` goes.
/// No known reason has any but ASCII letters.
fn normalised<'a>(text: &str, buffer: &'a mut [u8; Reason::MAX_TEXT]) -> &'a [u8] {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'_';
    let words = text.as_bytes().split(is_blank).filter(|word| !word.is_empty());
    let mut length = 0;
    for (place, word) in words.enumerate() {
        let blank: &[u8] = if place > 0 { b" " } else { b"" };
        for (to, byte) in buffer[length..].iter_mut().zip(blank.iter().chain(word)) {
            *to = byte.to_ascii_lowercase();
            length += 1;
        }
    }
    &buffer[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for text in [
            "RONA Timer Expired",
            "RONA_Timer_Expired",
            "RONA_TIMER_EXPIRED",
            "rona timer expired",
            " Rona__timer \t EXPIRED ",
        ] {
            assert_eq!(ReasonGroup::from_text(text), ReasonGroup::AgentNoAnswer, "{text}");
        }
    }

    #[test]
    fn every_known_reason_is_written_in_its_normal_form() {
        for (known, group) in KNOWN {
            assert_eq!(normalised(known, &mut [0; Reason::MAX_TEXT]), known.as_bytes());
            assert_eq!(ReasonGroup::from_text(&known.to_uppercase().replace(' ', "_")), *group);
        }
    }

    #[test]
    fn only_the_agent_side_groups_keep_the_task_alive() {
        let alive: Vec<_> = KNOWN.iter().filter(|known| known.1.agent_side().is_some()).collect();
        assert_eq!(alive.len(), 13);
        assert_eq!(ReasonGroup::from_text("Customer Left").agent_side(), None);
        assert_eq!(ReasonGroup::from_text("moon phase").agent_side(), None);
    }

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let reason = Reason::new(&"ü".repeat(100));
        assert_eq!(reason.text.len(), Reason::MAX_TEXT);
        assert_eq!(reason.group, ReasonGroup::Unknown);
        let padded = Reason::new(&format!("{}customer left", " ".repeat(120)));
        assert_eq!(padded, Reason::new(&padded.text));
    }
}
