//! Rule A5 over generated histories: the order of agent events decides nothing.
//!
//! Invariant: the archives are what their seeds make them; only the times of agent events are moved,
//! inside the bodies.

#![expect(clippy::unwrap_used, reason = "a law that cannot be checked does not hold")]

use generate_archive::dice::{Dice, Stream};
use generate_archive::{Archive, Options, Quirks, Task};
use serde_json::Value;
use task_timeline::{Delivery, EpochMs, FigureOptions, History, Limits, Phase, Segment};
use webhook::Webhook;

/// How far an agent event is moved at most, in milliseconds.
const FAR_MS: u64 = 100;
/// How far two of them are moved against each other, in milliseconds.
const APART_MS: i64 = 200;
/// Phases that are no longer than this may come and go, in milliseconds.
const SHORT_MS: i64 = 1_000;
/// The intervals that rules compare with what lies between two events, in milliseconds.
const COMPARED_MS: [i64; 2] = [1_000, 2_000];

const OPTIONS: FigureOptions = FigureOptions {
    as_of: EpochMs(1_800_000_000_000),
    stale_after_ms: i64::MAX,
    short_call_ms: 0,
    limits: Limits { wrapup_ms: 3_600_000 },
};

#[test]
fn moved_agent_events_tell_the_same() {
    let quirks = Quirks { drift: 0.8, ..Quirks::none() };
    let mut checked = 0;
    for seed in 1..=8 {
        let options = Options { seed, tasks: 700, quirks: quirks.clone(), ..Options::default() };
        for (index, task) in (0..).zip(Archive::new(options).unwrap().tasks()) {
            let bodies = bodies(&task);
            if is_close_call(&bodies) {
                continue;
            }
            checked += 1;
            let told = fold(&bodies);
            let mut dice = Dice::new(seed, Stream::Quirks, index);
            for _ in 0..3 {
                let moved: Vec<Value> = bodies.iter().map(|body| moved(body, &mut dice)).collect();
                let what =
                    format!("seed {seed}, task {} ({})", task.truth.task_id, task.truth.kind);
                assert_alike(&what, &told, &fold(&moved));
            }
        }
    }
    assert!(checked > 3_000, "only {checked} histories are clear");
}

/// The task's own events.
fn bodies(task: &Task) -> Vec<Value> {
    let own = task.deliveries.iter().filter(|delivery| delivery.task_id.is_some());
    own.map(|delivery| serde_json::from_str(&delivery.line).unwrap()).collect()
}

fn moved(body: &Value, dice: &mut Dice) -> Value {
    let mut body = body.clone();
    if is_of_agent(&body) {
        let at = body["data"]["createdTime"].as_u64().unwrap();
        body["data"]["createdTime"] = dice.around(at, FAR_MS).into();
    }
    body
}

fn is_of_agent(body: &Value) -> bool {
    body["type"].as_str().unwrap().starts_with("agent:")
}

fn created_at(body: &Value) -> i64 {
    body["data"]["createdTime"].as_i64().unwrap()
}

/// Whether a move could change on which side of a rule's interval an event is.
fn is_close_call(bodies: &[Value]) -> bool {
    let agents = bodies.iter().filter(|body| is_of_agent(body)).map(created_at);
    agents.into_iter().any(|agent| {
        bodies.iter().map(created_at).any(|other| {
            let gap_ms = (other - agent).abs();
            COMPARED_MS.iter().any(|compared_ms| (gap_ms - compared_ms).abs() <= APART_MS)
        })
    })
}

fn fold(bodies: &[Value]) -> History {
    let event = |body: &Value| Webhook::parse(body.to_string().as_bytes()).unwrap().event;
    let deliveries =
        bodies.iter().map(|body| Delivery { event: event(body), arrived_at: None }).collect();
    History::fold(deliveries, &OPTIONS)
}

fn assert_alike(what: &str, one: &History, other: &History) {
    let outcome = |history: &History| {
        let figures = history.figures.as_ref().unwrap();
        (figures.outcome, figures.callback, figures.false_ends, figures.ended_at.is_some())
    };
    let both = || format!("{what}\n{:#?}\n{:#?}", one.record, other.record);
    assert_eq!(outcome(one), outcome(other), "{}", both());
    assert_eq!(one.record.offers.len(), other.record.offers.len(), "{}", both());
    for (a, b) in one.record.offers.iter().zip(&other.record.offers) {
        let same = |of: &task_timeline::Offer| {
            (of.agent.clone(), of.outcome, of.offered_at, of.answered_at)
        };
        assert_eq!(same(a), same(b), "{}", both());
        let ms = |at: Option<EpochMs>| at.map(|at| at.0);
        let instants = [
            (ms(a.customer_connected_at), ms(b.customer_connected_at)),
            (ms(a.released_at), ms(b.released_at)),
            (a.wrapup_ms, b.wrapup_ms),
        ];
        for (a, b) in instants {
            let is_near = a.zip(b).is_none_or(|(a, b)| (a - b).abs() <= APART_MS);
            assert!(a.is_some() == b.is_some() && is_near, "{}", both());
        }
    }
    let (long, other_long) =
        (long_phases(&one.record.segments), long_phases(&other.record.segments));
    assert_eq!(long.len(), other_long.len(), "{}", both());
    for ((phase, from, to), (other_phase, other_from, other_to)) in long.iter().zip(&other_long) {
        assert_eq!(phase, other_phase, "{}", both());
        for (at, other_at) in [(from, other_from), (to, other_to)] {
            // A boundary that an agent event made has moved with it.
            assert!((at - other_at).abs() <= APART_MS, "{}", both());
        }
    }
}

/// The phases that are longer than a second: phase, begin and end. An open one ends at the as-of time.
fn long_phases(segments: &[Segment]) -> Vec<(Phase, i64, i64)> {
    let mut phases: Vec<(Phase, i64, i64)> = Vec::new();
    for segment in segments {
        let (from, to) = (segment.started_at.0, segment.ended_at.unwrap_or(OPTIONS.as_of).0);
        match phases.last_mut() {
            Some((phase, _, end)) if *phase == segment.phase && *end == from => *end = to,
            _ => phases.push((segment.phase, from, to)),
        }
    }
    phases.retain(|(_, from, to)| to - from > SHORT_MS);
    phases
}
