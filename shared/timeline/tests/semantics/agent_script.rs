//! Histories of an agent as short scripts, and what they come to as aligned tables.
//!
//! A script has one event per line: seconds, the channel (`-` for `agent:1.0.0`, which names none) or
//! `login` or `logout`, the state, and the idle code (`C…`) and task (`T…`) where the event names one.
//!
//! ```text
//!   0   login
//!  60   telephony available
//!  90   telephony ringing T1
//! ```

use std::fmt::Write as _;

use expect_test::Expect;
use task_timeline::*;
use xxhash_rust::xxh3::xxh3_128;

use crate::agent_laws::check_agent_laws;

const START: i64 = 1_700_000_000_000;

/// Folds a script as of `as_of` seconds, and holds the result against the table that is expected. All
/// laws must hold too.
pub fn check(script: &str, as_of: i64, expect: Expect) {
    let events: Vec<AgentEvent> = lines(script).map(event).collect();
    let as_of = EpochMs(START + as_of * 1_000);
    check_agent_laws(&events, as_of);
    expect.assert_eq(&table(&record(&events, as_of)));
}

/// All spans of some events, as of a moment.
pub fn record(events: &[AgentEvent], as_of: EpochMs) -> AgentRecord {
    let mut record = AgentRecord::default();
    AgentTimeline::fold(events.to_vec(), &mut record).finish(as_of, &mut record);
    record.on_channels.sort_by_key(|span| (span.channel, span.started_at));
    record
}

fn lines(script: &str) -> impl Iterator<Item = &str> {
    script.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn event(line: &str) -> AgentEvent {
    let words: Vec<&str> = line.split_whitespace().collect();
    let seconds: f64 = words[0].parse().unwrap();
    let identity = Identity(xxh3_128(words.join(" ").as_bytes()));
    let (kind, channel) = match words[1] {
        "login" => ("agent:login", None),
        "logout" => ("agent:logout", None),
        "-" => ("agent:state_change", Some(Channel::Telephony)), // G1: does not count
        channel => ("agent:channel_state_change", Some(Channel::from_name(channel))),
    };
    let mut event = Event::bare(EventType::from_name(kind), identity);
    event.at = EpochMs(START + (seconds * 1_000.0).round() as i64);
    event.agent = Id::new("A");
    event.details.channel = channel;
    let (mut task, mut idle_code) = (None, None);
    for word in &words[2..] {
        match word {
            word if word.starts_with('C') => idle_code = Id::new(word),
            word if word.starts_with('T') => task = Id::new(word),
            word => event.details.agent_state = Some(AgentState::from_name(word)),
        }
    }
    AgentEvent::new(&event, task.as_ref(), idle_code.as_ref()).unwrap()
}

fn table(record: &AgentRecord) -> String {
    let mut out = String::new();
    let channel = |span: &AgentSpan| span.channel.map_or("-", ChannelKind::name);
    let on_channels = record.on_channels.iter().map(|span| (channel(span), span));
    for (channel, span) in on_channels.chain(record.as_a_whole.iter().map(|span| ("all", span))) {
        let names = [&span.idle_code, &span.task].into_iter().flatten().map(Id::to_string);
        let line = format!(
            "{channel:<9} {:<14} {:>9} {:>9} {} {}",
            span.status.name(),
            seconds(Some(span.started_at)),
            seconds(span.ended_at),
            span.basis.name(),
            names.collect::<Vec<_>>().join(" "),
        );
        let _infallible = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn seconds(at: Option<EpochMs>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| format!("{:.3}", (at.0 - START) as f64 / 1e3))
}
