//! When an agent was there, and what for, as far as staffing asks.
//!
//! Invariant: before the first state that is known, nothing is known of an agent.

use task_timeline::{AgentRecord, AgentSpan, AgentStatus, ChannelKind, EpochMs, Id};

/// An agent of an organization.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AgentKey {
    /// The organization.
    pub org: Id,
    /// The agent; none for offers to nobody knows whom.
    pub agent: Option<Id>,
}

/// G10: what one agent did when, as far as staffing asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    on_telephony: Vec<Stretch>,
    without_channel: Vec<Stretch>,
}

/// A time in one state. Neighbouring ones in which the agent was busy are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stretch {
    from: EpochMs,
    /// The open one has no end.
    until: Option<EpochMs>,
    status: AgentStatus,
}

impl Presence {
    /// The stretches of an agent whose spans are in order.
    pub(crate) fn new(record: &AgentRecord) -> Presence {
        let on = |channel: Option<ChannelKind>| {
            let mut stretches: Vec<Stretch> = Vec::new();
            for span in record.on_channels.iter().filter(|span| span.channel == channel) {
                match stretches.last_mut() {
                    Some(last) if last.goes_on_in(span) => last.until = span.ended_at,
                    _ => stretches.push(Stretch::new(span)),
                }
            }
            stretches
        };
        Presence { on_telephony: on(Some(ChannelKind::Telephony)), without_channel: on(None) }
    }

    /// What the agent did; none before the first state that is known.
    pub fn at(&self, at: EpochMs) -> Option<AgentStatus> {
        let last = |of: &[Stretch]| {
            let next = of.partition_point(|stretch| stretch.from <= at);
            next.checked_sub(1).map(|last| of[last])
        };
        let both = [last(&self.on_telephony), last(&self.without_channel)];
        let mut known = both.into_iter().flatten().peekable();
        known.peek()?;
        let there = known.find(|stretch| stretch.until.is_none_or(|until| at < until));
        Some(there.map_or(AgentStatus::LoggedOut, |stretch| stretch.status))
    }
}

impl Stretch {
    fn new(span: &AgentSpan) -> Stretch {
        Stretch { from: span.started_at, until: span.ended_at, status: span.status }
    }

    fn goes_on_in(&self, next: &AgentSpan) -> bool {
        let is_same =
            self.status == next.status || (self.status.is_busy() && next.status.is_busy());
        is_same && self.until == Some(next.started_at)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use task_timeline::Basis;

    use super::*;

    const HOUR: i64 = 3_600_000;
    const START: EpochMs = EpochMs(1_790_000_000_000);

    /// What an agent does from hour to hour; `None` ends a shift.
    pub(crate) fn record(
        channel: Option<ChannelKind>,
        hours: &[(i64, Option<AgentStatus>)],
    ) -> AgentRecord {
        let spans = hours.iter().enumerate().filter_map(|(place, (from, status))| {
            Some(AgentSpan {
                channel,
                status: (*status)?,
                idle_code: None,
                task: None,
                started_at: START + from * HOUR,
                ended_at: hours.get(place + 1).map(|(until, _)| START + until * HOUR),
                basis: Basis::Observed,
            })
        });
        AgentRecord { on_channels: spans.collect(), as_a_whole: Vec::new() }
    }

    /// G10.
    #[test]
    fn an_agent_is_on_telephony_or_where_events_name_no_channel() {
        use AgentStatus::{Available, Connected, Idle, LoggedOut, Wrapup};
        let hours = [
            (8, Some(Idle)),
            (9, Some(Connected)),
            (10, Some(Wrapup)),
            (11, Some(Available)),
            (16, None),
            (32, Some(Idle)),
        ];
        for channel in [Some(ChannelKind::Telephony), None] {
            let presence = Presence::new(&record(channel, &hours));
            let at = |hour: i64| presence.at(START + hour * HOUR);
            assert_eq!(at(7), None);
            assert_eq!(
                [8, 9, 11, 15, 16, 31, 32, 99].map(at),
                [
                    Some(Idle),
                    Some(Connected),
                    Some(Available),
                    Some(Available),
                    Some(LoggedOut),
                    Some(LoggedOut),
                    Some(Idle),
                    Some(Idle),
                ]
            );
            assert!(at(10).is_some_and(AgentStatus::is_busy));
        }
        assert_eq!(
            Presence::new(&record(Some(ChannelKind::Chat), &hours)).at(START + 12 * HOUR),
            None
        );
    }
}
