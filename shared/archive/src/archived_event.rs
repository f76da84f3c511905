//! A delivery, as it goes to the archive.
//!
//! Invariant: the body is kept exactly as it was received; everything else can be derived again, except
//! the time of arrival and the headers.

use task_timeline::EpochMs;
use webhook::Webhook;

/// One delivery, as it goes to the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedEvent<'a> {
    /// What [`Webhook::parse`] made of the body.
    pub webhook: Webhook<'a>,
    /// When it was received, by our clock.
    pub arrived_at: EpochMs,
    /// The headers that matter.
    pub headers: Headers<'a>,
    /// The body as received. What parses is JSON, and JSON is UTF-8.
    pub body: &'a str,
}

/// The headers of a delivery that are kept; v2 subscriptions only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    /// `X-WebExCC-Timestamp`, as received.
    pub timestamp: Option<&'a str>,
    /// `X-WebexCC-Webhook-Version`, like `agent:2.0.0`.
    pub version: Option<&'a str>,
}
