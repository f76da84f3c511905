//! A gap: a stretch of time in which Webex sent nothing about a resource, because there was no
//! active subscription.
//!
//! Invariant: a gap has one object, whose key follows from its beginning, so that a run that
//! finds the same gap again writes the same object.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use task_timeline::EpochMs;
use thiserror::Error;

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

/// Why something is not a stored gap.
#[derive(Debug, Error)]
pub enum NotAGap {
    /// It has another form.
    #[error(transparent)]
    Form(#[from] serde_json::Error),
    /// A version of Trueline wrote it that this one does not know.
    #[error("it is a gap of version {0}, not {VERSION}")]
    Version(u8),
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
        let date = Timestamp::from_millisecond(from.0).unwrap_or_default().strftime("%F");
        format!("gaps/date={date}/{}-{resource}.json", from.0)
    }

    /// The stored form.
    pub fn json(&self) -> String {
        // A structure of texts and numbers always is JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it is something else, or of another version.
    pub fn from_json(json: &[u8]) -> Result<Gap, NotAGap> {
        let gap: Gap = serde_json::from_slice(json)?;
        if gap.v == VERSION { Ok(gap) } else { Err(NotAGap::Version(gap.v)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_gap_is_read_back() {
        let gap = Gap::open("task", Some("s-1"), EpochMs(1_665_772_443_000), "inactive");
        assert_eq!(Gap::from_json(gap.json().as_bytes()).unwrap(), gap);
        assert_eq!(Gap::key("task", gap.from), "gaps/date=2022-10-14/1665772443000-task.json");
    }

    #[test]
    fn a_gap_of_another_version_is_an_error() {
        let json = Gap::open("task", None, EpochMs(0), "missing").json();
        let error = Gap::from_json(json.replace("\"v\":1", "\"v\":2").as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "it is a gap of version 2, not 1");
    }
}
