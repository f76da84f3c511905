//! What the operator and the watchdog do, on a table and a bucket with history in them.

use anyhow::{Context, Result};
use aws_account::gap::Gap;
use functions::config::now;
use functions::store::task_table::Partition;
use functions::store::transition::refold;
use functions::watch_subscriptions::subscriptions::{Patience, Subscriptions};
use functions::watch_subscriptions::{WatchSubscriptions, WatchSummary};
use local_stack::{BUCKET, Services, TABLE, Trueline, Webex, check, clients};
use serde_json::{Value, json};
use task_timeline::{EpochMs, Id};
use trueline::erase::Erase;
use trueline::replay::{Counts, Source, replay};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::traffic::{SECRET, deliver, sample_of};

const HERE: &str = "https://hooks.example.com/webhooks";
/// The customer's number in the sample.
const NUMBER: &str = "+15550100101";

fn subscription(resource: &str, types: &[&str], status: &str) -> Value {
    json!({
        "id": format!("id-{resource}"), "name": format!("trueline-{resource}"),
        "eventTypes": types, "destinationUrl": HERE, "status": status,
        "resourceVersion": format!("{resource}:1.0.0"), "lastUpdatedTime": 1_790_000_000_000_i64,
    })
}

/// Webex with these subscriptions, which takes every change.
async fn webex(subscriptions: Vec<Value>) -> MockServer {
    let server = MockServer::start().await;
    let answer = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let version = |resource| json!({ "resource": resource, "version": "1.0.0" });
    let types = ["task:new", "task:ended", "capture:available"];
    let types = json!({
        "data": types.map(|name| json!({ "name": name })),
        "meta": { "resourceVersionList": [version("task"), version("capture")] },
    });
    let list = json!({ "data": subscriptions, "meta": {} });
    Mock::given(path("/v2/event-types")).respond_with(answer(types)).mount(&server).await;
    Mock::given(path("/v2/subscriptions")).respond_with(answer(list)).mount(&server).await;
    Mock::given(method("PATCH")).respond_with(answer(json!({}))).mount(&server).await;
    server
}

async fn watch(services: &Services, webex: &MockServer, at: EpochMs) -> Result<WatchSummary> {
    let function =
        WatchSubscriptions::new(services.task_table(), services.bucket(), HERE.to_owned());
    let token = serde_json::from_value(json!({ "accessToken": "good" }))?;
    let api = Subscriptions::new(&webex.uri(), token, Patience::default());
    Ok(function.watch(api, at).await?)
}

