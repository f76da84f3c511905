//! Signals of flows: twice is once, and what is no signal is refused.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;
use functions::archive_events::{ArchiveEvents, Work};
use functions::config::now;
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use functions::store::task_table::Partition;
use lambda_http::{Body, Request, http};
use local_stack::{Services, Trueline, Webex, task_table};
use serde_json::{Value, json};
use task_timeline::{Delivery, EpochMs, Id};
use tokio::task::JoinSet;

use crate::faults::{Fate, Faults};
use crate::one_fold::same_as_rebuilt;
use crate::traffic::SECRET;

const REQUESTED: &str = "callback-requested";
const FAILED: &str = "callback-failed";

fn signal(kind: &str, body: &Value) -> Request {
    let request = http::Request::post(format!("/signals/{kind}"));
    let request = request.header("x-trueline-secret", SECRET);
    request.body(Body::Text(body.to_string())).unwrap()
}

fn webhook(kind: &str, at: EpochMs, more: Value) -> String {
    let mut data = json!({ "taskId": "t", "createdTime": at.0, "queueId": "q" });
    data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({ "type": kind, "comciscoorgid": "o", "data": data }).to_string()
}

/// Posts a signal; returns status, outcome and message of the answer.
async fn post(url: &str, kind: &str, body: String) -> Result<(u16, String, String)> {
    let url = format!("{url}/signals/{kind}");
    let post = reqwest::Client::new().post(url).header("x-trueline-secret", SECRET);
    let answer = post.body(body).send().await?;
    let status = answer.status().as_u16();
    let told: Value = serde_json::from_slice(&answer.bytes().await?)?;
    let text = |name: &str| told[name].as_str().unwrap().to_owned();
    Ok((status, text("outcome"), text("message")))
}

fn task() -> Partition {
    let [org, task] = ["o", "t"].map(|id| Id::new(id).unwrap());
    Partition::task(&org, &task)
}

/// The deliveries of the signals of the task, each event once with all its repeats after it.
async fn signals(services: &Services) -> Result<Vec<Delivery>> {
    let deliveries = services.task_table().session().deliveries(&task()).await?;
    let is_signal = |of: &Delivery| of.event.kind.name().starts_with("trueline:");
    Ok(deliveries.into_iter().filter(is_signal).collect())
}

fn distinct(deliveries: &[Delivery]) -> usize {
    let identities = deliveries.iter().map(|delivery| delivery.event.identity);
    identities.collect::<BTreeSet<_>>().len()
}

