//! Takes webhooks from Webex and signals from flows: verify, parse, store, move the state, answer.
//!
//! Invariants:
//! - A delivery without proof changes nothing. A genuine one is not lost once it is answered with
//!   2xx: it is in the table, or in S3 below `spill/` or `quarantine/`.
//! - What is proven by its signature only, as nobody can read who sent it and when, never gets into
//!   the table.
//! - The answer comes within [`ANSWER_WITHIN`], whatever DynamoDB and S3 do: Webex gives five
//!   seconds and then counts a failure.

use std::error::Error;
use std::time::Duration;

use lambda_http::http::Method;
use lambda_http::{Body, Request, Response};
use task_timeline::EpochMs;
use tokio::time::{Instant, timeout_at};
use webhook::{Proof, ProofHeaders, Refusal, Secrets, Webhook};

use self::outcome::DeliveryOutcome;
use self::secret_store::SecretStore;
use self::signals::{Signal, SignalError};
use self::summary::DeliverySummary;
use crate::error_chain::Chain;
use crate::store::bucket::{Bucket, BucketError, RawDelivery};
use crate::store::task_table::{Session, TaskTable};
use crate::store::transition::{store, transition};
use crate::store::undated::dated;
use event_archive::{ArchivedEvent, Headers};

pub mod outcome;
pub mod secret_store;
pub mod signals;
pub mod summary;

/// A webhook is never larger.
pub const MOST_BYTES: usize = 256 * 1024;
/// The answer never takes longer.
pub const ANSWER_WITHIN: Duration = Duration::from_millis(4_500);
/// By then the event is in the table, or goes to S3.
const STORED_WITHIN: Duration = Duration::from_millis(2_500);
/// By then the state is moved, or the move is left to the stream.
const MOVED_WITHIN: Duration = Duration::from_millis(4_000);
/// By then S3 has the delivery, or it is not accepted.
const KEPT_WITHIN: Duration = Duration::from_millis(4_300);

/// The function.
#[derive(Debug)]
pub struct IngestWebhook {
    table: TaskTable,
    bucket: Bucket,
    secrets: SecretStore,
}

/// The answer, and what to log.
#[derive(Debug)]
pub struct Handled {
    /// The answer to the sender.
    pub response: Response<Body>,
    /// The line in the log.
    pub summary: DeliverySummary,
}

/// A delivery on its way through the function.
struct Incoming<'a> {
    raw: RawDelivery<'a>,
    began: Instant,
    session: &'a Session,
}

impl IngestWebhook {
    /// The function, over a table and a bucket.
    pub fn new(table: TaskTable, bucket: Bucket, secrets: SecretStore) -> IngestWebhook {
        IngestWebhook { table, bucket, secrets }
    }

    /// Handles one request that was received at `now`.
    pub async fn handle(&self, request: &Request, now: EpochMs) -> Handled {
        let began = Instant::now();
        let session = self.table.session();
        let mut summary = DeliverySummary::new(now);
        summary.outcome = match route(request) {
            Ok(Route::Webhook) => {
                let raw = raw(request, now);
                self.webhook(Incoming { raw, began, session: &session }, request, &mut summary)
                    .await
            }
            Ok(Route::Signal(signal)) => {
                let raw = raw(request, now);
                let incoming = Incoming { raw, began, session: &session };
                match self.prove_signal(request).await {
                    Ok(()) => {
                        let signal = self.signal(signal, incoming, &mut summary);
                        signal.await.unwrap_or_else(DeliveryOutcome::BadSignal)
                    }
                    Err(refusal) => DeliveryOutcome::Refused(refusal),
                }
            }
            Err(refused) => refused,
        };
        summary.spent = session.spent();
        summary.duration_ms = began.elapsed().as_secs_f64() * 1e3;
        Handled { response: summary.outcome.response(), summary }
    }

    async fn webhook(
        &self,
        incoming: Incoming<'_>,
        request: &Request,
        summary: &mut DeliverySummary,
    ) -> DeliveryOutcome {
        let RawDelivery { body, arrived_at, headers } = incoming.raw;
        let proof_headers = ProofHeaders {
            signature: header(request, "x-webexcc-signature"),
            timestamp: headers.timestamp,
        };
        let verify = |secrets: &Secrets| secrets.verify_webhook(body, proof_headers, arrived_at);
        match self.prove(verify).await {
            Ok(Proof::Complete) => match Webhook::parse(body) {
                Ok(webhook) => self.keep(&incoming, webhook, summary).await,
                Err(error) => self.quarantine(&incoming, &error.to_string()).await,
            },
            Ok(Proof::SignatureOnly { reason }) => self.quarantine(&incoming, &reason).await,
            Err(refusal) => DeliveryOutcome::Refused(refusal),
        }
    }

    async fn prove_signal(&self, request: &Request) -> Result<(), Refusal> {
        let secret = header(request, signals::SECRET_HEADER);
        self.prove(|secrets| secrets.verify_signal(secret)).await
    }

