//! The Subscriptions API as it is described: subscriptions in memory, failures on request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use functions::watch_subscriptions::subscriptions::{Credentials, Patience, Subscriptions};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// The token that is accepted.
const TOKEN: &str = "good";
/// Types that a tenant may list; the last one nobody knows.
const TYPES: [&str; 9] = [
    "task:new",
    "task:parked",
    "task:ended",
    "agent:login",
    "agent:state_change",
    "agent:channel_state_change",
    "capture:available",
    "task-message:appended",
    "task:teleported",
];

/// What the API holds, and what it was asked.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) subscriptions: Vec<Value>,
    /// Subscriptions of version 1, which count but are not listed.
    pub(crate) of_version_1: usize,
    /// Answers to give before the true ones.
    pub(crate) failures: VecDeque<ResponseTemplate>,
    /// `METHOD path body` of each request, the last one last.
    pub(crate) asked: Vec<String>,
    /// Whether changes fail.
    pub(crate) refuses_changes: bool,
    /// Whether types that nobody knows are refused.
    pub(crate) refuses_unknown: bool,
    /// Whether only `agent:1.0.0` is offered.
    pub(crate) is_old: bool,
    pub(crate) tokens_given: usize,
    /// Whether a new token is needed.
    pub(crate) is_expired: bool,
}

/// A running fake.
pub(crate) struct Webex {
    server: MockServer,
    pub(crate) state: Arc<Mutex<State>>,
}

struct Api(Arc<Mutex<State>>);

impl Webex {
    pub(crate) async fn start() -> Webex {
        let server = MockServer::start().await;
        let state = Arc::new(Mutex::new(State::default()));
        Mock::given(any()).respond_with(Api(Arc::clone(&state))).mount(&server).await;
        Webex { server, state }
    }

    /// A client that does not wait for long.
    pub(crate) fn client(&self, credentials: Value) -> Subscriptions {
        let credentials: Credentials = serde_json::from_value(credentials).unwrap();
        let patience = Patience {
            longest_wait: Duration::from_secs(2),
            first_pause: Duration::from_millis(1),
        };
        Subscriptions::new(&self.server.uri(), credentials, patience).unwrap()
    }

    pub(crate) fn with_token(&self) -> Subscriptions {
        self.client(json!({ "accessToken": TOKEN }))
    }

    pub(crate) fn with_refresh(&self) -> Subscriptions {
        let token_url = format!("{}/v1/access_token", self.server.uri());
        self.client(json!({
            "clientId": "id", "clientSecret": "hush", "refreshToken": "again", "tokenUrl": token_url,
        }))
    }

    pub(crate) fn fail(&self, answers: impl IntoIterator<Item = ResponseTemplate>) {
        self.state.lock().unwrap().failures.extend(answers);
    }

    /// What it was asked since the last time, without questions that change nothing.
    pub(crate) fn changes(&self) -> Vec<String> {
        let asked = std::mem::take(&mut self.state.lock().unwrap().asked);
        asked.into_iter().filter(|request| !request.starts_with("GET")).collect()
    }
}

