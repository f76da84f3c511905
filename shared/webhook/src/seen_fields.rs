//! I10: which fields of an object have been read.
//!
//! Invariant: a field that is there twice is an error, even with the same value, since readers of JSON
//! differ in which one counts. Members without a meaning may be repeated.

use crate::envelope::WebhookError;

/// The fields so far, a bit for each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SeenFields(u16);

impl SeenFields {
    /// Takes the field with that number. `path` tells its path, or that it has no meaning.
    #[inline(always)]
    pub(crate) fn add(
        &mut self,
        number: u8,
        path: impl FnOnce() -> Option<&'static str>,
    ) -> Result<(), WebhookError> {
        let bit = 1 << number;
        if self.0 & bit != 0
            && let Some(field) = path()
        {
            return Err(WebhookError::Repeated { field });
        }
        self.0 |= bit;
        Ok(())
    }
}
