//! From a body to a [`Webhook`]: the fast reader first, the slow one if that fails.
//!
//! Invariant: whatever the bytes, the answer is a webhook or an error that names the field at
//! fault; never a panic.

use std::borrow::Cow;

use crate::envelope::{Webhook, WebhookError};
use crate::fast::scan;
use crate::field::EnvelopeField;
use crate::plain::Plain;
use crate::reading::Reading;
use crate::slow::json::Json;

impl<'a> Webhook<'a> {
    /// Reads one body as Webex posts it.
    ///
    /// ```
    /// use webhook::Webhook;
    ///
    /// let body = br#"{"type":"task:ended","comciscoorgid":"org-1",
    ///     "data":{"taskId":"task-1","createdTime":1790000000123,"reason":"Customer Left"}}"#;
    /// let webhook = Webhook::parse(body)?;
    /// assert_eq!(webhook.task, task_timeline::Id::new("task-1"));
    /// assert_eq!(webhook.event.at, task_timeline::EpochMs(1_790_000_000_123));
    ///
    /// let error = Webhook::parse(br#"{"type":"task:ended"}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "`comciscoorgid` is missing");
    /// # Ok::<(), webhook::WebhookError>(())
    /// ```
    ///
    /// # Errors
    /// When the bytes are not a JSON object, a field is there twice, or a required field is missing, of
    /// the wrong kind, or implausible.
    pub fn parse(body: &'a [u8]) -> Result<Webhook<'a>, WebhookError> {
        let mut reading = Reading::default();
        let text = std::str::from_utf8(body);
        if text.is_ok_and(|text| scan(text, &mut reading).is_some())
            && let Ok(webhook) = reading.finish()
        {
            return Ok(webhook);
        }
        // Not plain, or not valid: the slow reader finds out which.
        let tree = Json::parse(body)?;
        Webhook::from_json(&tree).map(Webhook::into_owned)
    }

    /// Reads a body that has been parsed as JSON already.
    ///
    /// # Errors
    /// The same as [`Webhook::parse`].
    pub fn from_json(tree: &'a Json<'a>) -> Result<Webhook<'a>, WebhookError> {
        let mut reading = Reading::default();
        for (key, value) in tree.members()? {
            if let (Json::Object(data), "data") = (value, &**key) {
                reading.read_data(data)?;
            } else {
                reading.read_envelope(EnvelopeField::from_key(key), Plain::from_json(value))?;
            }
        }
        reading.finish()
    }

    fn into_owned(self) -> Webhook<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Webhook {
            id: self.id.map(owned),
            type_name: owned(self.type_name),
            source: self.source.map(owned),
            dispatched_at: self.dispatched_at,
            org: self.org,
            task: self.task,
            idle_code: self.idle_code,
            event: self.event,
        }
    }
}
