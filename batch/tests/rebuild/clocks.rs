//! I9: one event with a wrong clock changes no other task.

use jiff::Timestamp;
use serde_json::Value;
use task_timeline::EpochMs;

use crate::job::{Run, archive, run, run_at};
use crate::own_format::parquet;
use crate::report::{block, page};

/// When the calls come in. They are still open.
const CALLED: i64 = 1_790_000_000_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;
/// 2099-01-01.
const WRONG: i64 = 4_070_908_800_000;

/// An event of a type, of a task that is its organization's only one.
fn body(org: &str, kind: &str, at: i64, sent: Option<i64>) -> String {
    let sent = sent.map_or(String::new(), |sent| format!(r#""comciscotimestamp":{sent},"#));
    format!(
        r#"{{"type":"{kind}","comciscoorgid":"{org}",{sent}"data":{{"taskId":"{org}-1","createdTime":{at}}}}}"#
    )
}

/// A call that waits, and one event of another organization at `wrong`.
fn bodies(wrong: i64, sent: impl Fn(i64) -> Option<i64>) -> [String; 3] {
    [
        body("org", "task:new", CALLED, sent(CALLED)),
        body("org", "task:parked", CALLED + MINUTE, sent(CALLED + MINUTE)),
        body("other", "task:new", wrong, sent(CALLED)),
    ]
}

/// As-of time, clocks ahead, and the outcomes of both tasks.
fn figures(run: &Run) -> (i64, Value, Vec<Value>) {
    let receipt = run.receipt();
    let as_of: Timestamp = receipt["options"]["as_of"].as_str().unwrap().parse().unwrap();
    let outcomes = run.rows("tasks.parquet").into_iter().map(|task| task["outcome"].clone());
    (as_of.as_millisecond(), receipt["counts"]["clock_ahead"].clone(), outcomes.collect())
}

/// The figures of an archive with these bodies, a day after the calls.
fn figures_of(bodies: &[String], options: &[&str]) -> (i64, Value, Vec<Value>) {
    let events = archive(&[("a.ndjson", bodies.join("\n").as_bytes())]);
    figures(&run_at(EpochMs(CALLED + DAY), events.path(), options))
}

#[test]
fn a_clock_that_is_ahead_presumes_no_task_ended() {
    let expected = (CALLED + MINUTE, 1.into(), vec!["open".into(), "open".into()]);
    // By the dispatch, whatever is known besides; else by the time of the run.
    let dispatched = bodies(WRONG, Some);
    assert_eq!(figures_of(&dispatched, &[]), expected);
    let unknown = bodies(WRONG, |_| None);
    assert_eq!(figures_of(&unknown, &[]), expected);
    let sent_wrong = [&dispatched[..2], &[body("other", "task:new", WRONG, Some(WRONG))]].concat();
    assert_eq!(figures_of(&sent_wrong, &[]), expected);
    let rows = "type,taskId,createdTime,orgId\n\
        task:new,org-1,1790000000000,org\n\
        task:parked,org-1,1790000060000,org\n\
        task:new,other-1,2099-01-01 00:00:00,other\n";
    let rows = archive(&[("a.csv", rows.as_bytes())]);
    assert_eq!(figures(&run_at(EpochMs(CALLED + DAY), rows.path(), &[])), expected);
    // By the arrival.
    let arrived = parquet(unknown.iter().map(|body| (EpochMs(CALLED + 2 * MINUTE), body.as_str())));
    let arrived = archive(&[("a.parquet", &arrived)]);
    assert_eq!(figures(&run(arrived.path(), &[])), expected);
}

#[test]
fn the_event_itself_is_kept_and_shown_in_report_and_summary() {
    let events = archive(&[("a.ndjson", bodies(WRONG, Some).join("\n").as_bytes())]);
    let run = run(events.path(), &[]);
    let tasks = run.rows("tasks.parquet");
    assert_eq!((&tasks[1]["org_id"], &tasks[1]["started_at"]), (&"other".into(), &WRONG.into()));
    assert!(run.summary().contains("1 deliveries dated long after"), "{}", run.summary());
    assert_eq!(block(&page(&run), "data")["receipt"]["counts"]["clock_ahead"], 1);
}

#[test]
fn a_clock_that_is_ahead_moves_no_agent() {
    let says = |state: &str, at: i64| {
        format!(
            r#"{{"type":"agent:state_change","comciscoorgid":"org","comciscotimestamp":{CALLED},"data":{{"agentId":"a","currentState":"{state}","createdTime":{at}}}}}"#
        )
    };
    let bodies = [says("idle", CALLED), says("available", WRONG), says("ringing", CALLED + MINUTE)];
    let events = archive(&[("a.ndjson", bodies.join("\n").as_bytes())]);
    let run = run(events.path(), &[]);
    let states = run.rows("agent_states.parquet");
    let states: Vec<&Value> = states.iter().map(|row| &row["state"]).collect();
    assert_eq!(states, ["idle", "ringing"]);
    assert_eq!(figures(&run), (CALLED + MINUTE, 1.into(), vec![]));
}

#[test]
fn five_minutes_are_forgiven_and_being_late_is_no_fault() {
    let sent = |_| Some(CALLED);
    for (wrong, as_of, ahead) in [
        (CALLED + 5 * MINUTE, CALLED + 5 * MINUTE, 0),
        (CALLED + 5 * MINUTE + 1, CALLED + MINUTE, 1),
        (CALLED - DAY, CALLED + MINUTE, 0),
    ] {
        let (found, count, _) = figures_of(&bodies(wrong, sent), &[]);
        assert_eq!((found, count), (as_of, ahead.into()), "{wrong}");
    }
}

#[test]
fn an_as_of_time_that_is_given_wins_and_a_wrong_clock_is_better_than_none() {
    let given = ["--as-of", "2026-12-01T00:00:00Z"];
    let (as_of, count, outcomes) = figures_of(&bodies(WRONG, Some), &given);
    assert_eq!((as_of, count), (1_796_083_200_000, 1.into()));
    assert_eq!(outcomes, ["presumed_ended", "open"]);
    let alone = [body("other", "task:new", WRONG, Some(CALLED))];
    assert_eq!(figures_of(&alone, &[]), (WRONG, 1.into(), vec!["open".into()]));
}

#[test]
fn a_day_in_the_future_is_not_the_newest_day_of_the_archive() {
    let folder = |at: i64| {
        let date = Timestamp::from_millisecond(at).unwrap().strftime("%F").to_string();
        format!("date={date}/a.parquet")
    };
    let object = |body: &str| parquet([(EpochMs(CALLED), body)].into_iter());
    let (old, newest) = (CALLED - 40 * DAY, CALLED - MINUTE);
    let objects = [
        (folder(old), object(&body("old", "task:new", old, None))),
        (folder(newest), object(&body("new", "task:new", newest, None))),
        (folder(WRONG), object(&body("wrong", "task:new", WRONG, None))),
    ];
    let files = objects.each_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let period = ["--to", "2026-08-20"];
    let run = run_at(EpochMs(CALLED + DAY), archive(&files).path(), &period);
    assert_eq!(figures(&run), (newest, 0.into(), vec!["presumed_ended".into()]));
    assert_eq!(run.receipt()["counts"]["skipped_days"], 1);
}
