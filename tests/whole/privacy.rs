//! Whatever becomes of deliveries, logs and metrics tell no body, no secret and no number.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use anyhow::Result;
use functions::config::now;
use functions::ingest_webhook::IngestWebhook;
use functions::ingest_webhook::secret_store::SecretStore;
use functions::metrics;
use lambda_http::{Body, Request, http};
use local_stack::{Services, Webex, task_table};
use tracing_subscriber::filter::LevelFilter;

use crate::faults::{Fate, Faults};
use crate::traffic::{SECRET, sample_of};

/// The customer's number in the sample.
const NUMBER: &str = "+15550100101";

/// A log that is kept in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn signal(body: String) -> Result<Request> {
    let request = http::Request::post("/signals/callback-requested");
    Ok(request.header("x-trueline-secret", SECRET).body(Body::Text(body))?)
}

#[tokio::test]
async fn logs_and_metrics_tell_no_body_no_secret_and_no_number() -> Result<()> {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().json().with_max_level(LevelFilter::INFO);
    // This test has one thread, and the functions run on it.
    let _logging =
        tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish());
    // With a single subscriber, `tracing` asks only the thread that comes first to a log line
    // whether anybody listens; that may be another test's.
    let _second = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let dynamodb = Faults::before(services.dynamodb.endpoint()).await?;
    let table = task_table(&dynamodb.endpoint());
    let secrets = SecretStore::fixed(Webex::secrets(SECRET)?);
    let ingest = IngestWebhook::new(table, services.bucket(), secrets);

    let bodies = sample_of("private");
    assert!(bodies[..3].iter().all(|body| body.contains(NUMBER)));
    let (webex, stranger) = (Webex::new("", SECRET), Webex::new("", "guessed"));
    let unreadable = bodies[0].replace("createdTime", "created");
    let deliveries = [
        (Fate::Pass, webex.request(&bodies[1])?, "applied"),
        (Fate::Pass, webex.request(&bodies[1])?, "duplicate"),
        (Fate::Pass, webex.request(&bodies[0])?, "late"),
        (Fate::Pass, webex.request(&unreadable)?, "quarantined"),
        (Fate::Pass, stranger.request(&bodies[2])?, "refused"),
        (
            Fate::Pass,
            signal(format!(r#"{{"orgId":"o","taskId":"t","requestedAt":"{NUMBER}"}}"#))?,
            "refused",
        ),
        (Fate::Throttle, webex.request(&bodies[2])?, "spilled"),
        (Fate::Fail, webex.request(&bodies[2])?, "spilled"),
    ];
    for (fate, request, outcome) in deliveries {
        dynamodb.always(fate);
        let handled = ingest.handle(&request, now()).await;
        assert_eq!(handled.summary.outcome.name(), outcome);
        handled.summary.log();
        writeln!(log.clone(), "{}", metrics::of_delivery(&handled.summary))?;
    }

    let log = String::from_utf8(log.0.lock().unwrap().clone())?;
    // A line and its metrics for each, and a warning for each that DynamoDB did not take.
    assert_eq!(log.lines().count(), 8 + 8 + 2, "{log}");
    for private in [NUMBER, SECRET, "comciscoorgid", "createdTime"] {
        assert!(!log.contains(private), "{private} in {log}");
    }
    Ok(())
}
