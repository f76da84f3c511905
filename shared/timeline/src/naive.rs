//! What the webhooks say at face value, for comparison.

use crate::correction::Rule;
use crate::outcome::Outcome;
use crate::segment::Phase;
use crate::time::EpochMs;

/// The figures that the webhooks alone would give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naive {
    /// The first `task:parked`.
    pub parked_at: Option<EpochMs>,
    /// The first `task:connect`.
    pub connect_at: Option<EpochMs>,
    /// The first `task:connected`.
    pub connected_at: Option<EpochMs>,
    /// The first `task:ended`.
    pub ended_at: Option<EpochMs>,
    /// From the first `task:parked` to the first `task:connect` or `task:ended` after it; `None`
    /// without a park, and while neither came.
    pub live_wait_ms: Option<i64>,
    /// From the first `task:connected` to the first `task:ended`; `None` without both, in
    /// that order.
    pub talk_ms: Option<i64>,
    /// Handled, abandoned, failed or open.
    pub outcome: Outcome,
}

/// A stretch of time; open without an end.
type Span = (EpochMs, Option<EpochMs>);

/// What became of a task, as far as the naive view says anything of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actual {
    outcome: Outcome,
    ended_at: Option<EpochMs>,
    live_waits: Vec<Span>,
    with_agent: Vec<Span>,
    was_off_line: bool,
}

impl Actual {
    /// From the segments of the task: phase, begin and end, in order.
    pub fn new(
        outcome: Outcome,
        ended_at: Option<EpochMs>,
        segments: impl IntoIterator<Item = (Phase, EpochMs, Option<EpochMs>)>,
    ) -> Actual {
        let (live_waits, with_agent) = (Vec::new(), Vec::new());
        let mut actual = Actual { outcome, ended_at, live_waits, with_agent, was_off_line: false };
        for (phase, from, to) in segments {
            match phase {
                Phase::Queued => add(&mut actual.live_waits, (from, to)),
                Phase::Talking | Phase::OnHold | Phase::Consulting | Phase::Conferencing => {
                    add(&mut actual.with_agent, (from, to));
                }
                Phase::CallbackWait | Phase::OutboundQueued | Phase::Dialing => {
                    actual.was_off_line = true;
                }
                Phase::SelfService | Phase::Offered => {}
            }
        }
        actual
    }
}

/// Adds a span; spans that touch are one, and those of no length are none.
fn add(spans: &mut Vec<Span>, (from, to): Span) {
    match spans.last_mut() {
        Some((_, end)) if *end == Some(from) => *end = to,
        Some(_) | None if to != Some(from) => spans.push((from, to)),
        Some(_) | None => {}
    }
}

impl Naive {
    /// N5: whether the webhooks told the truth about a task with these rows in the ledger.
    pub fn is_true_of(&self, actual: &Actual, ledger: impl IntoIterator<Item = Rule>) -> bool {
        ledger.into_iter().all(Rule::is_of_delivery) && self.agrees_with(actual)
    }

    fn agrees_with(&self, actual: &Actual) -> bool {
        self.has_outcome(actual.outcome)
            && self.ended_at == actual.ended_at
            && self.live_wait() == actual.live_waits
            && self.talk() == actual.with_agent
            && !actual.was_off_line
    }

