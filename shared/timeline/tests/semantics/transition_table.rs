//! `docs/transitions.md` and `docs/stages.md`, made from the code: every event in every stage.
//!
//! A change of behaviour shows as a change of these files. To write them anew:
//! `UPDATE_EXPECT=1 cargo test -p task-timeline`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use expect_test::expect_file;
use task_timeline::*;

use crate::script::{OPTIONS, events};

/// How a task comes into each stage: a name and a script. The event that is tried comes at 100 s.
const STAGES: [(&str, &str); 20] = [
    ("not started", ""),
    ("self-service", "0 new"),
    ("self-service, callback asked for", "0 signal \n 1 new"),
    ("queued", "0 new \n 10 parked Q1"),
    ("callback wait", "0 new \n 10 parked Q1 \n 20 signal"),
    ("outbound queued", "0 new outdial \n 10 parked Q1 outdial"),
    ("ringing", "0 new \n 10 parked Q1 \n 30 connect Q1"),
    ("ringing, on an outdial", "0 new outdial \n 30 connect outdial"),
    ("ringing, on a callback", "0 new \n 10 parked Q1 \n 20 signal \n 30 connect Q1 callback"),
    (
        "dialing",
        "0 new \n 10 parked Q1 \n 20 signal \n 30 connect Q1 callback \n 40 connected Q1 callback",
    ),
    (
        "dialing, failed",
        "0 new \n 10 parked Q1 \n 20 signal \n 30 connect Q1 callback \n 40 connected Q1 callback \n
         50 dial-failed",
    ),
    (
        "dialing, picked up",
        "0 new \n 10 parked Q1 \n 20 signal \n 30 connect Q1 callback \n 40 connected Q1 callback \n
         50 agent A1 connected",
    ),
    ("talking", "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 40.1 agent A1 connected"),
    (
        "on hold",
        "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 40.1 agent A1 connected \n
         50 on-hold",
    ),
    (
        "talking, agent left",
        "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 40.1 agent A1 connected \n
         60 agent A1 wrapup",
    ),
    (
        "after talk",
        "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 40.1 agent A1 connected \n
         60 agent A1 wrapup \n 70 hold-done",
    ),
    (
        "conferencing",
        "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 40.1 agent A1 connected \n
         50 conferencing",
    ),
    ("recorded", "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 60 capture"),
    ("given up", "0 new \n 10 parked Q1 \n 20 signal \n 60 dial-failed final"),
    ("ended", "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n 60 ended System Not_Found"),
];

/// The events that are tried, as a script writes them.
const EVENTS: [(&str, &str); 47] = [
    ("task:new", "new"),
    ("task:origin-updated", "origin-updated"),
    ("trueline:callback-requested", "signal Q1"),
    ("trueline:callback-failed", "dial-failed"),
    ("trueline:callback-failed, final", "dial-failed final"),
    ("task:parked", "parked Q1"),
    ("task:parked of a courtesy callback", "parked Q1 callback"),
    ("task:connect, INBOUND", "connect Q1"),
    ("task:connect without a direction", "connect Q1 undirected"),
    ("task:connect of a courtesy callback", "connect Q1 callback"),
    ("task:connected, INBOUND", "connected Q1"),
    ("task:connected of a courtesy callback", "connected Q1 callback"),
    ("task:on-hold", "on-hold"),
    ("task:hold-done", "hold-done"),
    ("task:consulting", "consulting"),
    ("task:consult-done", "consult-done"),
    ("task:conferencing", "conferencing"),
    ("task:conference-done", "conference-done"),
    ("task:conference-transferred", "conference-transferred"),
    ("task:customer-left", "customer-left"),
    ("task:join-conference", "join-conference A2"),
    ("task:exit-conference", "exit-conference A1"),
    ("task:owner-changed", "owner-changed A2"),
    ("task:primary-owner-left", "primary-owner-left A1"),
    ("task:ended, the customer hung up", "ended Customer Customer_Left"),
    ("task:ended, the agent hung up", "ended Agent Agent_Left"),
    ("task:ended, an agent-side reason", "ended System RONA_TIMER_EXPIRED"),
    ("task:ended, INVALID_NUMBER", "ended System INVALID_NUMBER"),
    ("task:ended, any other reason", "ended System Queue_Timeout"),
    ("task:failed", "failed"),
    ("capture:available", "capture"),
    ("agent: ringing", "agent A1 ringing"),
    ("agent: connected", "agent A1 connected"),
    ("agent: not-responding", "agent A1 not-responding"),
    ("agent: on-hold", "agent A1 on-hold"),
    ("agent: hold-done", "agent A1 hold-done"),
    ("agent: consulting", "agent A1 consulting"),
    ("agent: consult-done", "agent A1 consult-done"),
    ("agent: conferencing", "agent A1 conferencing"),
    ("agent: conference-done", "agent A1 conference-done"),
    ("agent: wrapup", "agent A1 wrapup"),
    ("agent: wrapup-done", "agent A1 wrapup-done"),
    ("agent: idle", "agent A1 idle"),
    ("agent: available", "agent A1 available"),
    ("agent: logged-out", "agent A1 logged-out"),
    ("task-message:appended", "message"),
    ("any unknown type", "levitated"),
];

