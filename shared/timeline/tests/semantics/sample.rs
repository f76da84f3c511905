//! The real sample of the thread: golden, and in every order of arrival.

use expect_test::{Expect, expect};
use task_timeline::*;
use webhook::Webhook;

use crate::laws::check_laws;
use crate::script::{OPTIONS, deliveries};

const NORMAL: &str = include_str!("../../../fixtures/sample/webhooks/normal-callback.ndjson");
const RONAS: &str =
    include_str!("../../../fixtures/sample/webhooks/callback-with-multiple-ronas.ndjson");

fn events(ndjson: &str) -> Vec<Event> {
    ndjson.lines().map(|line| Webhook::parse(line.as_bytes()).unwrap().event).collect()
}

fn clock(at: EpochMs) -> String {
    let seconds = at.0.rem_euclid(86_400_000) / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

fn check(ndjson: &str, expect: Expect) {
    let events = events(ndjson);
    check_laws(&events);
    let History { figures, record, .. } = History::fold(deliveries(&events), &OPTIONS);
    let figures = figures.unwrap();
    let mut out = String::new();
    for segment in &record.segments {
        let outcome = match segment.phase {
            Phase::Offered => record.offers[segment.offer.unwrap() as usize].outcome.name(),
            _ if segment.basis == Basis::Inferred => "inferred",
            _ => "",
        };
        let line = format!(
            "{:<14} {}  {} {:>5} s  {outcome}",
            segment.phase.name(),
            clock(segment.started_at),
            clock(segment.ended_at.unwrap()),
            segment.duration_ms().unwrap() / 1_000,
        );
        out += line.trim_end();
        out += "\n";
    }
    out += &format!(
        "ended {}, {}, {} s; {} false ends\nnaive: ended {}, {}, live wait {:?}, talk {:?}\n",
        clock(figures.ended_at.unwrap()),
        figures.outcome.name(),
        figures.total_ms() / 1_000,
        figures.false_ends,
        clock(figures.naive.ended_at.unwrap()),
        figures.naive.outcome.name(),
        figures.naive.live_wait_ms,
        figures.naive.talk_ms,
    );
    expect.assert_eq(&out);
}

#[test]
fn normal_callback() {
    check(
        NORMAL,
        expect![[r#"
        self_service   21:06:51  21:07:08    17 s
        callback_wait  21:07:08  21:22:54   946 s  inferred
        offered        21:22:54  21:22:57     3 s  answered
        dialing        21:22:57  21:23:05     8 s
        talking        21:23:05  21:28:13   308 s
        ended 21:28:13, handled, 1282 s; 0 false ends
        naive: ended 21:28:13, handled, live wait Some(946000), talk Some(316000)
    "#]],
    );
}

#[test]
fn callback_with_multiple_ronas() {
    check(
        RONAS,
        expect![[r#"
        self_service   18:34:03  18:34:45    42 s
        callback_wait  18:34:45  18:49:28   883 s  inferred
        offered        18:49:28  18:49:44    16 s  no_answer
        callback_wait  18:49:44  18:52:19   155 s
        offered        18:52:19  18:52:35    16 s  no_answer
        callback_wait  18:52:35  18:52:51    16 s
        offered        18:52:51  18:53:07    16 s  no_answer
        callback_wait  18:53:07  18:54:03    56 s
        offered        18:54:03  18:54:19    16 s  no_answer
        callback_wait  18:54:19  18:54:47    28 s
        offered        18:54:47  18:54:49     2 s  answered
        dialing        18:54:49  18:55:05    16 s
        talking        18:55:05  18:58:02   177 s
        ended 18:58:02, handled, 1439 s; 4 false ends
        naive: ended 18:49:44, failed, live wait Some(883000), talk None
    "#]],
    );
}

#[test]
fn every_permutation_of_seven_events_is_the_same_history() {
    for trace in [events(NORMAL), events(RONAS)] {
        for window in [&trace[..7], &trace[trace.len() - 7..]] {
            let expected = History::fold(deliveries(window), &OPTIONS);
            let mut seen = 0;
            permute(&mut window.to_vec(), 0, &mut |permutation| {
                assert_eq!(History::fold(deliveries(permutation), &OPTIONS), expected);
                seen += 1;
            });
            assert_eq!(seen, 5_040);
        }
    }
}

fn permute(events: &mut [Event], from: usize, visit: &mut impl FnMut(&[Event])) {
    if from == events.len() {
        return visit(events);
    }
    for at in from..events.len() {
        events.swap(from, at);
        permute(events, from + 1, visit);
        events.swap(from, at);
    }
}
