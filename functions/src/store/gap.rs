//! A gap: a stretch of time in which Webex sent nothing about a resource, because there was no
//! active subscription.
//!
//! Invariant: a gap has one object, whose key follows from its beginning, so that a run that
//! finds the same gap again writes the same object.

use serde::{Deserialize, Serialize};
use task_timeline::EpochMs;

use crate::store::bucket::{Bucket, BucketError, date};

/// The version of the stored form.
const VERSION: u8 = 1;

/// A gap, as it is stored below `gaps/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    v: u8,
    /// `task`, `agent` or `capture`.
    pub resource: String,
    /// The subscription, if there was one.
    pub subscription_id: Option<String>,
    /// When it was last seen active.
    pub from: EpochMs,
    /// When it was made active again; `None` while it is not.
    pub until: Option<EpochMs>,
    /// `inactive` or `missing`.
    pub reason: String,
}

impl Gap {
    /// A gap that is not over.
    pub fn open(resource: &str, subscription_id: Option<&str>, from: EpochMs, reason: &str) -> Gap {
        Gap {
            v: VERSION,
            resource: resource.to_owned(),
            subscription_id: subscription_id.map(str::to_owned),
            from,
            until: None,
            reason: reason.to_owned(),
        }
    }

    /// The same gap, over at `until`.
    #[must_use]
    pub fn closed(self, until: EpochMs) -> Gap {
        Gap { until: Some(until), ..self }
    }

    /// Where the gap of a resource that begins at `from` is stored.
    pub fn key(resource: &str, from: EpochMs) -> String {
        format!("gaps/date={}/{}-{resource}.json", date(from), from.0)
    }

    /// The stored form.
    pub fn json(&self) -> String {
        // A structure of texts and numbers always is JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Stores the gap.
    ///
    /// # Errors
    /// When it is not certain that it is stored.
    pub async fn store(&self, bucket: &Bucket) -> Result<(), BucketError> {
        bucket.put_json(&Gap::key(&self.resource, self.from), self.json()).await
    }
}
