//! The machine on one call: a ring that nobody answers, reported as `task:ended`, and then talk.
//!
//! ```sh
//! cargo run -p task-timeline --example one_call
//! ```
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use task_timeline::{
    Delivery, EpochMs, Event, EventType, FigureOptions, History, Id, Identity, Limits, Reason,
    Timeline,
};

const START: i64 = 1_790_000_000_000;

fn main() {
    let mut agent_side_end = event(EventType::TaskEnded, 66);
    agent_side_end.details.reason = Some(Reason::new("RONA Timer Expired"));
    let mut hang_up = event(EventType::TaskEnded, 240);
    hang_up.details.reason = Some(Reason::new("Customer Left"));
    let events = [
        event(EventType::TaskNew, 0),
        event(EventType::TaskParked, 20),
        event(EventType::TaskConnect, 50),
        agent_side_end,
        event(EventType::TaskConnect, 80),
        event(EventType::TaskConnected, 84),
        hang_up,
    ];

    println!("live, one event at a time:");
    let mut timeline = Timeline::default();
    for event in &events {
        timeline.apply(event, Limits::default(), &mut ());
        let phase = timeline.phase().map_or("over", |phase| phase.name());
        println!("{:>5} s  {:<15} {phase}", seconds(event.at), event.kind.name());
    }

    println!("\nby night, the whole history:");
    let deliveries = events.map(|event| Delivery { event, arrived_at: None }).to_vec();
    let options = FigureOptions {
        as_of: EpochMs(START + 3_600_000),
        stale_after_ms: 14 * 24 * 3_600_000,
        short_call_ms: 0,
        limits: Limits::default(),
    };
    let History { figures, record, .. } = History::fold(deliveries, &options);
    for segment in &record.segments {
        let ended_at = segment.ended_at.unwrap_or(segment.started_at);
        let (from, to) = (seconds(segment.started_at), seconds(ended_at));
        println!("{from:>5} s to {to:>4} s  {}", segment.phase.name());
    }
    for row in &record.corrections {
        println!("{} at {} s: said {}, is {}", row.rule.name(), seconds(row.at), row.said, row.is);
    }
    if let Some(figures) = figures {
        let (outcome, naive) = (figures.outcome.name(), figures.naive.outcome.name());
        println!("outcome: {outcome}; the webhooks alone say: {naive}");
    }
}

fn event(kind: EventType, at_s: i64) -> Event {
    let at = EpochMs(START + at_s * 1_000);
    let identity = Identity(at.0.unsigned_abs().into());
    Event { at, queue: Id::new("billing"), ..Event::bare(kind, identity) }
}

fn seconds(at: EpochMs) -> i64 {
    (at.0 - START) / 1_000
}