    async fn signal(
        &self,
        signal: Signal,
        incoming: Incoming<'_>,
        summary: &mut DeliverySummary,
    ) -> Result<DeliveryOutcome, SignalError> {
        let body = signal.webhook_body(incoming.raw.body, incoming.raw.arrived_at)?;
        let raw = RawDelivery { body: body.as_bytes(), ..incoming.raw };
        let incoming = Incoming { raw, ..incoming };
        summary.describe(&Webhook::parse(raw.body)?);
        let dated = dated(incoming.session, raw.body);
        let dated = within(incoming.began + STORED_WITHIN, dated, "the signal goes to S3");
        let Some(body) = dated.await else { return Ok(self.spill(&incoming).await) };
        let raw = RawDelivery { body: &body, ..raw };
        let webhook = Webhook::parse(raw.body)?;
        Ok(self.keep(&Incoming { raw, ..incoming }, webhook, summary).await)
    }

    /// Verifies with the current secrets, and if they do not fit with new ones.
    async fn prove<T>(
        &self,
        verify: impl Fn(&Secrets) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let verdict = verify(&self.secrets.current());
        let is_final =
            !matches!(verdict, Err(Refusal::Forged | Refusal::UnknownSubscription { .. }));
        if is_final {
            return verdict;
        }
        match self.secrets.reread().await {
            Some(newer) => verify(&newer),
            None => verdict,
        }
    }

    /// Makes the event durable, and moves the state as far as time allows.
    async fn keep(
        &self,
        incoming: &Incoming<'_>,
        webhook: Webhook<'_>,
        summary: &mut DeliverySummary,
    ) -> DeliveryOutcome {
        summary.describe(&webhook);
        let RawDelivery { body, arrived_at, headers } = incoming.raw;
        let Ok(body) = std::str::from_utf8(body) else {
            return self.quarantine(incoming, "not UTF-8").await;
        };
        let received = ArchivedEvent { webhook, body, arrived_at, headers };
        let stored = store(incoming.session, &received);
        let stored = within(incoming.began + STORED_WITHIN, stored, "the delivery goes to S3");
        let Some(stored) = stored.await else { return self.spill(incoming).await };
        let moved = transition(incoming.session, &received, stored);
        let moved = within(incoming.began + MOVED_WITHIN, moved, "the stream will settle the task");
        moved.await.map_or(DeliveryOutcome::Unsettled, DeliveryOutcome::Stored)
    }

    async fn spill(&self, incoming: &Incoming<'_>) -> DeliveryOutcome {
        let spill = self.bucket.spill(incoming.raw);
        self.kept(incoming, spill, DeliveryOutcome::Spilled).await
    }

    async fn quarantine(&self, incoming: &Incoming<'_>, reason: &str) -> DeliveryOutcome {
        let quarantine = self.bucket.quarantine(incoming.raw, reason);
        self.kept(incoming, quarantine, DeliveryOutcome::Quarantined).await
    }

    async fn kept(
        &self,
        incoming: &Incoming<'_>,
        put: impl Future<Output = Result<(), BucketError>>,
        outcome: DeliveryOutcome,
    ) -> DeliveryOutcome {
        let put = within(incoming.began + KEPT_WITHIN, put, "the delivery is not accepted");
        put.await.map_or(DeliveryOutcome::Unavailable, |()| outcome)
    }
}

enum Route {
    Webhook,
    Signal(Signal),
}

/// What the request is for; API Gateway may put a stage before the path.
fn route(request: &Request) -> Result<Route, DeliveryOutcome> {
    let path = request.uri().path().trim_end_matches('/');
    let route = if path.ends_with("/webhooks") {
        Route::Webhook
    } else if path.ends_with("/signals/callback-requested") {
        Route::Signal(Signal::CallbackRequested)
    } else if path.ends_with("/signals/callback-failed") {
        Route::Signal(Signal::CallbackFailed)
    } else {
        return Err(DeliveryOutcome::NoSuchPath);
    };
    if request.method() != Method::POST {
        return Err(DeliveryOutcome::NoSuchMethod);
    }
    if request.body().len() > MOST_BYTES {
        return Err(DeliveryOutcome::TooLarge);
    }
    Ok(route)
}

fn raw(request: &Request, arrived_at: EpochMs) -> RawDelivery<'_> {
    let headers = Headers {
        timestamp: header(request, "x-webexcc-timestamp"),
        version: header(request, "x-webexcc-webhook-version"),
    };
    RawDelivery { body: request.body(), arrived_at, headers }
}

fn header<'r>(request: &'r Request, name: &str) -> Option<&'r str> {
    request.headers().get(name)?.to_str().ok()
}

/// The result of `done`; `None` if it fails or is not there by the `deadline`, with a line in the
/// log that says what happens instead.
async fn within<T, E: Error + 'static>(
    deadline: Instant,
    done: impl Future<Output = Result<T, E>>,
    instead: &'static str,
) -> Option<T> {
    match timeout_at(deadline, done).await {
        Ok(Ok(value)) => return Some(value),
        Ok(Err(error)) => tracing::warn!(cause = %Chain(&error), "{instead}"),
        Err(elapsed) => tracing::warn!(cause = %Chain(&elapsed), "{instead}"),
    }
    None
}