/// What an event did.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Effect {
    stage: String,
    offer: String,
    ledger: String,
}

/// The name of a stage; a new one has to be named here, and then to be tried above.
fn stage_name(timeline: &Timeline) -> String {
    let talk = |brackets: &Brackets| match (brackets.conference, brackets.consult, brackets.hold) {
        (true, _, _) => "conferencing",
        (false, true, _) => "consulting",
        (false, false, true) => "on hold",
        (false, false, false) => "talking",
    };
    let is_pending = timeline
        .figures(&OPTIONS)
        .is_some_and(|figures| figures.callback == CallbackOutcome::Pending);
    let callback = |stage: &str, note: &str| match is_pending {
        true => format!("{stage}, {note}"),
        false => stage.to_owned(),
    };
    let direction = timeline.figures(&OPTIONS).and_then(|figures| figures.direction);
    match timeline.stage() {
        Stage::NotStarted => "not started".to_owned(),
        Stage::SelfService => callback("self-service", "callback asked for"),
        Stage::Queued => "queued".to_owned(),
        Stage::CallbackWait => "callback wait".to_owned(),
        Stage::OutboundQueued => "outbound queued".to_owned(),
        Stage::Ringing if direction == Some(Direction::Outbound) && !is_pending => {
            "ringing, on an outdial".to_owned()
        }
        Stage::Ringing => callback("ringing", "on a callback"),
        Stage::Dialing { result: None, .. } => "dialing".to_owned(),
        Stage::Dialing { result: Some(DialResult::PickedUp(_)), .. } => {
            "dialing, picked up".to_owned()
        }
        Stage::Dialing { result: Some(DialResult::Failed(_)), .. } => "dialing, failed".to_owned(),
        Stage::WithAgent { brackets, agent_left: None } => talk(brackets).to_owned(),
        Stage::WithAgent { brackets, agent_left: Some(_) } => {
            format!("{}, agent left", talk(brackets))
        }
        Stage::AfterTalk => "after talk".to_owned(),
        Stage::EndInferred { before: BeforeEnd::WithAgent(_) | BeforeEnd::AfterTalk, .. } => {
            "recorded".to_owned()
        }
        Stage::EndInferred {
            before: BeforeEnd::CallbackWait | BeforeEnd::Dialing { .. }, ..
        } => "given up".to_owned(),
        Stage::Ended(_) => "ended".to_owned(),
    }
}

/// The outcomes of all offers as they stand.
fn offers(timeline: &Timeline, record: &Record) -> Vec<OfferOutcome> {
    let mut record = record.clone();
    timeline.clone().finish(&OPTIONS, &mut record);
    record.offers.iter().map(|offer| offer.outcome).collect()
}

fn reach(script: &str) -> (Timeline, Record) {
    let (mut timeline, mut record) = (Timeline::default(), Record::default());
    let mut reached = events(script);
    reached.sort_by_key(Event::position);
    for event in &reached {
        timeline.apply(event, Limits::default(), &mut record);
    }
    (timeline, record)
}

