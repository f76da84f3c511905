//! The story of the sample: each moment at which the webhooks are misleading or incomplete.

use anyhow::{Context, Result};
use functions::ingest_webhook::signals::Signal;
use functions::store::task_table::Partition;
use local_stack::{Trueline, Webex, accepted};
use rebuild_timelines::sample;
use serde_json::json;
use task_timeline::{EpochMs, EventType, Id, Phase};
use webhook::Webhook;

use super::background::DAY;
use crate::replay::pause;
use crate::say::say;

/// A moment at which the webhooks are misleading or incomplete.
struct Moment {
    /// The time of day, in UTC.
    time: (i64, i64, i64),
    call: usize,
    note: &'static str,
}

const fn moment(time: (i64, i64, i64), call: usize, note: &'static str) -> Moment {
    Moment { time, call, note }
}

const STORY: [Moment; 12] = [
    moment((18, 34, 30), 1, ""),
    moment((18, 40, 0), 1, "no webhook says that the caller hung up for a callback"),
    moment((18, 49, 30), 1, "now one does, and the wait before is put right"),
    moment((18, 49, 44), 1, "no agent answered; the customer is still to be called"),
    moment((18, 54, 50), 1, "the agent is on, the customer's phone rings"),
    moment((18, 55, 6), 1, ""),
    moment((18, 58, 2), 1, ""),
    moment((21, 7, 0), 0, ""),
    moment((21, 10, 0), 0, "the flow posted the callback signal at 21:07:08"),
    moment((21, 22, 55), 0, ""),
    moment((21, 23, 0), 0, "the agent is on, the customer's phone rings"),
    moment((21, 28, 13), 0, ""),
];

/// When the flow of the first call posts its signal: as the caller is parked.
const SIGNAL_AT: (i64, i64, i64) = (21, 7, 8);

fn at((hours, minutes, seconds): (i64, i64, i64)) -> EpochMs {
    DAY + ((hours * 60 + minutes) * 60 + seconds) * 1_000
}

/// An event of the sample.
struct SampleEvent {
    body: &'static str,
    at: EpochMs,
    kind: EventType,
    org: Id,
    task: Id,
}

/// The sample, in the order in which it happened.
fn sample_events() -> Result<Vec<SampleEvent>> {
    let event = |body: &'static str| {
        let webhook = Webhook::parse(body.as_bytes())?;
        let (org, task) = (webhook.org, webhook.task.context("an event without a task")?);
        Ok((
            webhook.event.position(),
            SampleEvent { body, at: webhook.event.at, kind: webhook.event.kind, org, task },
        ))
    };
    let mut events = sample::bodies().map(event).collect::<Result<Vec<_>>>()?;
    events.sort_by_key(|(position, _)| *position);
    Ok(events.into_iter().map(|(_, event)| event).collect())
}

/// Delivers the sample, and prints at each moment what the webhooks and Trueline say.
pub(super) async fn deliver(trueline: &Trueline, webex: &Webex, speed: f64) -> Result<()> {
    say!("14 October 2022, the two calls of the sample, shuffled and repeated:\n");
    say!("{:<10}{:<6}{:<23}Trueline says", "UTC", "call", "the webhooks say");
    let events = sample_events()?;
    let mut random = fastrand::Rng::with_seed(1);
    let mut delivered = 0;
    let mut before = at(STORY[0].time);
    for moment in &STORY {
        let now = at(moment.time);
        pause(now - before, speed).await;
        if (before..now).contains(&at(SIGNAL_AT)) {
            accepted(webex.deliver(&signal_of_then(&events[0].org)?).await?).await?;
        }
        let due = events.partition_point(|event| event.at <= now);
        let mut bodies: Vec<_> = events[delivered..due].iter().map(|event| event.body).collect();
        bodies.extend_from_within(..bodies.len().div_ceil(3));
        random.shuffle(&mut bodies);
        for body in bodies {
            accepted(webex.deliver(body).await?).await?;
        }
        (before, delivered) = (now, due);
        show(trueline, moment, &events[..due]).await?;
    }
    Ok(())
}

/// The event that the flow's signal was made into. Signals themselves are taken for an hour only.
fn signal_of_then(org: &Id) -> Result<String> {
    let signal = json!({ "orgId": org.to_string(), "taskId": sample::TASKS[0] }).to_string();
    Ok(Signal::CallbackRequested.webhook_body(signal.as_bytes(), at(SIGNAL_AT))?)
}

/// One line of the story: what the last webhook says, and what the live state says.
async fn show(trueline: &Trueline, moment: &Moment, delivered: &[SampleEvent]) -> Result<()> {
    let is_of_call = |event: &&SampleEvent| event.task.to_string() == sample::TASKS[moment.call];
    let of_call = || delivered.iter().filter(is_of_call);
    let first = of_call().next().context("nothing is known of the call yet")?;
    let said = of_call().rev().find_map(|event| said(event.kind)).unwrap_or("nothing");
    let partition = Partition::task(&first.org, &first.task);
    let state = trueline.services.task_table().session().state(&partition).await?;
    let is = state.timeline.phase().map_or("ended", meaning);
    let (hours, minutes, seconds) = moment.time;
    let call = moment.call + 1;
    say!("{hours:02}:{minutes:02}:{seconds:02}  {call:<6}{said:<23}{is}");
    if !moment.note.is_empty() {
        say!("{:16}({})", "", moment.note);
    }
    Ok(())
}

/// What a webhook says at face value, if it is about the task.
fn said(kind: EventType) -> Option<&'static str> {
    [
        (EventType::TaskNew, Phase::SelfService),
        (EventType::TaskParked, Phase::Queued),
        (EventType::TaskConnect, Phase::Offered),
        (EventType::TaskConnected, Phase::Talking),
    ]
    .into_iter()
    .find_map(|(said, phase)| (said == kind).then(|| meaning(phase)))
    .or((kind == EventType::TaskEnded).then_some("ended"))
}

fn meaning(phase: Phase) -> &'static str {
    match phase {
        Phase::SelfService => "in the flow",
        Phase::Queued => "waiting on the line",
        Phase::CallbackWait => "off the line, to be called back",
        Phase::OutboundQueued => "not on the line, waits for an agent who calls",
        Phase::Offered => "ringing at an agent",
        Phase::Dialing => "being called back",
        Phase::Talking => "talking",
        Phase::OnHold => "on hold",
        Phase::Consulting => "held for a consultation",
        Phase::Conferencing => "in a conference",
    }
}
