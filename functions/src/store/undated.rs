//! Signals that give no time: they happened when they arrived, unless they are repeats.
//!
//! Invariant: a signal has its time before it is stored as an event, so the table, the archive and the
//! rebuild see a repeat as one.

use std::borrow::Cow;

use serde_json::Value;
use task_timeline::EventType;
use webhook::Webhook;

use super::bucket::digest;
use super::task_table::{Partition, Session, TableError};

/// The member of `data` that says that a signal gave no time.
pub(crate) const UNDATED: &str = "undated";

/// I11: the body of a webhook, where it is an undated signal that came before with the time of the
/// first.
///
/// # Errors
/// When it is not certain whether it came before.
pub async fn dated<'a>(session: &Session, body: &'a [u8]) -> Result<Cow<'a, [u8]>, TableError> {
    let unchanged = Ok(Cow::Borrowed(body));
    let Ok(webhook) = Webhook::parse(body) else { return unchanged };
    let kind = webhook.event.kind;
    if !matches!(kind, EventType::CallbackRequested | EventType::CallbackFailed) {
        return unchanged;
    }
    let Ok(mut signal) = serde_json::from_slice::<Value>(body) else { return unchanged };
    if signal["data"][UNDATED] != true {
        return unchanged;
    }
    signal["data"]["createdTime"] = Value::Null;
    let same = digest([kind.name().as_bytes(), signal["data"].to_string().as_bytes()]);
    let partition = Partition::from_webhook(&webhook);
    let at = session.time_of_signal(&partition, &same, webhook.event.at).await?;
    signal["data"]["createdTime"] = at.0.into();
    Ok(Cow::Owned(signal.to_string().into_bytes()))
}