fn effect(stage: &str, event: &str, at: &str) -> Option<Effect> {
    let (before, record) = reach(stage);
    let (offers_before, ledger_before) = (offers(&before, &record), record.corrections.len());
    let (mut after, mut record) = (before.clone(), record);
    for event in events(&format!("{at} {event}")) {
        after.apply(&event, Limits::default(), &mut record);
    }
    let offers_after = offers(&after, &record);
    let offer = match (offers_before.len() == offers_after.len(), offers_after.last()) {
        (false, _) => {
            let before = offers_before.last().filter(|&&outcome| outcome == OfferOutcome::Open);
            let closed = before.and_then(|_| offers_after.iter().rev().nth(1));
            let closed = closed.map(|outcome| format!("{}, then ", outcome.name()));
            format!("{}a new one", closed.unwrap_or_default())
        }
        (true, now) if now != offers_before.last() => now.map_or("", |it| it.name()).to_owned(),
        (true, _) => String::new(),
    };
    let rules: Vec<&str> =
        record.corrections[ledger_before..].iter().map(|row| row.rule.name()).collect();
    let effect = Effect { stage: stage_name(&after), offer, ledger: rules.join(", ") };
    let nothing =
        Effect { stage: stage_name(&before), offer: String::new(), ledger: String::new() };
    (effect != nothing).then_some(effect)
}

/// What an event does in each stage; `None` where it has no effect.
type Row = Vec<(&'static str, Option<Effect>)>;

/// What all events do in all stages, by event.
fn table() -> Vec<(&'static str, Row)> {
    let in_each_stage = |event: &str| {
        STAGES.iter().map(|(name, script)| (*name, effect(script, event, "100"))).collect()
    };
    EVENTS.iter().map(|(name, event)| (*name, in_each_stage(event))).collect()
}

#[test]
fn the_stages_are_what_they_are_called() {
    for (name, script) in STAGES {
        assert_eq!(stage_name(&reach(script).0), name);
    }
}

#[test]
fn every_type_and_every_agent_state_is_tried() {
    let tried: String = EVENTS.iter().map(|(_, event)| format!("0 {event}\n")).collect();
    let tried = events(&tried);
    let kinds: BTreeSet<&str> = tried.iter().map(|event| event.kind.name()).collect();
    // They have the effect of another type by the same arm.
    let alike = [
        "agent:state_change",
        "agent:channelType_state_change",
        "agent:login",
        "agent:logout",
        "task-message:appended",
        "task-message:append-failed",
        "campaign:contact-disposition",
        "flow:error",
    ];
    for kind in EventType::NAMED {
        assert!(kinds.contains(kind.name()) || alike.contains(&kind.name()), "{}", kind.name());
    }
    let states: BTreeSet<_> = tried.iter().filter_map(|event| event.details.agent_state).collect();
    for state in AgentState::NAMED {
        assert!(states.contains(state), "{}", state.name());
    }
}

#[test]
fn transitions_are_documented() {
    let mut out = String::from(
        "# Transitions\n\n\
         Made from the code by a test (`shared/timeline/tests/semantics/transition_table.rs`), which\n\
         fails when this page is stale. [semantics.md](semantics.md) has the rules, and\n\
         [stages.md](stages.md) draws the stages.\n\n\
         Each event comes 30 s or more after the one before it. A row says in which stage the task is\n\
         then, how its last offer stands if that changed, and which rules of the ledger have a new\n\
         row. *Picked up*, *failed* and *agent left* wait for the next event to be decided (T9, T27,\n\
         T22). A pending callback is named with the stages where it matters.\n",
    );
    let mut alike: Vec<(Vec<&str>, String)> = Vec::new();
    for (event, rows) in table() {
        let mut text = String::new();
        let (effective, without): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|(_, effect)| effect.is_some());
        if !effective.is_empty() {
            text += "| stage | then | offer | ledger |\n|---|---|---|---|\n";
        }
        for (stage, effect) in &effective {
            let Some(Effect { stage: then, offer, ledger }) = effect else { continue };
            let _infallible = writeln!(text, "| {stage} | {then} | {offer} | {ledger} |");
        }
        let without: Vec<&str> = without.into_iter().map(|(stage, _)| stage).collect();
        match (effective.is_empty(), without.is_empty()) {
            (true, _) => text += "No effect in any stage.\n",
            (false, false) => {
                let _infallible = write!(text, "\nNo effect: {}.\n", without.join("; "));
            }
            (false, true) => {}
        }
        match alike.iter_mut().find(|(_, other)| *other == text) {
            Some((events, _)) => events.push(event),
            None => alike.push((vec![event], text)),
        }
    }
    for (events, text) in alike {
        let _infallible = write!(out, "\n## {}\n\n{text}", events.join(" · "));
    }
    out += &stragglers();
    expect_file!["../../../../docs/transitions.md"].assert_eq(&out);
}

