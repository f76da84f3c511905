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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim<'a> {
    /// `None` if the body names none.
    pub(crate) subscription: Option<&'a str>,
    /// `None` if the body gives none: a v1 delivery.
    pub(crate) dispatched_at: Option<EpochMs>,
}

impl<'a> Claim<'a> {
    /// The claim of a body; nothing else of it is read.
    ///
    /// # Errors
    /// When the body is not an object, or one of both fields is there twice, of the wrong kind, or
    /// implausible.
    pub(crate) fn from_json(tree: &'a Json<'a>) -> Result<Claim<'a>, WebhookError> {
        let mut reading = Reading::default();
        for (key, value) in tree.members()? {
            let field = EnvelopeField::from_key(key);
            if matches!(field, EnvelopeField::Source | EnvelopeField::DispatchedAt) {
                reading.read_envelope(field, Plain::from_json(value))?;
            }
        }
        let (subscription, dispatched_at) = (reading.subscription(), reading.dispatched_at()?);
        Ok(Claim { subscription, dispatched_at })
    }
}
