//! What a body says of its own dispatch, which the proof needs before anything else counts.
//!
//! Invariant: it is read by [`Reading`], as the webhook is. So no body is proven as the delivery of
//! one subscription and stored as that of another, or proven without the dispatch time that it has.

use task_timeline::EpochMs;

use crate::envelope::WebhookError;
use crate::field::EnvelopeField;
use crate::plain::Plain;
use crate::reading::Reading;
use crate::slow::json::Json;

/// Who sent a body, and when, as the body itself says.
#[derive(Debug)]
pub(crate) struct Claim {
    /// `None` if the body names none.
    pub(crate) subscription: Option<String>,
    /// `None` if the body gives none: a v1 delivery. An error if it is no plausible time.
    pub(crate) dispatched_at: Result<Option<EpochMs>, WebhookError>,
}

impl Claim {
    /// The claim of a body; nothing else of it is read.
    ///
    /// # Errors
    /// When the body is not an object, one of both fields is there twice, or `source` is no text.
    pub(crate) fn read(body: &[u8]) -> Result<Claim, WebhookError> {
        let tree = Json::parse(body)?;
        let mut reading = Reading::default();
        for (key, value) in tree.members()? {
            let field = EnvelopeField::from_key(key);
            if matches!(field, EnvelopeField::Source | EnvelopeField::DispatchedAt) {
                reading.read_envelope(field, Plain::from_json(value))?;
            }
        }
        let subscription = reading.subscription().map(str::to_owned);
        Ok(Claim { subscription, dispatched_at: reading.dispatched_at() })
    }
}
