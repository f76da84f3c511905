//! Agents in the tables: a small archived day, counted by hand, and what holds on any archive.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::{Expect, expect};
use generate_archive::{Archive, Options};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::job::{Run, archive, run};

/// 2026-03-02T09:00:00Z, a Monday.
const NINE: i64 = 1_772_442_000_000;
const HALF_HOUR: i64 = 1_800_000;

/// A webhook body: seconds after nine, type, and the members of `data`, as `key=value`.
fn body(line: &str) -> String {
    let mut words = line.split_whitespace();
    let seconds: i64 = words.next().unwrap().parse().unwrap();
    let what = words.next().unwrap();
    let mut data = json!({ "createdTime": NINE + seconds * 1_000 });
    for word in words {
        let (key, value) = word.split_once('=').unwrap();
        data[key] = json!(value.replace('_', " "));
    }
    json!({"type": what, "comciscoorgid": "org", "data": data}).to_string()
}

fn rebuilt(script: &str, options: &[&str]) -> Run {
    let lines: Vec<String> =
        script.lines().map(str::trim).filter(|line| !line.is_empty()).map(body).collect();
    run(archive(&[("day.ndjson", lines.join("\n").as_bytes())]).path(), options)
}

/// Some columns of a table, one row per line; instants in seconds after nine.
fn check(run: &Run, table: &str, names: &[&str], expect: Expect) {
    let mut out = String::new();
    for row in run.rows(table) {
        let cells = names.iter().map(|name| match (&row[*name], *name) {
            (Value::Null, _) => "-".to_owned(),
            (at, "interval_start" | "started_at" | "ended_at") => {
                ((at.as_i64().unwrap() - NINE) / 1_000).to_string()
            }
            (Value::String(text), _) => text.clone(),
            (value, _) => value.to_string(),
        });
        let line: Vec<String> = cells.map(|cell| format!("{cell:<9}")).collect();
        let _infallible = writeln!(out, "{}", line.join(" ").trim_end());
    }
    expect.assert_eq(&out);
}

/// A call that Ann answers and one that rings out at her; she is on the phone and on chat. Events of
/// the first version tell of Bob, who was logged in when the archive begins.
const DAY: &str = "
    0    agent:login                agentId=ann
    1    agent:channel_state_change agentId=ann channelType=telephony currentState=idle idleCodeId=start
    60   agent:channel_state_change agentId=ann channelType=telephony currentState=available
    60   agent:channel_state_change agentId=ann channelType=chat currentState=available
    100  task:parked                taskId=t1 queueId=sales channelType=telephony direction=INBOUND
    110  task:connect               taskId=t1 queueId=sales channelType=telephony direction=INBOUND
    110  agent:channel_state_change agentId=ann channelType=telephony currentState=ringing taskId=t1
    115  task:connected             taskId=t1 queueId=sales channelType=telephony direction=INBOUND
    115  agent:channel_state_change agentId=ann channelType=telephony currentState=connected taskId=t1
    215  task:ended                 taskId=t1 reason=Customer_Left terminatingParty=Customer
    215  agent:channel_state_change agentId=ann channelType=telephony currentState=wrapup taskId=t1
    235  agent:channel_state_change agentId=ann channelType=telephony currentState=wrapup-done taskId=t1
    300  agent:state_change         agentId=bob currentState=available
    1700 task:parked                taskId=t2 queueId=sales channelType=telephony direction=INBOUND
    1790 task:connect               taskId=t2 queueId=sales channelType=telephony direction=INBOUND
    1790 agent:channel_state_change agentId=ann channelType=telephony currentState=ringing taskId=t2
    1806 task:parked                taskId=t2 queueId=sales channelType=telephony direction=INBOUND
    1806 task:ended                 taskId=t2 reason=RONA_TIMER_EXPIRED
    1806 agent:channel_state_change agentId=ann channelType=telephony currentState=not-responding taskId=t2
    1850 agent:channel_state_change agentId=ann channelType=telephony currentState=idle idleCodeId=lunch
    1900 agent:channel_state_change agentId=ann channelType=chat currentState=idle idleCodeId=lunch
    2000 task:connect               taskId=t2 queueId=sales channelType=telephony direction=INBOUND
    2010 task:ended                 taskId=t2 reason=Customer_Left terminatingParty=Customer
    2100 agent:logout               agentId=ann
    2400 agent:state_change         agentId=bob currentState=idle
