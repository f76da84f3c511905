//! What a delivery costs beside its requests, step by step: see BENCHMARKS.md.
//!
//! The deliveries are the 42 of the sample, each with the state of its task as it was before;
//! a sample of the benchmark takes each of them once, so the figures are those of a mean event.
#![allow(clippy::unwrap_used, reason = "in a benchmark a panic is the message")]

use std::collections::BTreeMap;

use aws_sdk_dynamodb::config::BehaviorVersion;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use divan::Bencher;
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use functions::store::bucket::Bucket;
use hmac::{Hmac, Mac};
use lambda_http::{Body, Request, http};
use serde_json::json;
use sha2::Sha256;
use task_timeline::{EpochMs, Limits, Timeline};
use webhook::{Proof, ProofHeaders, Secrets, Webhook};

use self::dynamodb::Canned;

mod dynamodb;

const SAMPLE: [&str; 2] = [
    include_str!("../../../shared/fixtures/sample/webhooks/normal-callback.ndjson"),
    include_str!("../../../shared/fixtures/sample/webhooks/callback-with-multiple-ronas.ndjson"),
];
const DELIVERIES: u32 = 42;
const SUBSCRIPTIONS: [&str; 3] = [
    "3643e2af-41b1-5afa-b519-ec57efd5c123",
    "582a6ac8-d91c-5362-8ed7-45037cc8cb33",
    "9668b54f-19a7-5c25-973c-9f08ecdbf692",
];
const SECRET: &str = "the secret of a benchmark, as long as such secrets are";

fn main() {
    divan::main();
}

/// A delivery with its proof, and what was known of its task.
struct Delivery {
    body: &'static str,
    signature: String,
    timestamp: String,
    now: EpochMs,
    webhook: Webhook<'static>,
    before: Timeline,
    stored: Vec<u8>,
}

impl Delivery {
    /// Those of a task, in the order in which things happened.
    fn from_task(task: &'static str) -> Vec<Delivery> {
        let mut webhooks: Vec<_> =
            task.lines().map(|body| (body, Webhook::parse(body.as_bytes()).unwrap())).collect();
        webhooks.sort_by_key(|(_, webhook)| webhook.event.position());
        let mut timeline = Timeline::default();
        let deliver = |(body, webhook): (&'static str, Webhook<'static>)| {
            let before = timeline.clone();
            timeline.apply(&webhook.event, Limits::default(), &mut ());
            Delivery::new(body, webhook, before)
        };
        webhooks.into_iter().map(deliver).collect()
    }

    fn new(body: &'static str, webhook: Webhook<'static>, before: Timeline) -> Delivery {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let signature = mac.finalize().into_bytes();
        let signature = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        let fields: serde_json::Value = serde_json::from_str(body).unwrap();
        let now = EpochMs(fields["comciscotimestamp"].as_i64().unwrap());
        let stored = before.encode().unwrap();
        Delivery { body, signature, timestamp: now.to_string(), now, webhook, before, stored }
    }

    fn verify(&self, secrets: &Secrets) {
        let headers =
            ProofHeaders { signature: Some(&self.signature), timestamp: Some(&self.timestamp) };
        let proof = secrets.verify_webhook(self.body.as_bytes(), headers, self.now);
        assert_eq!(proof, Ok(Proof::Complete));
    }

    /// As API Gateway hands it over.
    fn request(&self) -> Request {
        let request = http::Request::post("/webhooks")
            .header("x-webexcc-signature", &self.signature)
            .header("x-webexcc-timestamp", &self.timestamp)
            .header("x-webexcc-webhook-version", "task:1.0.0");
        request.body(Body::Text(self.body.to_owned())).unwrap()
    }

    /// What DynamoDB says of the task's state before.
    fn item(&self) -> String {
        let item = match self.before.events() {
            0 => json!(null),
            version => json!({
                "version": { "N": version.to_string() },
                "timeline": { "B": BASE64_STANDARD.encode(&self.stored) },
            }),
        };
        json!({ "Item": item }).to_string()
    }

    fn parse(&self) -> Webhook<'_> {
        Webhook::parse(self.body.as_bytes()).unwrap()
    }
}

fn secrets() -> Secrets {
    let subscriptions = BTreeMap::from(SUBSCRIPTIONS.map(|id| (id, [SECRET])));
    serde_json::from_value(json!({ "subscriptions": subscriptions })).unwrap()
}

fn deliveries() -> Vec<Delivery> {
    let deliveries: Vec<_> = SAMPLE.into_iter().flat_map(Delivery::from_task).collect();
    assert_eq!(deliveries.len(), DELIVERIES as usize);
    deliveries
}

/// Takes the deliveries in turn.
fn each<T>(bencher: Bencher<'_, '_>, step: impl Fn(&Delivery) -> T) {
    let deliveries = deliveries();
    let mut next = deliveries.iter().cycle();
    bencher.bench_local(|| step(next.next().unwrap()));
}

#[divan::bench(sample_size = DELIVERIES)]
fn verify(bencher: Bencher<'_, '_>) {
    let secrets = secrets();
    each(bencher, |delivery| delivery.verify(&secrets));
}

#[divan::bench(sample_size = DELIVERIES)]
fn parse(bencher: Bencher<'_, '_>) {
    each(bencher, |delivery| delivery.parse().event.identity);
}

#[divan::bench(sample_size = DELIVERIES)]
fn decode(bencher: Bencher<'_, '_>) {
    each(bencher, |delivery| Timeline::decode(&delivery.stored).unwrap());
}

#[divan::bench(sample_size = DELIVERIES)]
fn apply(bencher: Bencher<'_, '_>) {
    each(bencher, |delivery| {
        let mut timeline = delivery.before.clone();
        timeline.apply(&delivery.webhook.event, Limits::default(), &mut ());
        timeline
    });
}

#[divan::bench(sample_size = DELIVERIES)]
fn encode(bencher: Bencher<'_, '_>) {
    each(bencher, |delivery| delivery.before.encode().unwrap());
}

#[divan::bench(sample_size = DELIVERIES)]
fn all_of_these(bencher: Bencher<'_, '_>) {
    let secrets = secrets();
    each(bencher, |delivery| {
        delivery.verify(&secrets);
        let mut timeline = Timeline::decode(&delivery.stored).unwrap();
        timeline.apply(&delivery.parse().event, Limits::default(), &mut ());
        timeline.encode().unwrap()
    });
}

/// All that the function does, the SDK's part included: two or three requests written, signed,
/// and their answers read.
#[divan::bench(sample_size = DELIVERIES)]
fn handle_with_sdk(bencher: Bencher<'_, '_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let dynamodb = Canned::default();
    let s3 = aws_sdk_s3::Config::builder().behavior_version(BehaviorVersion::latest()).build();
    let bucket = Bucket::new(aws_sdk_s3::Client::from_conf(s3), "bucket".to_owned());
    let ingest = IngestWebhook::new(dynamodb.table(), bucket, SecretStore::fixed(secrets()));
    let deliveries: Vec<_> =
        deliveries().iter().map(|it| (it.request(), it.now, it.item())).collect();
    let mut next = deliveries.iter().cycle();
    bencher.bench_local(|| {
        let (request, now, item) = next.next().unwrap();
        dynamodb.answer(item);
        let handled = runtime.block_on(ingest.handle(request, *now));
        assert_eq!(handled.summary.outcome.name(), "applied");
        handled
    });
}
