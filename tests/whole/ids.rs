//! Whatever ids hold: no two of them are merged, and live state, archive and rebuild agree.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context, Result};
use functions::config::now;
use functions::store::task_table::Partition;
use local_stack::{Trueline, Webex, clients};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use reqwest::Client;
use serde_json::{Value, json};
use task_timeline::{Delivery, EpochMs, Id, Limits, Timeline};
use webhook::Webhook;

use crate::one_fold::{same_as_rebuilt, tasks_of};
use crate::traffic::{SECRET, long_or_short};

/// The events of each task, by organization and task.
type Tasks = BTreeMap<(Id, Id), Vec<Delivery>>;

/// What the ids of this test are made of.
const PARTS: [&str; 30] = [
    "#",
    "##",
    "%",
    "%23",
    "%25",
    "%2523",
    "/",
    "\\",
    "_",
    ".",
    "..",
    "\"",
    "'",
    "&",
    "?",
    "+",
    " ",
    "\0",
    "\n",
    "\u{1b}[",
    "\u{7f}",
    "a",
    "A",
    "\u{e9}",
    "e\u{301}",
    "☎",
    "NULL",
    "constructor",
    "TaskID_01",
    "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba",
];

/// Ids as texts; some are too long, some say null.
fn hostile() -> impl Strategy<Value = String> {
    let parts = prop::collection::vec(prop::sample::select(&PARTS[..]), 1..4);
    parts.prop_map(|parts| parts.concat())
}

fn body(kind: &str, [org, task]: &[String; 2], at: EpochMs, queue: &str) -> String {
    let data = json!({ "taskId": task, "createdTime": at, "queueId": queue });
    json!({ "type": kind, "comciscoorgid": org, "data": data }).to_string()
}

/// The events of a task, which waits in a queue of its own.
fn events(ids: &[String; 2], number: usize, began: EpochMs) -> [String; 2] {
    let (queue, seconds) = (format!("q{number}"), i64::try_from(number).unwrap());
    let parked_at = began + (20 + seconds) * 1_000;
    [body("task:new", ids, began, &queue), body("task:parked", ids, parked_at, &queue)]
}

/// Delivers all. Returns the bodies that went to `quarantine/`.
async fn deliver(webex: &Webex, bodies: &[String]) -> Result<Vec<String>> {
    let mut quarantined = Vec::new();
    for body in bodies {
        let answer = webex.deliver(body).await?;
        let answer: Value = serde_json::from_slice(&answer.error_for_status()?.bytes().await?)?;
        if answer["outcome"] == "quarantined" {
            quarantined.push(body.clone());
        }
    }
    Ok(quarantined)
}

/// Checks that the state of each task is the fold of its own events alone.
async fn check_states(trueline: &Trueline, bodies: &[&String]) -> Result<Tasks> {
    let mut tasks = Tasks::new();
    for body in bodies {
        let webhook = Webhook::parse(body.as_bytes())?;
        let task = webhook.task.context("every event here names a task")?;
        let delivery = Delivery { event: webhook.event, arrived_at: None };
        tasks.entry((webhook.org, task)).or_default().push(delivery);
    }
    let session = trueline.services.task_table().session();
    for ((org, task), events) in &tasks {
        let state = session.state(&Partition::task(org, task)).await?;
        let fold = Timeline::fold(events.clone(), Limits::default(), &mut ());
        assert_eq!(state.timeline, fold, "{org:?} {task:?}");
    }
    Ok(tasks)
}