";

/// G1 to G6.
#[test]
fn states_are_rows_by_agent_and_channel() {
    check(
        &rebuilt(DAY, &[]),
        "agent_states.parquet",
        &["agent_id", "channel", "seq", "state", "started_at", "ended_at", "idle_code", "task_id"],
        expect![[r#"
            ann       -         0         idle      0         1         -         -
            ann       telephony 0         idle      1         60        start     -
            ann       telephony 1         available 60        110       -         -
            ann       telephony 2         ringing   110       115       -         t1
            ann       telephony 3         connected 115       215       -         t1
            ann       telephony 4         wrapup    215       235       -         t1
            ann       telephony 5         available 235       1790      -         -
            ann       telephony 6         ringing   1790      1806      -         t2
            ann       telephony 7         not_responding 1806      1850      -         t2
            ann       telephony 8         idle      1850      2100      lunch     -
            ann       chat      0         available 60        1900      -         -
            ann       chat      1         idle      1900      2100      lunch     -
            bob       -         0         available 300       2400      -         -
            bob       -         1         idle      2400      -         -         -
        "#]],
    );
}

/// G7, G8, G9.
#[test]
fn half_hours_sum_up_what_an_agent_did() {
    let run = rebuilt(DAY, &[]);
    let table = "agent_intervals.parquet";
    let key = ["agent_id", "channel", "interval_start"];
    let states = ["logged_in_ms", "available_ms", "idle_ms", "idle_codes", "idle_code_ms"];
    check(
        &run,
        table,
        &[&key[..], &states].concat(),
        expect![[r#"
        -         all       1800      0         0         0         []        []
        -         telephony 1800      0         0         0         []        []
        ann       all       0         1800000   1605000   60000     ["start"] [60000]
        ann       all       1800      300000    50000     200000    ["lunch"] [200000]
        ann       chat      0         1740000   1740000   0         []        []
        ann       chat      1800      300000    100000    200000    ["lunch"] [200000]
        ann       telephony 0         1799000   1605000   59000     ["start"] [59000]
        ann       telephony 1800      300000    0         250000    ["lunch"] [250000]
        bob       all       0         1500000   1500000   0         []        []
        bob       all       1800      600000    600000    0         []        []
    "#]],
    );
    let busy = ["ringing_ms", "talk_ms", "wrapup_ms", "not_responding_ms", "occupancy"];
    check(
        &run,
        table,
        &[&key[..], &busy].concat(),
        expect![[r#"
        -         all       1800      0         0         0         0         -
        -         telephony 1800      0         0         0         0         -
        ann       all       0         15000     100000    20000     0         0.07758620689655173
        ann       all       1800      6000      0         0         44000     0.06
        ann       chat      0         0         0         0         0         0.0
        ann       chat      1800      0         0         0         0         0.0
        ann       telephony 0         15000     100000    20000     0         0.07758620689655173
        ann       telephony 1800      6000      0         0         44000     0.12
        bob       all       0         0         0         0         0         0.0
        bob       all       1800      0         0         0         0         0.0
    "#]],
    );
    let offers = ["offers", "answered", "rona", "declined", "handled"];
    check(
        &run,
        table,
        &[&key[..], &offers].concat(),
        expect![[r#"
        -         all       1800      1         0         0         0         0
        -         telephony 1800      1         0         0         0         0
        ann       all       0         2         1         1         0         1
        ann       all       1800      0         0         0         0         0
        ann       chat      0         0         0         0         0         0
        ann       chat      1800      0         0         0         0         0
        ann       telephony 0         2         1         1         0         1
        ann       telephony 1800      0         0         0         0         0
        bob       all       0         0         0         0         0         0
        bob       all       1800      0         0         0         0         0
    "#]],
    );
}

/// G7, G8. In this time zone a day ends at 09:30 UTC, between two offers of a task.
#[test]
fn two_periods_share_the_time_and_an_offer_counts_on_the_day_of_its_task() {
    let zone = ["--timezone", "Pacific/Marquesas"];
    let days = [["--to", "2026-03-01"], ["--from", "2026-03-02"]]
        .map(|day| rebuilt(DAY, &[zone, day].concat()).rows("agent_intervals.parquet"));
    let whole = rebuilt(DAY, &zone).rows("agent_intervals.parquet");
    for column in ["logged_in_ms", "available_ms", "idle_ms", "ringing_ms", "not_responding_ms"] {
        let [one, other] = days.each_ref().map(|rows| sums(rows, |_| true, column));
        assert_eq!(one + other, sums(&whole, |_| true, column), "{column}");
    }
    let offers = days.each_ref().map(|rows| sums(rows, |row| row["channel"] == "all", "offers"));
    assert_eq!(offers, [3, 0]);
    assert_eq!(sums(&days[0], |row| row["channel"] == "all", "logged_in_ms"), 3_300_000);
}

fn sums(rows: &[Value], key: impl Fn(&Value) -> bool, column: &str) -> i64 {
    rows.iter().filter(|row| key(row)).map(|row| row[column].as_i64().unwrap_or(0)).sum()
}

/// G7, G8: on an archive with all its oddities.
#[test]
fn sums_are_those_of_the_states_and_of_the_offers() {
    let archived = Archive::new(Options { tasks: 300, seed: 5, ..Options::default() }).unwrap();
    let lines: Vec<String> = archived.deliveries().map(|delivery| delivery.line).collect();
    let run = run(archive(&[("all.ndjson", lines.join("\n").as_bytes())]).path(), &[]);
    let states = run.rows("agent_states.parquet");
    let intervals = run.rows("agent_intervals.parquet");
    let offers = run.rows("offers.parquet");
    let as_of: Timestamp = run.receipt()["options"]["as_of"].as_str().unwrap().parse().unwrap();
    let is_all = |row: &Value| row["channel"] == "all";
    assert!(states.len() > 1_000, "{}", states.len());
    assert_eq!(sums(&intervals, is_all, "offers"), i64::try_from(offers.len()).unwrap());
    let answered = offers.iter().filter(|offer| offer["outcome"] == "answered").count();
    assert_eq!(sums(&intervals, is_all, "answered"), i64::try_from(answered).unwrap());
    let mut by_channel: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for state in states.iter().filter(|state| !state["channel"].is_null()) {
        let ended_at = state["ended_at"].as_i64().unwrap_or(as_of.as_millisecond());
        let key = (state["agent_id"].as_str().unwrap(), state["channel"].as_str().unwrap());
        *by_channel.entry(key).or_default() += ended_at - state["started_at"].as_i64().unwrap();
    }
    for ((agent, channel), ms) in by_channel {
        let of_channel = |row: &Value| row["agent_id"] == agent && row["channel"] == channel;
        assert_eq!(sums(&intervals, of_channel, "logged_in_ms"), ms, "{agent} {channel}");
    }
    for row in &intervals {
        assert!(row["logged_in_ms"].as_i64().unwrap() <= HALF_HOUR, "{row}");
        let by_code = row["idle_code_ms"].as_array().unwrap();
        let idle_ms: i64 = by_code.iter().map(|ms| ms.as_i64().unwrap()).sum();
        assert_eq!(json!(idle_ms), row["idle_ms"]);
        assert_eq!(by_code.len(), row["idle_codes"].as_array().unwrap().len());
    }
}