/// The same events within a second after a hang-up.
fn stragglers() -> String {
    let hang_up = "0 new \n 10 parked Q1 \n 30 connect Q1 \n 40 connected Q1 \n
                   60 ended Customer Customer_Left";
    let mut out = String::from("\n## Within 1 s after a hang-up (T19)\n\n");
    let changing: Vec<&str> = EVENTS
        .iter()
        .filter(|(_, event)| effect(hang_up, event, "60.5").is_some())
        .map(|(name, _)| *name)
        .collect();
    let _infallible = writeln!(
        out,
        "Events that change anything then: {}.",
        if changing.is_empty() { "none".to_owned() } else { changing.join("; ") }
    );
    out
}

/// The stages of a task that is not over.
const LIVE: [&str; 8] = [
    "self_service",
    "queued",
    "callback_wait",
    "outbound_queued",
    "ringing",
    "dialing",
    "with_agent",
    "after_talk",
];

/// Stands for all of them in the graph.
const ANY_LIVE: &str = "any_live_stage";

#[test]
fn the_graph_of_stages_is_documented() {
    let mut out = String::from(
        "# Stages\n\n\
         Made from the code by the test that makes [transitions.md](transitions.md): which events\n\
         lead from one stage to another. *with_agent* stands for talking, on hold, consulting and\n\
         conferencing, *any_live_stage* for all stages but *not_started*, *recorded*, *given_up*\n\
         and *ended*.\n\
         Any task event starts a task; then it has the effect that it has in self-service.\n\n\
         ```mermaid\nstateDiagram-v2\n    [*] --> not_started\n",
    );
    let mut edges: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for ((event, to), from) in sources() {
        let is_from_any = LIVE.iter().all(|live| from.contains(*live) || *live == to);
        let is_live = LIVE.contains(&to.as_str());
        for from in from {
            let (from, to) = match (LIVE.contains(&from.as_str()), is_live) {
                (true, _) if is_from_any => (ANY_LIVE.to_owned(), to.clone()),
                (false, true) if from != "not_started" => (from, ANY_LIVE.to_owned()),
                _ => (from, to.clone()),
            };
            let events = edges.entry((from, to)).or_default();
            if !events.contains(&event) {
                events.push(event);
            }
        }
    }
    for ((from, to), events) in edges {
        let _infallible = writeln!(out, "    {from} --> {to}: {}", events.join(", "));
    }
    out += "```\n";
    expect_file!["../../../../docs/stages.md"].assert_eq(&out);
}

/// From which stages an event leads to another one.
fn sources() -> BTreeMap<(&'static str, String), BTreeSet<String>> {
    let mut sources: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for (event, rows) in table() {
        for (from, effect) in rows {
            let Some(effect) = effect else { continue };
            let label = match (from, event) {
                // What any task event does: it starts the task, and then has its effect.
                ("not started" | "self-service, callback asked for", _) if event != "task:new" => {
                    continue;
                }
                // What an agent event suggested is decided: an event without an effect shows it.
                ("talking, agent left", "task:hold-done") => "agent wrapup (T22)",
                ("dialing, picked up", "task:hold-done") => "agent connected (T9)",
                ("dialing, failed", "task:hold-done") => "callback-failed (T27)",
                ("talking, agent left" | "dialing, picked up" | "dialing, failed", _) => continue,
                _ => short(event),
            };
            let (from, to) = (node(from), node(&effect.stage));
            if from != to {
                sources.entry((label, to)).or_default().insert(from);
            }
        }
    }
    sources
}

/// An event as a label at an edge, which can hold no colon.
fn short(event: &'static str) -> &'static str {
    match event {
        "trueline:callback-requested" => "callback-requested",
        "task:parked of a courtesy callback" => "parked (courtesy callback)",
        event if event.starts_with("task:connect,") => "connect",
        event if event.starts_with("task:connect ") => "connect",
        event if event.starts_with("task:connected") => "connected",
        "trueline:callback-failed, final" => "callback-failed (final)",
        "task:ended, an agent-side reason" => "ended (agent-side reason)",
        "capture:available" => "recording",
        event if event.starts_with("task:ended") => "ended",
        event => event.trim_start_matches("task:"),
    }
}

/// The node of a stage: without what waits to be decided, and without the kind of talk.
fn node(stage: &str) -> String {
    let stage = stage.split(',').next().unwrap_or(stage);
    match stage {
        "talking" | "on hold" | "consulting" | "conferencing" => "with_agent".to_owned(),
        stage => stage.replace([' ', '-'], "_"),
    }
}
