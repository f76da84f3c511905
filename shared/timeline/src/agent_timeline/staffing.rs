//! Whether any agent of a queue was free.
//!
//! Invariant: nothing is guessed. Where a state that matters is not known, the answer is `unknown`.

use crate::agent_timeline::status::AgentStatus;
use crate::output_names::output_names;

/// G10: an agent works for the queues that offered a task in this time before, in milliseconds.
pub const WORKS_FOR_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// G10: what the agents of a queue did at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Staffing {
    /// At least one was ready.
    Available,
    /// At least one was busy, and nobody was ready.
    AllBusy,
    /// Whoever was logged in was not ready.
    Idle,
    /// All had logged out.
    NobodyLoggedIn,
    /// No agent is known, or the state of one is not.
    Unknown,
}

output_names! {
    Staffing {
        Available = "available",
        AllBusy = "all_busy",
        Idle = "idle",
        NobodyLoggedIn = "nobody_logged_in",
        Unknown = "unknown",
    }
}

impl Staffing {
    /// G10: the answer for the agents of a queue, each with the state that is known of it.
    pub fn new(agents: impl IntoIterator<Item = Option<AgentStatus>>) -> Staffing {
        let (mut all_known, mut busy, mut idle, mut out) = (true, false, false, false);
        for status in agents {
            match status {
                None => all_known = false,
                Some(AgentStatus::Available) => return Staffing::Available,
                Some(AgentStatus::Idle) => idle = true,
                Some(AgentStatus::LoggedOut) => out = true,
                Some(
                    AgentStatus::Conferencing
                    | AgentStatus::Connected
                    | AgentStatus::Consulting
                    | AgentStatus::OnHold
                    | AgentStatus::Ringing
                    | AgentStatus::Wrapup
                    | AgentStatus::NotResponding,
                ) => busy = true,
            }
        }
        match (all_known, busy, idle, out) {
            (true, true, _, _) => Staffing::AllBusy,
            (true, false, true, _) => Staffing::Idle,
            (true, false, false, true) => Staffing::NobodyLoggedIn,
            (true, false, false, false) | (false, _, _, _) => Staffing::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// G10.
    #[test]
    fn one_ready_agent_is_enough_and_one_unknown_one_leaves_the_rest_open() {
        use AgentStatus::{Available, Connected, Idle, LoggedOut, NotResponding, Ringing};
        let cases: [(&[Option<AgentStatus>], Staffing); 10] = [
            (&[], Staffing::Unknown),
            (&[None], Staffing::Unknown),
            (&[None, Some(Connected)], Staffing::Unknown),
            (&[None, Some(LoggedOut), Some(Available)], Staffing::Available),
            (&[Some(Connected), Some(Available)], Staffing::Available),
            (&[Some(Connected), Some(Idle), Some(LoggedOut)], Staffing::AllBusy),
            (&[Some(NotResponding), Some(Ringing)], Staffing::AllBusy),
            (&[Some(Idle), Some(LoggedOut)], Staffing::Idle),
            (&[Some(LoggedOut)], Staffing::NobodyLoggedIn),
            (&[Some(LoggedOut), None], Staffing::Unknown),
        ];
        for (agents, expected) in cases {
            assert_eq!(Staffing::new(agents.iter().copied()), expected, "{agents:?}");
        }
    }
}
