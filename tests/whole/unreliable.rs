//! Crashes, throttling, outages: nothing accepted is missing, nothing doubled, states converge.

use std::time::{Duration, Instant};

use anyhow::Result;
use functions::archive_events::{ArchiveEvents, BatchSummary, Work};
use functions::config::now;
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use local_stack::{HttpApi, Services, Webex, bucket, check, map_stream, serve_ingest, task_table};
use tempfile::TempDir;
use tokio::sync::oneshot;

use crate::faults::{Fate, Faults};
use crate::traffic::{SECRET, deliver, sample_of, shuffled};

/// Services that fail as told, and one instance of the ingest function on them.
struct Unreliable {
    services: Services,
    dynamodb: Faults,
    s3: Faults,
    ingest: HttpApi,
    _folder: TempDir,
}

impl Unreliable {
    async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let services = Services::start(folder.path()).await?;
        let dynamodb = Faults::before(services.dynamodb.endpoint()).await?;
        let s3 = Faults::before(services.object_store.endpoint()).await?;
        let (table, bucket) = (task_table(&dynamodb.endpoint()), bucket(&s3.endpoint()));
        let ingest = serve_ingest(0, table, bucket, Webex::secrets(SECRET)?).await?;
        Ok(Self { services, dynamodb, s3, ingest, _folder: folder })
    }

    fn webex(&self) -> Webex {
        Webex::new(&self.ingest.url(), SECRET)
    }

    /// The archive function, on the same unreliable services.
    fn archive_events(&self) -> ArchiveEvents {
        let table = task_table(&self.dynamodb.endpoint());
        ArchiveEvents::new(table, bucket(&self.s3.endpoint()))
    }

    /// An instance of the ingest function that is not behind a server.
    fn instance(&self) -> Result<IngestWebhook> {
        let table = task_table(&self.dynamodb.endpoint());
        let secrets = SecretStore::fixed(Webex::secrets(SECRET)?);
        Ok(IngestWebhook::new(table, bucket(&self.s3.endpoint()), secrets))
    }

    /// A delivery to an instance that dies when the event is stored and the state is not.
    async fn crash_before_the_state(&self, body: &str) -> Result<()> {
        let (reached, at_the_state) = oneshot::channel();
        let mut reached = Some(reached);
        self.dynamodb.decide(move |call| match call.writes("S") {
            true => {
                reached.take().map(|reached| reached.send(()));
                Fate::Hang(Duration::from_secs(60))
            }
            false => Fate::Pass,
        });
        let (instance, request) = (self.instance()?, self.webex().request(body)?);
        let delivery = tokio::spawn(async move { instance.handle(&request, now()).await });
        at_the_state.await?;
        delivery.abort();
        self.dynamodb.always(Fate::Pass);
        Ok(())
    }

    fn s3_client(&self) -> aws_sdk_s3::Client {
        local_stack::clients::s3(&self.services.object_store.endpoint())
    }

    /// What the schedule does when all is well again.
    async fn replay(&self) -> Result<BatchSummary> {
        let schedule: Work = serde_json::from_str(r#"{"source": "aws.scheduler"}"#)?;
        Ok(self.archive_events().handle(&schedule, now()).await.1)
    }

    /// Lets the archive function take the whole stream.
    async fn archive(&self) -> Result<()> {
        let stream = map_stream(&self.services.dynamodb, self.archive_events()).await?;
        stream.drained().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_request_in_five_fails_and_nothing_is_lost() -> Result<()> {
    let stack = Unreliable::start().await?;
    let fates = &[Fate::Throttle, Fate::Fail, Fate::Drop, Fate::LoseAnswer];
    stack.dynamodb.at_random(1, 0.2, fates);
    let mut all = Vec::new();
    for order in 0..10 {
        let bodies = sample_of(&format!("order {order}"));
        deliver(&[stack.webex()], shuffled(&bodies, order), 8).await?;
        all.extend(bodies);
    }
    stack.archive().await?;
    stack.dynamodb.always(Fate::Pass);
    stack.replay().await?;
    stack.archive().await?;
    check::table(&stack.services.task_table(), &all).await?;
    check::archive(&stack.s3_client(), &all).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_between_event_and_state_is_settled_by_the_stream() -> Result<()> {
    let stack = Unreliable::start().await?;
    let bodies = sample_of("crash");
    for (number, body) in bodies.iter().enumerate() {
        if number % 5 == 2 || number + 1 == bodies.len() {
            stack.crash_before_the_state(body).await?;
        } else {
            deliver(&[stack.webex()], vec![body.clone()], 1).await?;
        }
    }
    stack.archive().await?;
    check::table(&stack.services.task_table(), &bodies).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_dynamodb_does_not_take_goes_to_s3_and_comes_back() -> Result<()> {
    let stack = Unreliable::start().await?;
    let bodies = sample_of("outage");
    let (before, during) = bodies.split_at(10);
    deliver(&[stack.webex()], before.to_vec(), 2).await?;
    let fates = [Fate::Drop, Fate::Throttle, Fate::Hang(Duration::from_secs(30))];
    for (fate, times) in fates.into_iter().zip(1..) {
        stack.dynamodb.always(fate);
        let began = Instant::now();
        deliver(&[stack.webex()], during.to_vec(), during.len()).await?;
        assert!(began.elapsed() < Duration::from_secs(5), "{fate:?}: {:?}", began.elapsed());
        let summary = stack.replay().await?;
        assert_eq!((summary.replayed, summary.spill_left), (0, times * during.len()));
    }
    stack.dynamodb.always(Fate::Pass);
    let summary = stack.replay().await?;
    let after = (summary.replayed, summary.spill_left, summary.errors.len());
    assert_eq!(after, (3 * during.len(), 0, 0));
    stack.archive().await?;
    check::table(&stack.services.task_table(), &bodies).await?;
    check::archive(&stack.s3_client(), &bodies).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_both_nothing_is_accepted_and_the_answer_is_still_in_time() -> Result<()> {
    let stack = Unreliable::start().await?;
    stack.dynamodb.always(Fate::Hang(Duration::from_secs(30)));
    stack.s3.always(Fate::Hang(Duration::from_secs(30)));
    let began = Instant::now();
    let answer = stack.webex().deliver(&sample_of("both")[0]).await?;
    assert_eq!(answer.status(), 503);
    assert!(began.elapsed() < Duration::from_millis(4_700), "{:?}", began.elapsed());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_archive_waits_for_s3() -> Result<()> {
    let stack = Unreliable::start().await?;
    let bodies = sample_of("s3");
    stack.s3.at_random(1, 0.9, &[Fate::Throttle, Fate::Fail, Fate::Drop, Fate::LoseAnswer]);
    let stream = map_stream(&stack.services.dynamodb, stack.archive_events()).await?;
    deliver(&[stack.webex()], bodies.clone(), 4).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    stack.s3.always(Fate::Pass);
    stream.drained().await?;
    check::archive(&stack.s3_client(), &bodies).await
}

#[tokio::test]
async fn an_instance_may_die_at_any_moment() -> Result<()> {
    let stack = Unreliable::start().await?;
    let bodies = sample_of("mortal");
    let instance = stack.instance()?;
    let mut random = fastrand::Rng::with_seed(1);
    for body in shuffled(&bodies, 1) {
        let request = stack.webex().request(&body)?;
        let patience = Duration::from_micros(random.u64(0..20_000));
        let answered = tokio::time::timeout(patience, instance.handle(&request, now())).await;
        if answered.is_err() {
            // Nobody got an answer, so Webex has to send it again for it to be known.
            deliver(&[stack.webex()], vec![body], 1).await?;
        }
    }
    stack.archive().await?;
    check::table(&stack.services.task_table(), &bodies).await
}
