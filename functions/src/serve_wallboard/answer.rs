//! Answers: the content, that nothing has changed, or what went wrong.
//!
//! Invariant: every answer forbids the browser to load or run anything from other servers, and to
//! store what it shows.

use std::sync::Arc;

use lambda_http::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use lambda_http::{Body, Request, Response};
use serde::Serialize;
use serde_json::json;
use task_timeline::EpochMs;

use crate::store::bucket::digest;

/// Our time, in epoch milliseconds: with it a page shows correct ages whatever its own clock says.
const NOW: HeaderName = HeaderName::from_static("x-trueline-now");

const HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-cache"),
    (header::VARY, "authorization"),
];

/// An answer, ready to be given more than once.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    status: StatusCode,
    content_type: &'static str,
    etag: String,
    body: Arc<str>,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Problem {
    NoSuchPath,
    NoSuchMethod,
    NoSuchTask,
    NoIds,
    Unavailable,
}

impl Answer {
    pub(super) fn fixed(content_type: &'static str, body: &str) -> Answer {
        let etag = format!("\"{}\"", digest([body.as_bytes()]));
        Answer { status: StatusCode::OK, content_type, etag, body: body.into() }
    }

    pub(super) fn json(value: &impl Serialize) -> Answer {
        // Maps with text keys, numbers and texts can always be written as JSON.
        let body = serde_json::to_string(value).unwrap_or_default();
        Answer::fixed("application/json", &body)
    }

    /// The answer to `request`: without a body if the sender already has it.
    pub(super) fn response(&self, request: &Request, now: EpochMs) -> Response<Body> {
        let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tag| tag.to_str().ok());
        let is_known = known.is_some_and(|tags| tags.contains(&self.etag));
        let (status, body) = if self.status == StatusCode::OK && is_known {
            (StatusCode::NOT_MODIFIED, Body::Empty)
        } else if request.method() == Method::HEAD {
            (self.status, Body::Empty)
        } else {
            (self.status, Body::from(&*self.body))
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(NOW, HeaderValue::from(now.0));
        headers.extend(HeaderValue::from_str(&self.etag).map(|etag| (header::ETAG, etag)));
        response
    }
}

impl Problem {
    pub(super) fn answer(self) -> Answer {
        let (status, message) = match self {
            Problem::NoSuchPath => (StatusCode::NOT_FOUND, "see /, /live or /task?org=…&task=…"),
            Problem::NoSuchMethod => (StatusCode::METHOD_NOT_ALLOWED, "only GET is taken"),
            Problem::NoSuchTask => {
                (StatusCode::NOT_FOUND, "no event of this task is here; the report may have it")
            }
            Problem::NoIds => (StatusCode::BAD_REQUEST, "say which task: ?org=…&task=…"),
            Problem::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "the table does not answer"),
        };
        Answer { status, ..Answer::json(&json!({ "message": message })) }
    }
}
