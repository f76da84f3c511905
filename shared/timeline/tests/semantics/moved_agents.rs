//! A5: agent events moved by up to 100 ms tell the same story.

use task_timeline::*;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::script::{OPTIONS, deliveries};

/// How far an agent event is moved at most, in milliseconds.
const FAR_MS: i64 = 100;

/// Intervals that rules compare with what lies between two events, in milliseconds.
const COMPARED_MS: [i64; 2] = [1_000, 2_000];

/// The law, for one history that no rule decides by a hair.
pub fn moved_agent_events_tell_the_same(events: &[Event], whole: &History) {
    if is_close_call(events) {
        return;
    }
    for seed in 0..8 {
        let moved: Vec<Event> = events.iter().map(|event| moved(event, seed)).collect();
        let other = History::fold(deliveries(&moved), &OPTIONS);
        assert_alike(whole, &other);
    }
}

fn moved(event: &Event, seed: u64) -> Event {
    let mut event = event.clone();
    if event.details.agent_state.is_some() {
        let dice = xxh3_64_with_seed(&event.identity.0.to_be_bytes(), seed);
        let by_ms = i64::try_from(dice % (2 * FAR_MS as u64 + 1)).unwrap() - FAR_MS;
        event.at = event.at + by_ms;
    }
    event
}

/// Whether a move could change what side of a rule's interval an event is on.
fn is_close_call(events: &[Event]) -> bool {
    let agents = events.iter().filter(|event| event.details.agent_state.is_some());
    agents.into_iter().any(|agent| {
        events.iter().any(|other| {
            let gap_ms = (other.at - agent.at).abs();
            COMPARED_MS.iter().any(|compared_ms| (gap_ms - compared_ms).abs() <= 2 * FAR_MS)
        })
    })
}

fn assert_alike(one: &History, other: &History) {
    let outcome = |history: &History| {
        let figures = history.figures.as_ref();
        figures.map(|of| (of.outcome, of.callback, of.false_ends, of.reason.clone()))
    };
    assert_eq!(outcome(one), outcome(other));
    assert_eq!(one.record.offers.len(), other.record.offers.len());
    for (a, b) in one.record.offers.iter().zip(&other.record.offers) {
        assert_eq!((&a.agent, a.outcome, a.offered_at), (&b.agent, b.outcome, b.offered_at));
        assert_eq!(a.answered_at, b.answered_at);
        let instants = [
            (a.customer_connected_at, b.customer_connected_at),
            (a.released_at, b.released_at),
            (a.wrapup_ms.map(EpochMs), b.wrapup_ms.map(EpochMs)),
        ];
        for (a, b) in instants {
            let near = a.zip(b).is_none_or(|(a, b)| (a - b).abs() <= 2 * FAR_MS);
            assert!(a.is_some() == b.is_some() && near, "{one:#?}\n{other:#?}");
        }
    }
    let longest_ms = longest_difference(&one.record.segments, &other.record.segments);
    assert!(longest_ms <= 1_000, "{longest_ms} ms: {one:#?}\n{other:#?}");
}

/// The longest time for which two timelines are in different phases, in milliseconds.
fn longest_difference(one: &[Segment], other: &[Segment]) -> i64 {
    let end = |segment: &Segment| segment.ended_at.unwrap_or(OPTIONS.as_of);
    let phase_at = |segments: &[Segment], at: EpochMs| {
        segments.iter().find(|of| of.started_at <= at && at < end(of)).map(|of| of.phase)
    };
    let mut cuts: Vec<EpochMs> =
        one.iter().chain(other).flat_map(|segment| [segment.started_at, end(segment)]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let (mut longest_ms, mut this_ms) = (0, 0);
    for pair in cuts.windows(2) {
        let differs = phase_at(one, pair[0]) != phase_at(other, pair[0]);
        this_ms = if differs { this_ms + (pair[1] - pair[0]) } else { 0 };
        longest_ms = longest_ms.max(this_ms);
    }
    longest_ms
}
