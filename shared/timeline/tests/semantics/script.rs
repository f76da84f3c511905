//! Histories as short scripts, and what they come to as aligned tables.
//!
//! A script has one event per line: seconds, what happens, and words in any order.
//!
//! ```text
//!  0      new
//! 17      parked Q1
//! 963     connect Q1 callback
//! 963.02  agent ringing A1
//! 979     ended System RONA_Timer_Expired
//! ```

use std::fmt::Write as _;

use expect_test::Expect;
use task_timeline::*;
use xxhash_rust::xxh3::xxh3_128;

use crate::laws::check_laws;
use crate::moved_agents::moved_agent_events_tell_the_same;

const START: i64 = 1_700_000_000_000;
const HOUR_MS: i64 = 3_600_000;

/// Fourteen days until stale, no short calls, as of an hour after the start.
pub const OPTIONS: FigureOptions = FigureOptions {
    as_of: EpochMs(START + HOUR_MS),
    stale_after_ms: 14 * 24 * HOUR_MS,
    short_call_ms: 0,
    limits: Limits { wrapup_ms: HOUR_MS },
};

/// Folds a script, and holds the result against the table that is expected. All laws must hold too.
pub fn check(script: &str, expect: Expect) {
    check_with(&OPTIONS, script, expect);
}

/// The same with options of its own.
pub fn check_with(options: &FigureOptions, script: &str, expect: Expect) {
    let events = events(script);
    check_laws(&events);
    moved_agent_events_tell_the_same(&events, &History::fold(deliveries(&events), &OPTIONS));
    expect.assert_eq(&table(&History::fold(deliveries(&events), options)));
}

/// The events of a script.
pub fn events(script: &str) -> Vec<Event> {
    script.lines().map(str::trim).filter(|line| !line.is_empty()).map(event).collect()
}

fn event(line: &str) -> Event {
    let mut words = line.split_whitespace();
    let seconds: f64 = words.next().unwrap().parse().unwrap();
    let what = words.next().unwrap();
    let mut event = blank(kind(what), START + (seconds * 1_000.0).round() as i64, line);
    for word in words {
        read_word(&mut event, word);
    }
    event
}

fn kind(what: &str) -> EventType {
    let name = match what {
        "agent" => "agent:channel_state_change".to_owned(),
        "signal" => "trueline:callback-requested".to_owned(),
        "capture" => "capture:available".to_owned(),
        "message" => "task-message:appended".to_owned(),
        "dial-failed" => "trueline:callback-failed".to_owned(),
        "disposition" => "campaign:contact-disposition".to_owned(),
        "flow-error" => "flow:error".to_owned(),
        what => format!("task:{what}"),
    };
    EventType::from_name(&name)
}

fn blank(kind: EventType, at: i64, line: &str) -> Event {
    let words: Vec<&str> = line.split_whitespace().collect();
    Event {
        kind,
        at: EpochMs(at),
        identity: Identity(xxh3_128(words.join(" ").as_bytes())),
        queue: None,
        agent: None,
        details: EventDetails {
            channel: Some(Channel::Telephony),
            direction: Some(Direction::Inbound),
            ..EventDetails::default()
        },
    }
}

fn read_word(event: &mut Event, word: &str) {
    match word {
        "callback" | "web" | "outdial" | "campaign" => {
            event.details.direction = Some(Direction::Outbound);
            event.details.outbound_type = Some(match word {
                "callback" => OutboundType::CourtesyCallback,
                "web" => OutboundType::Callback,
                "outdial" => OutboundType::Outdial,
                _ => OutboundType::Other,
            });
        }
        "undirected" => event.details.direction = None,
        "chat" => event.details.channel = Some(Channel::Chat),
        "final" => event.details.is_final = true,
        "reconciled" => event.details.basis = Basis::Reconciled,
        "Agent" | "Customer" | "System" => {
            event.details.terminating_party = Some(Party::from_name(word))
        }
        _ if event.kind == EventType::TaskEnded => event.details.reason = Some(Reason::new(word)),
        _ if word.starts_with('Q') => event.queue = Id::new(word),
        _ if word.starts_with('A') => event.agent = Id::new(word),
        _ => event.details.agent_state = Some(AgentState::from_name(word)),
    }
}

/// Deliveries of these events, without a time of arrival.
pub fn deliveries(events: &[Event]) -> Vec<Delivery> {
    events.iter().map(|event| Delivery { event: event.clone(), arrived_at: None }).collect()
}

/// The history as an aligned table, times in seconds since the start.
pub fn table(history: &History) -> String {
    let mut out = String::new();
    let Some(figures) = &history.figures else { return "no task\n".to_owned() };
    for segment in &history.record.segments {
        let agent = segment.offer.and_then(|seq| history.record.offers[seq as usize].agent.clone());
        let _infallible = writeln!(
            out,
            "{:<13} {:>9} {:>9} {:<2} {:<2} {}",
            segment.phase.name(),
            seconds(Some(segment.started_at)),
            seconds(segment.ended_at),
            segment.queue.as_ref().map_or_else(|| "-".to_owned(), Id::to_string),
            agent.map_or_else(|| "-".to_owned(), |agent| agent.to_string()),
            segment.basis.name(),
        );
    }
    for offer in &history.record.offers {
        let _infallible = writeln!(
            out,
            "offer {:<2} {:<11} at {} answered {} customer {} released {} wrapup {}",
            offer.agent.as_ref().map_or_else(|| "-".to_owned(), Id::to_string),
            offer.outcome.name(),
            seconds(Some(offer.offered_at)),
            seconds(offer.answered_at),
            seconds(offer.customer_connected_at),
            seconds(offer.released_at),
            offer.wrapup_ms.map_or_else(|| "-".to_owned(), |ms| format!("{:.3}", ms as f64 / 1e3)),
        );
    }
    for row in &history.record.corrections {
        let (at, rule) = (seconds(Some(row.at)), row.rule.name());
        let _infallible = writeln!(out, "{rule} at {at}: said {}, is {}", row.said, row.is);
    }
    let naive = &figures.naive;
    let _infallible = writeln!(
        out,
        "{}, callback {}, {} false ends; naive {}, wait {} talk {}",
        figures.outcome.name(),
        figures.callback.name(),
        figures.false_ends,
        naive.outcome.name(),
        naive.live_wait_ms.map_or_else(|| "-".to_owned(), |ms| format!("{:.3}", ms as f64 / 1e3)),
        naive.talk_ms.map_or_else(|| "-".to_owned(), |ms| format!("{:.3}", ms as f64 / 1e3)),
    );
    out
}

fn seconds(at: Option<EpochMs>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| format!("{:.3}", (at.0 - START) as f64 / 1e3))
}