async fn gaps(services: &Services) -> Result<Vec<Gap>> {
    let bucket = services.bucket();
    let mut gaps = Vec::new();
    for key in bucket.keys("gaps/").await? {
        let gap = bucket.object(&key).await?.context("it is listed")?;
        gaps.push(serde_json::from_slice(&gap)?);
    }
    Ok(gaps)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watchdog_activates_what_stopped_and_records_the_gap() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let at = |minute: i64| EpochMs(1_790_000_000_000 + minute * 60_000);
    let task = ["task:new", "task:ended"];
    let all_well = webex(vec![
        subscription("task", &task, "active"),
        subscription("capture", &["capture:available"], "active"),
    ])
    .await;
    let report = watch(&services, &all_well, at(0)).await?;
    assert_eq!((report.active, report.inactive, report.reactivated), (2, 0, 0));
    assert_eq!(gaps(&services).await?, []);

    // `task` is stopped and covers too little; `capture` is gone.
    let ill = webex(vec![subscription("task", &task[..1], "inactive")]).await;
    let report = watch(&services, &ill, at(5)).await?;
    assert_eq!((report.active, report.inactive, report.reactivated), (1, 1, 1));
    assert_eq!(report.uncovered, 2);
    let mut task_gap = Gap::open("task", Some("id-task"), at(0), "inactive").closed(at(5));
    let capture_gap = Gap::open("capture", None, at(0), "missing");
    assert_eq!(gaps(&services).await?, [capture_gap.clone(), task_gap.clone()]);
    let patched = ill.received_requests().await.context("recorded")?;
    let patch = patched.iter().find(|request| request.method.as_str() == "PATCH");
    let patch: Value = serde_json::from_slice(&patch.context("a change")?.body)?;
    assert_eq!(patch, json!({ "resourceVersion": "task:1.0.0", "status": "active" }));

    // Webex refuses to activate: the gap stays open, under the same key, until it is over.
    let server = webex(vec![subscription("task", &task, "inactive")]).await;
    let refused = Mock::given(method("PATCH")).respond_with(ResponseTemplate::new(403));
    refused.with_priority(1).mount(&server).await;
    for minute in [10, 15] {
        let report = watch(&services, &server, at(minute)).await?;
        assert_eq!((report.inactive, report.failed), (2, true));
        let open = gaps(&services).await?;
        assert_eq!(open.len(), 3);
        assert_eq!(open[2], Gap::open("task", Some("id-task"), at(5), "inactive"));
    }
    watch(&services, &all_well, at(20)).await?;
    task_gap = Gap::open("task", Some("id-task"), at(5), "inactive").closed(at(20));
    let closed = gaps(&services).await?;
    assert_eq!((&closed[0], &closed[2]), (&capture_gap.closed(at(20)), &task_gap));
    watch(&services, &all_well, at(25)).await?;
    assert_eq!(gaps(&services).await?, closed);
    assert_eq!(services.task_table().session().gap_ended("task").await?, Some(at(20)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watchdog_warns_of_a_version_that_ends() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let server = webex(vec![subscription("agent", &["agent:login"], "active")]).await;
    let version = |version| json!({ "resource": "agent", "version": version });
    let types = json!({
        "data": [{ "name": "agent:login" }, { "name": "agent:channel_state_change" }],
        "meta": { "resourceVersionList": [version("1.0.0"), version("2.0.0")] },
    });
    let types = ResponseTemplate::new(200).set_body_json(types);
    Mock::given(path("/v2/event-types")).respond_with(types).with_priority(1).mount(&server).await;
    let report = watch(&services, &server, now()).await?;
    assert_eq!((report.active, report.ending, report.uncovered), (1, 1, 0));
    let told = "trueline-agent: agent:1.0.0 is said to end on 16 December 2026; run \
                `trueline subscribe`, which adds agent:2.0.0 beside it";
    assert_eq!(report.problems, [told]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watchdog_without_webex_says_so_and_still_tells_the_age() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(403)).mount(&server).await;
    let report = watch(&services, &server, now()).await?;
    assert!(report.failed);
    assert_eq!(report.newest_event_age_s, 86_400);
    assert!(report.problems[0].contains("cjp:config_read"), "{:?}", report.problems);
    Ok(())
}

/// A stack with the sample in table and archive, and the bodies that were delivered.
async fn with_sample(folder: &std::path::Path, org: &str) -> Result<(Trueline, Vec<String>)> {
    let trueline = Trueline::start(folder, 0, Webex::secrets(SECRET)?).await?;
    let bodies = sample_of(org);
    deliver(&[Webex::new(&trueline.url(), SECRET)], bodies.clone(), 4).await?;
    trueline.archived().await?;
    Ok((trueline, bodies))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replay_of_the_archive_fills_a_table_that_was_lost() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (trueline, bodies) = with_sample(folder.path(), "replayed").await?;
    let services = &trueline.services;
    let (table, bucket) = (services.task_table(), services.bucket());
    let all = Source::Archive { from: "2000-01-01".to_owned(), to: "2099-12-31".to_owned() };
    let session = table.session();
    assert!(session.has_delivered("local-stack").await?);
    assert!(!session.has_delivered("another").await?);
    let there = replay(&all, &table, &bucket, now()).await?;
    // An event is archived at least once.
    assert!(there.deliveries >= bodies.len());
    assert_eq!((there.stored, there.repeated), (0, there.deliveries));

    let dynamodb = clients::dynamodb(&services.dynamodb.endpoint());
    let items = dynamodb.scan().table_name(TABLE).send().await?;
    for item in items.items() {
        let delete = dynamodb.delete_item().table_name(TABLE);
        delete.key("pk", item["pk"].clone()).key("sk", item["sk"].clone()).send().await?;
    }
    let filled = replay(&all, &table, &bucket, now()).await?;
    assert_eq!((filled.stored, filled.deliveries), (bodies.len(), there.deliveries));
    check::table(&table, &bodies).await?;

    let later = EpochMs(now().0 + 20 * 86_400_000);
    let too_old = replay(&all, &table, &bucket, later).await?;
    assert_eq!((too_old.expired, too_old.stored), (too_old.deliveries, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_quarantined_is_stored_once_it_can_be_read() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let s3 = clients::s3(&services.object_store.endpoint());
    let bodies = sample_of("readable");
    for (name, body) in [("a", bodies[0].as_str()), ("b", "{"), ("c", bodies[0].as_str())] {
        let put = s3.put_object().bucket(BUCKET).key(format!("quarantine/date=2026-11-22/{name}"));
        put.metadata("arrived-at", now().to_string())
            .body(body.as_bytes().to_vec().into())
            .send()
            .await?;
    }
    let (table, bucket) = (services.task_table(), services.bucket());
    let counts = replay(&Source::Quarantine, &table, &bucket, now()).await?;
    let expected =
        Counts { objects: 3, deliveries: 3, stored: 1, repeated: 1, expired: 0, unreadable: 1 };
    assert_eq!(counts, expected);
    assert_eq!(bucket.keys("quarantine/").await?, ["quarantine/date=2026-11-22/b"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_erased_everywhere_and_every_timeline_stays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (trueline, bodies) = with_sample(folder.path(), "erased").await?;
    let services = &trueline.services;
    let (table, bucket) = (services.task_table(), services.bucket());
    let with_number = bodies.iter().filter(|body| body.contains(NUMBER)).count();
    let before = archived(services).await?;
    let erase = |dry_run| Erase {
        subject: "+1 555 010-0101".parse().unwrap(),
        replacement: "customer 4711".to_owned(),
        dry_run,
        salt: "salt".to_owned(),
    };
    let tried = erase(true).run(&table, &bucket, now()).await?;
    assert_eq!(
        (tried.table.erased, tried.bucket["events/"].deliveries),
        (with_number, with_number)
    );
    assert_eq!(archived(services).await?, before);

    let receipt = erase(false).run(&table, &bucket, now()).await?;
    assert_eq!(receipt.table, tried.table);
    assert_eq!(receipt.unsearched, Vec::<String>::new());
    let told = serde_json::to_string(&receipt)?;
    assert!(!told.contains("5550100101") && !told.contains("010-0101"), "{told}");
    let after = archived(services).await?;
    assert_eq!(after.len(), before.len());
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before.0, after.0);
        assert!(!after.1.contains("5550100101"), "{}", after.1);
    }
    // A late event has the state folded anew, from bodies that no longer give their identities.
    let org = Id::new("erased").context("an id")?;
    let task = Id::new(&task_of(&bodies[0])?).context("an id")?;
    let partition = Partition::task(&org, &task);
    let session = table.session();
    let state = session.state(&partition).await?;
    refold(&session, &partition, now()).await?;
    assert_eq!(session.state(&partition).await?, state);

    let again = erase(false).run(&table, &bucket, now()).await?;
    assert_eq!((again.table.erased, again.bucket["events/"].rewritten), (0, 0));
    Ok(())
}

fn task_of(body: &str) -> Result<String> {
    let body: Value = serde_json::from_str(body)?;
    Ok(body["data"]["taskId"].as_str().context("a task")?.to_owned())
}

/// Identity and body of every archived event.
async fn archived(services: &Services) -> Result<Vec<(u128, String)>> {
    let bucket = services.bucket();
    let mut all = Vec::new();
    for key in bucket.keys("events/").await? {
        let bytes = bucket.object(&key).await?.context("it is listed")?;
        let archive = event_archive::Archive::open(bytes)?;
        for group in 0..archive.groups() {
            let (events, bodies) = (archive.events(group)?, archive.bodies(group)?);
            for (event, body) in events.iter().zip(bodies.iter()) {
                let event = event.map_err(|row| row.error)?.webhook.event;
                all.push((event.identity.0, String::from_utf8(body.body.to_vec())?));
            }
        }
    }
    Ok(all)
}
