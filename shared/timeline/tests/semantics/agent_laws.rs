//! What holds for every agent's history, however odd. One named law per function.

use proptest::prelude::*;
use task_timeline::*;

use crate::agent_script::record;
use crate::laws::config;

/// All laws that hold for one history.
pub fn check_agent_laws(events: &[AgentEvent], as_of: EpochMs) {
    let whole = record(events, as_of);
    order_and_repeats_do_not_matter(events, as_of, &whole);
    one_event_at_a_time_gives_the_same(events, as_of, &whole);
    spans_have_a_length_and_never_overlap(&whole);
    the_agent_as_a_whole_is_there_while_on_any_channel(&whole);
    the_last_event_says_what_is_open(events, as_of, &whole);
}

/// G1.
fn order_and_repeats_do_not_matter(events: &[AgentEvent], as_of: EpochMs, whole: &AgentRecord) {
    let mut shuffled = [events, events].concat();
    shuffled.reverse();
    shuffled.rotate_left(events.len() / 3);
    assert_eq!(record(&shuffled, as_of), *whole);
}

/// Live and by night.
fn one_event_at_a_time_gives_the_same(events: &[AgentEvent], as_of: EpochMs, whole: &AgentRecord) {
    let mut sorted = events.to_vec();
    sorted.sort_by_key(|event| event.position);
    let (mut timeline, mut given) = (AgentTimeline::default(), AgentRecord::default());
    for event in &sorted {
        timeline.apply(event, &mut given);
        timeline.apply(event, &mut given);
    }
    timeline.finish(as_of, &mut given);
    given.on_channels.sort_by_key(|span| (span.channel, span.started_at));
    assert_eq!(given, *whole);
}

/// G3. Only the last one of a channel may be open.
fn spans_have_a_length_and_never_overlap(whole: &AgentRecord) {
    let AgentRecord { on_channels, as_a_whole } = whole;
    let same_channel = |a: &AgentSpan, b: &AgentSpan| a.channel == b.channel;
    for spans in on_channels.chunk_by(same_channel).chain([as_a_whole.as_slice()]) {
        assert!(spans.iter().all(|span| span.duration_ms().is_none_or(|ms| ms > 0)), "{spans:?}");
        assert!(spans.iter().all(|span| span.status != AgentStatus::LoggedOut), "{spans:?}");
        for pair in spans.windows(2) {
            assert!(pair[0].ended_at.is_some_and(|end| end <= pair[1].started_at), "{pair:?}");
        }
    }
}

/// G6, G7: the time logged in is that of all channels together, each moment counted once.
fn the_agent_as_a_whole_is_there_while_on_any_channel(whole: &AgentRecord) {
    let union = |spans: &[AgentSpan]| -> (i64, bool) {
        let mut times: Vec<_> = spans.iter().map(|span| (span.started_at, span.ended_at)).collect();
        times.sort();
        let (mut until, mut sum) = (EpochMs(0), 0);
        for (from, to) in times.iter().filter_map(|(from, to)| Some((*from, (*to)?))) {
            sum += (to.0 - from.0.max(until.0)).max(0);
            until = until.max(to);
        }
        (sum, spans.iter().any(|span| span.ended_at.is_none()))
    };
    let on_channels = union(&whole.on_channels);
    let as_a_whole = union(&whole.as_a_whole);
    assert_eq!(on_channels.1, as_a_whole.1);
    // What is open overlaps what is not: the closed spans of other channels are under it.
    if !on_channels.1 {
        assert_eq!(on_channels, as_a_whole);
    }
}

/// What the wallboard takes from the last event of a channel is what the night finds open there.
fn the_last_event_says_what_is_open(events: &[AgentEvent], as_of: EpochMs, whole: &AgentRecord) {
    let last = events.iter().max_by_key(|event| event.position);
    let Some((last, status)) = last.and_then(|last| Some((last, last.status?))) else { return };
    if as_of - last.position.at > SILENCE_MS {
        return;
    }
    let open = whole.on_channels.iter().filter(|span| span.ended_at.is_none());
    let mut open = open.filter(|span| span.channel == last.channel);
    match open.next() {
        Some(span) if !last.is_login => assert_eq!(span.status, status),
        Some(_) | None => {}
    }
}

fn any_agent_event() -> impl Strategy<Value = AgentEvent> {
    let statuses: Vec<AgentStatus> = AgentStatus::ALL.to_vec();
    let channels = [None, None, Some(ChannelKind::Telephony), Some(ChannelKind::Chat)];
    let id = |prefix: &'static str| {
        prop::option::of((1..3u8).prop_map(move |n| Id::new(&format!("{prefix}{n}")).unwrap()))
    };
    let times = prop_oneof![(0..40i64).prop_map(|n| n * 250), 0..200_000_000i64];
    (
        (times, prop::option::of(prop::sample::select(statuses))),
        prop::sample::select(channels.to_vec()),
        (id("C"), id("T"), prop::bool::weighted(0.1)),
        any::<u64>(),
    )
        .prop_map(|((at, status), channel, (idle_code, task, is_login), identity)| {
            AgentEvent {
                position: Position {
                    at: EpochMs(1_700_000_000_000 + at),
                    rank: 16,
                    identity: Identity(identity.into()),
                },
                is_login,
                channel,
                status: match (is_login, status) {
                    (true, None | Some(AgentStatus::LoggedOut)) => Some(AgentStatus::Idle),
                    (_, status) => status,
                },
                idle_code,
                task,
            }
        })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_agents_history_obeys_the_laws(
        events in prop::collection::vec(any_agent_event(), 0..40),
        as_of in 0..250_000_000i64,
    ) {
        check_agent_laws(&events, EpochMs(1_700_000_000_000 + as_of));
    }
}
