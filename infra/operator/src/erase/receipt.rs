//! The receipt of an erasure.
//!
//! Invariant: it does not say whom the erasure was about.

use std::collections::BTreeMap;

use serde::Serialize;
use task_timeline::EpochMs;

use super::subject::Subject;

/// What was searched and erased, without saying of whom.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureReceipt {
    v: u8,
    program: String,
    at: EpochMs,
    pub(super) dry_run: bool,
    subject: SubjectHash,
    /// What was written instead.
    pub replacement: String,
    /// The table.
    pub table: TableCounts,
    /// The bucket, by prefix.
    pub bucket: BTreeMap<&'static str, BucketCounts>,
    /// Objects that could not be searched, and why: erase again when they can.
    pub unsearched: Vec<String>,
    notes: [&'static str; 3],
}

#[derive(Clone, Debug, Serialize)]
struct SubjectHash {
    kind: &'static str,
    salt: String,
    hash: String,
}

/// What was done in the table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TableCounts {
    /// Items that were looked at.
    pub items: usize,
    /// Bodies that contained the subject.
    pub erased: usize,
}

/// What was done below a prefix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BucketCounts {
    /// Objects that were searched, older versions included.
    pub searched: usize,
    /// Objects that were rewritten.
    pub rewritten: usize,
    /// Deliveries in them that contained the subject.
    pub deliveries: usize,
    /// Older versions that were deleted permanently.
    pub versions_deleted: usize,
}

const NOTES: [&str; 3] = [
    "point-in-time recovery of the table and its stream hold what was erased until they forget it, \
     after 35 days and 24 hours",
    "a batch that archive-events repeats within 24 hours may write an erased object again: if the \
     person called within the last day, erase again tomorrow",
    "the hash is salted, but numbers are few: whoever has the receipt can try them all",
];

impl ErasureReceipt {
    /// The receipt of an erasure that has not found anything yet.
    pub(super) fn new(
        subject: &Subject,
        salt: &str,
        replacement: &str,
        at: EpochMs,
    ) -> ErasureReceipt {
        let (kind, hash) = (subject.kind(), subject.hash(salt));
        ErasureReceipt {
            v: 1,
            program: concat!("trueline ", env!("CARGO_PKG_VERSION")).to_owned(),
            at,
            dry_run: false,
            subject: SubjectHash { kind, salt: salt.to_owned(), hash },
            replacement: replacement.to_owned(),
            table: TableCounts::default(),
            bucket: BTreeMap::new(),
            unsearched: Vec::new(),
            notes: NOTES,
        }
    }
}