/// Checks that the wallboard shows each task once, below its organization, and tells its story.
async fn check_wallboard(trueline: &Trueline, tasks: &Tasks) -> Result<()> {
    let client = Client::new();
    let live = client.get(format!("{}/live", trueline.url())).send().await?.bytes().await?;
    let live: Value = serde_json::from_slice(&live)?;
    let mut shown = Vec::new();
    for org in live["organizations"].as_array().context("organizations")? {
        for queue in org["queues"].as_array().context("queues")? {
            for open in queue["tasks"].as_array().context("tasks")? {
                let id = |value: &Value| value.as_str().and_then(Id::new).context("an id");
                shown.push((id(&org["org"])?, id(&open["task"])?));
            }
        }
    }
    shown.sort();
    assert!(shown.iter().eq(tasks.keys()), "{shown:?}");
    for ((org, task), events) in tasks {
        let [org, task] = [org, task]
            .map(|id| utf8_percent_encode(&id.to_string(), NON_ALPHANUMERIC).to_string());
        let story = client.get(format!("{}/task?org={org}&task={task}", trueline.url())).send();
        let story: Value = serde_json::from_slice(&story.await?.bytes().await?)?;
        assert_eq!(story["events"], events.len(), "{org} {task}: {story}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ids_that_read_alike_when_joined_stay_two_tasks() -> Result<()> {
    let pairs =
        [["A", "b#c"], ["A#b", "c"], ["A", "b%23c"], ["A%23b", "c"], ["A#b", "#c"], ["A#b#", "c"]];
    live_equals_rebuild(&pairs.map(|pair| pair.map(str::to_owned))).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_state_archive_and_rebuild_agree_whatever_ids_hold() -> Result<()> {
    let config = Config { rng_seed: RngSeed::Fixed(1), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let mut id = || hostile().new_tree(&mut runner).unwrap().current();
    let orgs = [(); 6].map(|()| id());
    let tasks = 0..long_or_short(1_000, 60);
    let mut pairs =
        BTreeSet::from_iter(tasks.zip(orgs.iter().cycle()).map(|(_, org)| [org.clone(), id()]));
    let lengths = [0, 1, Id::MAX_TEXT, Id::MAX_TEXT + 1, 3_000];
    pairs.extend(lengths.map(|length| ["o".repeat(length), "t".to_owned()]));
    pairs.extend(lengths.map(|length| ["o".to_owned(), "#".repeat(length)]));
    let pairs = Vec::from_iter(pairs);
    let refused = live_equals_rebuild(&pairs).await?;
    let is_refused = |text: &String| Id::new(text).is_none() || text == "NULL";
    let expected = pairs.iter().filter(|pair| pair.iter().any(is_refused)).count();
    assert_eq!(refused, 2 * expected);
    Ok(())
}

/// Delivers two events of each task, and checks that each holds its own, live, on the wallboard, and
/// in the rebuilds of the archive and of the same bodies in a file. Returns how many were refused.
async fn live_equals_rebuild(pairs: &[[String; 2]]) -> Result<usize> {
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    let webex = Webex::new(&trueline.url(), SECRET);
    let began = now() + -3_600_000;
    let numbered = pairs.iter().zip(0..);
    let bodies: Vec<_> = numbered.flat_map(|(ids, number)| events(ids, number, began)).collect();
    let quarantined = deliver(&webex, &bodies).await?;
    trueline.archived().await?;

    let accepted: Vec<_> = bodies.iter().filter(|body| !quarantined.contains(body)).collect();
    let tasks = check_states(&trueline, &accepted).await?;
    check_wallboard(&trueline, &tasks).await?;
    let newest = tasks.values().flatten().map(|delivery| delivery.event.at).max();
    let archived = same_as_rebuilt(&trueline, newest.context("no events")?, folder.path()).await?;
    assert_eq!(archived.height(), tasks.len());

    let files = folder.path().join("bodies");
    fs::create_dir(&files)?;
    fs::write(files.join("bodies.ndjson"), bodies.join("\n"))?;
    let s3 = clients::s3(&trueline.services.object_store.endpoint());
    let files = files.to_str().context("UTF-8")?;
    let (rebuilt, filed) = tasks_of(files, s3, &folder.path().join("filed")).await?;
    assert!(archived.equals_missing(&filed), "{archived:?} {filed:?}");
    assert_eq!(rebuilt.intake.rejected.kept().len(), quarantined.len());
    trueline.stop().await?;
    Ok(quarantined.len())
}