/// I11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_that_comes_again_without_a_time_counts_once_live_and_in_the_rebuild() -> Result<()>
{
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    let webex = Webex::new(&trueline.url(), SECRET);
    let began = now() + -60_000;
    webex.deliver(&webhook("task:new", began, json!({}))).await?.error_for_status()?;
    webex.deliver(&webhook("task:parked", began + 10_000, json!({}))).await?.error_for_status()?;
    let ids = json!({ "orgId": "o", "taskId": "t" });
    let with = |name: &str, value: Value| {
        let mut signal = ids.clone();
        signal[name] = value;
        signal
    };
    // Empty fields and other blanks are the same signal; another attempt is another one.
    for (kind, body, outcome) in [
        (REQUESTED, ids.to_string(), "applied"),
        (REQUESTED, ids.to_string(), "duplicate"),
        (REQUESTED, format!(" {:#}", with("requestedAt", "".into())), "duplicate"),
        (FAILED, with("attempt", "1".into()).to_string(), "applied"),
        (FAILED, with("attempt", 1.into()).to_string(), "duplicate"),
        (FAILED, with("attempt", 2.into()).to_string(), "applied"),
    ] {
        let (status, told, _) = post(&trueline.url(), kind, body.clone()).await?;
        assert_eq!((status, &*told), (200, outcome), "{kind} {body}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let stored = signals(&trueline.services).await?;
    assert_eq!((stored.len(), distinct(&stored)), (6, 3));

    trueline.archived().await?;
    let newest = stored.iter().map(|delivery| delivery.event.at).max().unwrap();
    let batch = same_as_rebuilt(&trueline, newest, folder.path()).await?;
    assert_eq!(batch.column("events")?.u32()?.get(0), Some(5));
    assert_eq!(batch.column("duplicates")?.u32()?.get(0), Some(3));
    trueline.stop().await
}

/// I11.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_same_signals_at_once_one_is_the_first() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    let mut senders = JoinSet::new();
    for _ in 0..8 {
        let (url, body) = (trueline.url(), json!({ "orgId": "o", "taskId": "t" }).to_string());
        senders.spawn(async move { post(&url, REQUESTED, body).await });
    }
    for answer in senders.join_all().await {
        assert_eq!(answer?.0, 200);
    }
    assert_eq!(distinct(&signals(&trueline.services).await?), 1);
    trueline.stop().await
}

/// I11, T28, T8: who talked after all and asks for a callback again has asked twice.
#[tokio::test]
async fn after_a_minute_the_same_signal_is_another_request() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let secrets = SecretStore::fixed(Webex::secrets(SECRET)?);
    let ingest = IngestWebhook::new(services.task_table(), services.bucket(), secrets);
    let webex = Webex::new("", SECRET);
    let began = now();
    let request = signal(REQUESTED, &json!({ "orgId": "o", "taskId": "t" }));
    let deliver = async |kind: &str, after_s: i64, more: Value| {
        let at = began + after_s * 1_000;
        let request = webex.request(&webhook(kind, at, more))?;
        let handled = Box::pin(ingest.handle(&request, now())).await;
        assert!(handled.response.status().is_success());
        anyhow::Ok(())
    };
    let ask = async |after_s: i64| {
        let handled = Box::pin(ingest.handle(&request, began + after_s * 1_000)).await;
        handled.summary.outcome.name()
    };
    deliver("task:new", 0, json!({})).await?;
    deliver("task:parked", 10, json!({})).await?;
    assert_eq!(ask(20).await, "applied");
    deliver("task:connect", 21, json!({ "direction": "INBOUND" })).await?;
    deliver("task:connected", 25, json!({})).await?;
    deliver("task:parked", 70, json!({})).await?;
    assert_eq!(ask(80).await, "duplicate");
    assert_eq!(ask(81).await, "applied");
    let state = services.task_table().session().state(&task()).await?;
    let current = state.timeline.current().unwrap();
    assert_eq!((current.phase.name(), current.since), ("callback_wait", began + 81_000));
    Ok(())
}

/// I11: what went to S3 comes back with the time of the first.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_that_waited_in_s3_is_the_same_as_its_repeat() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let dynamodb = Faults::before(services.dynamodb.endpoint()).await?;
    let secrets = SecretStore::fixed(Webex::secrets(SECRET)?);
    let table = || task_table(&dynamodb.endpoint());
    let ingest = IngestWebhook::new(table(), services.bucket(), secrets);
    let request = signal(REQUESTED, &json!({ "orgId": "o", "taskId": "t" }));
    let at = now();
    for (after_ms, fate, outcome) in
        [(0, Fate::Fail, "spilled"), (3_000, Fate::Fail, "spilled"), (6_000, Fate::Pass, "applied")]
    {
        dynamodb.always(fate);
        let handled = ingest.handle(&request, at + after_ms).await;
        assert_eq!(handled.summary.outcome.name(), outcome);
        assert_eq!(handled.summary.event_type.as_deref(), Some("trueline:callback-requested"));
    }
    let schedule: Work = serde_json::from_str(r#"{"source": "aws.scheduler"}"#)?;
    let archive = ArchiveEvents::new(table(), services.bucket());
    let (_, summary) = archive.handle(&schedule, now()).await;
    assert_eq!((summary.replayed, summary.spill_left), (2, 0));
    assert_eq!(distinct(&signals(&services).await?), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_object_is_no_signal() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    let at = now().0;
    for kind in [REQUESTED, FAILED] {
        for body in [
            json!(["o", "t"]),
            json!(["o", "t", at, null]),
            json!(["o", "t", at, "busy", 1, true]),
            json!([{ "orgId": "o", "taskId": "t" }]),
            json!("o"),
            Value::Null,
        ] {
            let (status, outcome, message) = post(&trueline.url(), kind, body.to_string()).await?;
            assert_eq!((status, &*outcome), (400, "refused"), "{kind} {body}");
            assert!(message.contains("not a JSON object"), "{message}");
        }
        let wrong = json!({ "orgId": ["o"], "taskId": "t" });
        assert_eq!(post(&trueline.url(), kind, wrong.to_string()).await?.0, 400);
    }
    assert_eq!(signals(&trueline.services).await?, []);
    trueline.stop().await
}
