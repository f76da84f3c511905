//! Rows scattered by task, so that each bucket can be sorted and folded on its own.
//!
//! Invariant: buckets in order, and tasks in order within each, give all tasks in the order of
//! their ids as text; which worker read a row makes no difference.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use task_timeline::Id;

use crate::input::agent_rows::AgentRows;
use crate::input::chunks::Chunks;
use crate::input::event_row::{Dictionaries, EventRow};

/// How many buckets one organization has: one for each first byte of a UUID.
pub const BUCKETS: usize = 256;

/// The organizations of an archive; nearly always there is one.
#[derive(Debug, Default)]
pub struct Orgs(Mutex<HashMap<Id, u16>>);

impl Orgs {
    /// The number of an organization; `None` where there are more than any archive holds.
    pub fn number(&self, org: &Id) -> Option<u16> {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = numbers.get(org) {
            return Some(number);
        }
        let number = u16::try_from(numbers.len()).ok()?;
        numbers.insert(org.clone(), number);
        Some(number)
    }

    /// All organizations in the order of their ids, each with its number.
    pub fn sorted(&self) -> Vec<(Id, u16)> {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = numbers.iter().map(|(org, &number)| (org.clone(), number)).collect();
        all.sort();
        all
    }
}

/// Rows of one bucket.
pub type Bucket = Chunks<EventRow>;

/// What one worker has read: rows by organization and bucket, and what they refer to.
#[derive(Debug, Default)]
pub struct Scattered {
    /// What they refer to.
    pub dictionaries: Dictionaries,
    /// What events say of their agents.
    pub agents: AgentRows,
    by_org: Vec<Vec<Mutex<Bucket>>>,
}

impl Scattered {
    /// Puts a row of an organization into its bucket.
    pub fn push(&mut self, row: EventRow, org: u16, task: &Id) {
        let org = usize::from(org);
        if self.by_org.len() <= org {
            self.by_org.resize_with(org + 1, Vec::new);
        }
        let buckets = &mut self.by_org[org];
        if buckets.is_empty() {
            buckets.resize_with(BUCKETS, Mutex::default);
        }
        let bucket = buckets[bucket_of(task)].get_mut();
        bucket.unwrap_or_else(PoisonError::into_inner).push(row);
    }

    /// The rows of one bucket, which is empty from now on.
    pub fn take(&self, org: u16, bucket: usize) -> Bucket {
        let bucket = self.by_org.get(usize::from(org)).and_then(|buckets| buckets.get(bucket));
        bucket.map_or_else(Bucket::default, |bucket| {
            std::mem::take(&mut bucket.lock().unwrap_or_else(PoisonError::into_inner))
        })
    }
}

/// The bucket of a task. For a UUID its first byte; for another text the bucket of the last
/// UUID before it, so that the order of buckets is that of texts.
fn bucket_of(task: &Id) -> usize {
    match task {
        Id::Uuid([first, ..]) => usize::from(*first),
        Id::Text(text) => {
            let mut head = text.bytes().chain([0, 0]);
            let (high, low) = (head.next().unwrap_or(0), head.next().unwrap_or(0));
            match digits_up_to(high) {
                (0, _) => 0,
                (high, true) => ((high - 1) * 16 + digits_up_to(low).0).saturating_sub(1),
                (high, false) => high * 16 - 1,
            }
        }
    }
}

/// The number of hexadecimal digits up to `byte`, and whether `byte` is one.
fn digits_up_to(byte: u8) -> (usize, bool) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    (DIGITS.iter().filter(|&&digit| digit <= byte).count(), DIGITS.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_in_the_order_of_the_ids() {
        let mut ids: Vec<Id> = (0..=255u8)
            .map(|byte| Id::Uuid([byte; 16]))
            .chain(
                ["", " ", "0", "00", "0z", "1", "9f", "9g", ":", "A", "TaskID_01", "a", "a0", "f"]
                    .iter()
                    .chain(&["fe", "ff", "fg", "g", "zz", "ü", "9:", "a/"])
                    .filter_map(|text| Id::new(text)),
            )
            .collect();
        ids.sort();
        let buckets: Vec<usize> = ids.iter().map(bucket_of).collect();
        assert!(buckets.is_sorted(), "{ids:?} {buckets:?}");
    }
}