impl Respond for Api {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut state = self.0.lock().unwrap();
        let path = request.url.path().to_owned();
        if path == "/v1/access_token" {
            let form = String::from_utf8_lossy(&request.body);
            assert!(form.contains("grant_type=refresh_token") && form.contains("hush"), "{form}");
            (state.tokens_given, state.is_expired) = (state.tokens_given + 1, false);
            let granted = json!({ "access_token": TOKEN, "expires_in": 1_209_599 });
            return ResponseTemplate::new(200).set_body_json(granted);
        }
        let body = String::from_utf8_lossy(&request.body).into_owned();
        state.asked.push(format!("{} {path} {body}", request.method));
        if let Some(failure) = state.failures.pop_front() {
            return failure;
        }
        let authorization = request.headers.get("authorization").unwrap().to_str().unwrap();
        if state.is_expired || authorization != format!("Bearer {TOKEN}") {
            return ResponseTemplate::new(401);
        }
        let id = path.strip_prefix("/v2/subscriptions/").map(str::to_owned);
        let body: Value = serde_json::from_str(&body).unwrap_or_default();
        if state.refuses_unknown && body["eventTypes"].to_string().contains("teleported") {
            let error = json!({ "error": { "message": ["unknown event type"] } });
            return ResponseTemplate::new(400).set_body_json(error);
        }
        match (request.method.as_str(), path.as_str(), id) {
            ("GET", "/v2/event-types", _) => {
                ResponseTemplate::new(200).set_body_json(event_types(state.is_old))
            }
            ("GET", "/v2/subscriptions", _) => {
                let count = state.subscriptions.len() + state.of_version_1;
                let answer = json!({
                    "meta": { "orgId": "o", "subscriptionCount": count },
                    "data": state.subscriptions.iter().map(without_secret).collect::<Vec<_>>(),
                });
                ResponseTemplate::new(200).set_body_json(answer)
            }
            ("POST", "/v2/subscriptions", _) => state.create(body),
            ("PATCH", _, Some(_)) if state.refuses_changes => ResponseTemplate::new(500),
            ("PATCH", _, Some(id)) => state.change(&id, &body),
            ("DELETE", _, Some(id)) => {
                let before = state.subscriptions.len();
                state.subscriptions.retain(|there| there["id"] != id.as_str());
                ResponseTemplate::new(if state.subscriptions.len() < before { 204 } else { 404 })
            }
            _ => ResponseTemplate::new(404),
        }
    }
}

impl State {
    fn create(&mut self, body: Value) -> ResponseTemplate {
        if self.subscriptions.len() + self.of_version_1 >= 20 {
            let error = json!({ "error": { "message": ["Subscription limit exceeded"] } });
            return ResponseTemplate::new(400).set_body_json(error);
        }
        let secret = body["secret"].as_str().unwrap_or_default().len();
        assert!((32..=256).contains(&secret), "the secret has {secret} characters");
        let mut made = body;
        made["id"] = format!("id-{}", self.subscriptions.len()).into();
        made["status"] = "active".into();
        made["lastUpdatedTime"] = 1_790_000_000_000_i64.into();
        self.subscriptions.push(made.clone());
        let answer = json!({ "meta": { "orgId": "o" }, "data": without_secret(&made) });
        ResponseTemplate::new(201).set_body_json(answer)
    }

    fn change(&mut self, id: &str, body: &Value) -> ResponseTemplate {
        let Some(there) = self.subscriptions.iter_mut().find(|there| there["id"] == id) else {
            return ResponseTemplate::new(404);
        };
        if body["resourceVersion"] != there["resourceVersion"] || body.get("name").is_some() {
            return ResponseTemplate::new(400);
        }
        for (field, value) in body.as_object().unwrap() {
            there[field] = value.clone();
        }
        ResponseTemplate::new(200).set_body_json(json!({ "data": without_secret(there) }))
    }
}

fn event_types(is_old: bool) -> Value {
    let data = TYPES.map(|name| {
        let (resource, action) = name.split_once(':').unwrap();
        json!({ "name": name, "resource": resource, "action": action })
    });
    let versions =
        [("task", "1.0.0"), ("agent", "1.0.0"), ("agent", "2.0.0"), ("capture", "1.0.0")];
    let versions = versions.iter().filter(|of| !is_old || of.1 == "1.0.0");
    let versions: Vec<_> = versions
        .map(|(resource, version)| json!({ "resource": resource, "version": version }))
        .collect();
    json!({ "data": data, "meta": { "orgId": "o", "resourceVersionList": versions } })
}

/// A secret is write-only.
fn without_secret(subscription: &Value) -> Value {
    let mut shown = subscription.clone();
    shown.as_object_mut().unwrap().remove("secret");
    shown
}
