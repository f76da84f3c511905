//! A proxy before an embedded service that makes it as unreliable as a test wants.
//!
//! Requests go through unchanged, `Host` included, so that their signatures stay valid. What
//! happens to one is up to a single function, which a test may replace at any time.

use std::collections::BTreeMap;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use anyhow::{Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is served.
    Pass,
    /// It is refused for now: over capacity, or S3's 503.
    Throttle,
    /// It is answered 500, without effect.
    Fail,
    /// The connection is closed, without effect.
    Drop,
    /// It is served, and the connection closed before the answer.
    LoseAnswer,
    /// It is served after a while, unless the client has gone by then.
    Hang(Duration),
}

/// A request as the deciding function sees it.
#[derive(Debug)]
pub(crate) struct Call {
    /// DynamoDB's name of the operation; the method for S3.
    pub(crate) operation: String,
    /// Where it goes: S3's bucket and key.
    pub(crate) path: String,
    /// As sent: DynamoDB's JSON.
    pub(crate) body: Bytes,
}

impl Call {
    /// Whether this is a write of the item with the sort key `sk`.
    pub(crate) fn writes(&self, sk: &str) -> bool {
        let key = format!(r#""sk":{{"S":"{sk}"}}"#);
        matches!(self.operation.as_str(), "PutItem" | "UpdateItem" | "TransactWriteItems")
            && String::from_utf8_lossy(&self.body).contains(&key)
    }
}

type Decide = Box<dyn FnMut(&Call) -> Fate + Send>;

struct State {
    decide: Decide,
    counts: BTreeMap<String, usize>,
}

/// A running proxy; it closes when dropped.
pub(crate) struct Faults {
    endpoint: String,
    state: Arc<Mutex<State>>,
    _serving: AbortOnDropHandle<()>,
}

impl Faults {
    /// A proxy before the service at `upstream`, which lets everything pass at first.
    pub(crate) async fn before(upstream: String) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let decide: Decide = Box::new(|_| Fate::Pass);
        let state = Arc::new(Mutex::new(State { decide, counts: BTreeMap::new() }));
        let proxy = Proxy { upstream, client: client(), state: Arc::clone(&state) };
        let serving = AbortOnDropHandle::new(tokio::spawn(serve(listener, Arc::new(proxy))));
        Ok(Self { endpoint, state, _serving: serving })
    }

    /// The endpoint URL for an SDK client, instead of the service's own.
    pub(crate) fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    /// Decides on each request from now on.
    pub(crate) fn decide(&self, decide: impl FnMut(&Call) -> Fate + Send + 'static) {
        locked(&self.state).decide = Box::new(decide);
    }

    /// Every request meets the same fate.
    pub(crate) fn always(&self, fate: Fate) {
        self.decide(move |_| fate);
    }

    /// A `share` of the requests meets one of `fates`; the same seed gives the same sequence.
    pub(crate) fn at_random(&self, seed: u64, share: f64, fates: &'static [Fate]) {
        let mut random = fastrand::Rng::with_seed(seed);
        self.decide(move |_| {
            let fate = if random.f64() < share { random.choice(fates) } else { None };
            fate.copied().unwrap_or(Fate::Pass)
        });
    }

    /// The first request that `picked` says yes to meets `fate`; all others pass.
    pub(crate) fn once(&self, fate: Fate, mut picked: impl FnMut(&Call) -> bool + Send + 'static) {
        let mut pending = true;
        self.decide(move |call| {
            let meets = pending && picked(call);
            pending &= !meets;
            if meets { fate } else { Fate::Pass }
        });
    }

    /// How many requests came since the last call, by operation, whatever became of them.
    pub(crate) fn take_counts(&self) -> BTreeMap<String, usize> {
        mem::take(&mut locked(&self.state).counts)
    }
}

struct Proxy {
    upstream: String,
    client: reqwest::Client,
    state: Arc<Mutex<State>>,
}

async fn serve(listener: TcpListener, proxy: Arc<Proxy>) {
    while let Ok((connection, _)) = listener.accept().await {
        tokio::spawn(converse(connection, Arc::clone(&proxy)));
    }
}

/// An error of the service, which is how it drops the connection, is no news to anybody.
async fn converse(connection: TcpStream, proxy: Arc<Proxy>) {
    let service = service_fn(|request| proxy.answer(request));
    drop(http1::Builder::new().serve_connection(TokioIo::new(connection), service).await);
}

impl Proxy {
    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>> {
        let (parts, body) = request.into_parts();
        let target = parts.headers.get("x-amz-target").and_then(|target| target.to_str().ok());
        let operation = target.and_then(|target| target.rsplit('.').next());
        let call = Call {
            operation: operation.unwrap_or(parts.method.as_str()).to_owned(),
            path: parts.uri.path().to_owned(),
            body: body.collect().await?.to_bytes(),
        };
        let dynamodb = target.is_some();
        match self.fate(&call) {
            Fate::Pass => {}
            Fate::Throttle if dynamodb => {
                return Ok(json(400, "ProvisionedThroughputExceededException"));
            }
            Fate::Throttle => return Ok(xml(503, "SlowDown")),
            Fate::Fail if dynamodb => return Ok(json(500, "InternalServerError")),
            Fate::Fail => return Ok(xml(500, "InternalError")),
            Fate::Drop => bail!("dropped"),
            Fate::LoseAnswer => {
                self.forward(parts, call.body).await?;
                bail!("answer lost");
            }
            Fate::Hang(time) => tokio::time::sleep(time).await,
        }
        self.forward(parts, call.body).await
    }

    fn fate(&self, call: &Call) -> Fate {
        let mut state = locked(&self.state);
        *state.counts.entry(call.operation.clone()).or_default() += 1;
        (state.decide)(call)
    }

    async fn forward(&self, parts: Parts, body: Bytes) -> Result<Response<Full<Bytes>>> {
        let mut headers = parts.headers;
        // The body is whole now, and its length known.
        headers.remove(TRANSFER_ENCODING);
        let request = self.client.request(parts.method, format!("{}{}", self.upstream, parts.uri));
        let answer = request.headers(headers).body(body).send().await?;
        let mut response = Response::builder().status(answer.status()).body(())?;
        *response.headers_mut() = answer.headers().clone();
        response.headers_mut().remove(TRANSFER_ENCODING);
        let body = answer.bytes().await?;
        Ok(response.map(|()| Full::new(body)))
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("a deciding function panicked")
}

/// The answer is the service's own, so no redirects are followed; and the service is on loopback,
/// whatever proxy the environment names.
fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    client.build().expect("a client without TLS needs nothing")
}

fn json(status: u16, kind: &str) -> Response<Full<Bytes>> {
    let body =
        format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{kind}","message":"injected"}}"#);
    refusal(status, "application/x-amz-json-1.0", body)
}

fn xml(status: u16, code: &str) -> Response<Full<Bytes>> {
    let body = format!("<Error><Code>{code}</Code><Message>injected</Message></Error>");
    refusal(status, "application/xml", body)
}

fn refusal(status: u16, content_type: &'static str, body: String) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status).header(CONTENT_TYPE, content_type);
    response.body(Full::new(body.into())).expect("a valid status and header")
}
