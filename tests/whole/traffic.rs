//! Webhooks to deliver, ways to deliver them, and what must hold afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Result, bail};
use event_archive::{Archive, ReadEvent};
use functions::spent::Meter;
use functions::task_table::{Partition, TaskTable};
use local_stack::{BUCKET, Webex};
use task_timeline::{Identity, Timeline, Webhook};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

/// The secret of the one subscription, and of the flow.
pub(crate) const SECRET: &str = "of a test, and of nothing but a test";

/// The two tasks of the sample, one body a line.
const SAMPLE: [&str; 2] = [
    include_str!("../../shared/fixtures/sample/webhooks/normal-callback.ndjson"),
    include_str!("../../shared/fixtures/sample/webhooks/callback-with-multiple-ronas.ndjson"),
];
const SAMPLE_ORG: &str = "14c6c3b0-d36a-5bc6-a52b-33ef40c2d7ba";

/// The sample as if another organization had had it, so that runs do not meet.
pub(crate) fn sample_of(org: &str) -> Vec<String> {
    SAMPLE.iter().flat_map(|task| task.lines()).map(|body| body.replace(SAMPLE_ORG, org)).collect()
}

/// `bodies` in another order, every third one twice.
pub(crate) fn shuffled(bodies: &[String], seed: u64) -> Vec<String> {
    let mut shuffled: Vec<_> =
        bodies.iter().chain(bodies.iter().step_by(3)).map(String::clone).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
    shuffled
}

/// Delivers all bodies: each of the senders, who go to the functions in turn, takes the next one
/// when its last one was answered. What is not accepted is sent again.
pub(crate) async fn deliver(to: &[Webex], bodies: Vec<String>, senders: usize) -> Result<()> {
    let bodies = Arc::new(Mutex::new(bodies.into_iter()));
    let mut tasks = JoinSet::new();
    for webex in to.iter().cycle().take(senders) {
        let (webex, bodies) = (webex.clone(), Arc::clone(&bodies));
        tasks.spawn(async move {
            loop {
                let Some(body) = bodies.lock().await.next() else { return anyhow::Ok(()) };
                deliver_one(&webex, &body).await?;
            }
        });
    }
    while let Some(sender) = tasks.join_next().await {
        sender??;
    }
    Ok(())
}

async fn deliver_one(webex: &Webex, body: &str) -> Result<()> {
    for _attempt in 0..10 {
        let answer = webex.deliver(body).await?;
        match answer.status().as_u16() {
            200 => return Ok(()),
            503 => {}
            status => bail!("{status}: {}", answer.text().await?),
        }
    }
    bail!("never accepted")
}

/// Checks that the table holds each event in `bodies` once and no other, and that the state of
/// each task is the fold of its events.
pub(crate) async fn check(table: &TaskTable, bodies: &[String]) -> Result<()> {
    let meter = Meter::default();
    for (partition, identities) in expected(bodies) {
        let events = table.events(&partition, &meter).await?;
        let stored: Vec<_> = events.iter().map(|delivery| delivery.event.identity).collect();
        assert_eq!(stored.len(), identities.len(), "events of {partition:?}");
        assert_eq!(BTreeSet::from_iter(stored), identities, "events of {partition:?}");
        if partition.is_task() {
            let state = table.state(&partition, &meter).await?;
            assert_eq!(state.timeline, Timeline::of(events, &mut ()), "{partition:?}");
        }
    }
    Ok(())
}

/// The identities of the events in `bodies`, by where they are stored.
fn expected(bodies: &[String]) -> BTreeMap<Partition, BTreeSet<Identity>> {
    let mut expected: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for body in bodies {
        let webhook = Webhook::parse(body.as_bytes()).expect("test bodies are webhooks");
        expected.entry(Partition::of(&webhook)).or_default().insert(webhook.event.identity);
    }
    expected
}

/// Checks that the archive holds each event in `bodies`, however often.
pub(crate) async fn check_archive(s3: &aws_sdk_s3::Client, bodies: &[String]) -> Result<()> {
    let mut archived = BTreeSet::new();
    let list = s3.list_objects_v2().bucket(BUCKET).prefix("events/").send().await?;
    for key in list.contents().iter().filter_map(|object| object.key()) {
        let object = s3.get_object().bucket(BUCKET).key(key).send().await?;
        let archive = Archive::open(object.body.collect().await?.to_vec())?;
        for group in 0..archive.groups() {
            let events = archive.events(group)?;
            let identity = |event: Result<ReadEvent<'_>, _>| event.unwrap().webhook.event.identity;
            archived.extend(events.iter().map(identity));
        }
    }
    let expected: BTreeSet<_> = expected(bodies).into_values().flatten().collect();
    assert_eq!(archived, expected);
    Ok(())
}