    /// N5: whether a task came out as the webhooks say. They know no short calls, which are
    /// abandoned or failed to them.
    pub fn has_outcome(&self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Short => matches!(self.outcome, Outcome::Abandoned | Outcome::Failed),
            Outcome::Handled
            | Outcome::CallbackFailed
            | Outcome::NotReached
            | Outcome::Abandoned
            | Outcome::Failed
            | Outcome::Open
            | Outcome::PresumedEnded => self.outcome == outcome,
        }
    }

    /// N2: the live wait, if there is one.
    fn live_wait(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        if let Some(from) = self.parked_at {
            add(&mut spans, (from, self.live_wait_ms.map(|ms| EpochMs(from.0 + ms))));
        }
        spans
    }

    /// N3: the talk, if there is one.
    fn talk(&self) -> Vec<Span> {
        let mut spans = Vec::new();
        if let Some(from) = self.connected_at
            && self.ended_at.is_none_or(|end| end >= from)
        {
            add(&mut spans, (from, self.ended_at));
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> EpochMs {
        EpochMs(seconds * 1_000)
    }

    /// Parked after 10 s, offered after 30 s, connected after 40 s, ended after 100 s.
    fn handled() -> Naive {
        Naive {
            parked_at: Some(at(10)),
            connect_at: Some(at(30)),
            connected_at: Some(at(40)),
            ended_at: Some(at(100)),
            live_wait_ms: Some(20_000),
            talk_ms: Some(60_000),
            outcome: Outcome::Handled,
        }
    }

    /// Phases, each from the end of the one before; the last one is open, if its end is 0.
    fn actual(outcome: Outcome, phases: &[(Phase, i64)]) -> Actual {
        let mut from = at(0);
        let mut ended_at = None;
        let segments = phases.iter().map(|&(phase, end)| {
            ended_at = (end > 0).then(|| at(end));
            let segment = (phase, from, ended_at);
            from = at(end);
            segment
        });
        let segments: Vec<_> = segments.collect();
        Actual::new(outcome, ended_at, segments)
    }

    /// N5.
    #[test]
    fn a_call_that_was_as_the_webhooks_say() {
        use Phase::{Offered, OnHold, Queued, SelfService, Talking};
        let call = [(SelfService, 10), (Queued, 30), (Offered, 40), (Talking, 100)];
        assert!(handled().agrees_with(&actual(Outcome::Handled, &call)));
        let queues = [(SelfService, 10), (Queued, 20), (Queued, 30), (Offered, 40)];
        let with_hold = [&queues[..], &[(Talking, 60), (OnHold, 70), (Talking, 100)]].concat();
        assert!(handled().agrees_with(&actual(Outcome::Handled, &with_hold)));
    }

    /// N5.
    #[test]
    fn each_difference_counts() {
        use Phase::{CallbackWait, Dialing, Offered, Queued, SelfService, Talking};
        let handled = Outcome::Handled;
        let before = [(SelfService, 10), (Queued, 30), (Offered, 40)];
        let then = |after: &[(Phase, i64)]| [&before[..], after].concat();
        let others = [
            ("outcome", actual(Outcome::PresumedEnded, &then(&[(Talking, 100)]))),
            ("end", actual(handled, &then(&[(Talking, 101)]))),
            ("no end", actual(handled, &then(&[(Talking, 0)]))),
            (
                "wait",
                actual(handled, &[(SelfService, 11), (Queued, 30), (Offered, 40), (Talking, 100)]),
            ),
            ("waited again", actual(handled, &then(&[(Queued, 45), (Talking, 100)]))),
            ("talk", actual(handled, &then(&[(Talking, 90), (SelfService, 100)]))),
            ("dialing", actual(handled, &then(&[(Dialing, 45), (Talking, 100)]))),
            (
                "callback",
                actual(
                    handled,
                    &[(SelfService, 10), (CallbackWait, 30), (Offered, 40), (Talking, 100)],
                ),
            ),
        ];
        for (what, other) in others {
            assert!(!self::handled().agrees_with(&other), "{what}");
        }
    }

    /// N5.
    #[test]
    fn the_ledger_counts_but_for_deliveries() {
        use Phase::{Offered, Queued, SelfService, Talking};
        let call = [(SelfService, 10), (Queued, 30), (Offered, 40), (Talking, 100)];
        let call = actual(Outcome::Handled, &call);
        assert!(handled().is_true_of(&call, [Rule::Duplicate, Rule::Late]));
        assert!(!handled().is_true_of(&call, [Rule::Duplicate, Rule::FalseEnd]));
    }

    /// N5, N2.
    #[test]
    fn a_caller_who_hung_up_in_the_queue_waited_either_way() {
        let outcome = Outcome::Abandoned;
        let (connect_at, connected_at, talk_ms) = (None, None, None);
        let live_wait_ms = Some(90_000);
        let left = Naive { connect_at, connected_at, talk_ms, live_wait_ms, outcome, ..handled() };
        let waited = [(Phase::SelfService, 10), (Phase::Queued, 100)];
        assert!(left.agrees_with(&actual(Outcome::Abandoned, &waited)));
        assert!(left.agrees_with(&actual(Outcome::Short, &waited)));
        assert!(!left.agrees_with(&actual(Outcome::Failed, &waited)));
    }

    /// N5.
    #[test]
    fn a_task_that_is_still_open() {
        use Phase::{Offered, OnHold, OutboundQueued, Queued, SelfService, Talking};
        let outcome = Outcome::Open;
        let open = Naive { ended_at: None, talk_ms: None, outcome, ..handled() };
        let before = [(SelfService, 10), (Queued, 30), (Offered, 40), (Talking, 60)];
        let call = [&before[..], &[(OnHold, 70), (Talking, 0)]].concat();
        assert!(open.agrees_with(&actual(outcome, &call)));
        let (connect_at, connected_at, live_wait_ms) = (None, None, None);
        let waiting = Naive { connect_at, connected_at, live_wait_ms, ..open };
        assert!(waiting.agrees_with(&actual(outcome, &[(SelfService, 10), (Queued, 0)])));
        let own_call = actual(outcome, &[(SelfService, 10), (OutboundQueued, 0)]);
        assert!(!waiting.agrees_with(&own_call));
    }
}
