//! Lines that could not be read, set aside.
//!
//! Invariant: all are counted, and the first ones by file and line are kept, as many as fit into
//! `KEPT_BYTES`. Which ones these are depends neither on the order of files nor on the workers.

use std::collections::BinaryHeap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// How much memory rejected lines may take.
const KEPT_BYTES: usize = 32 << 20;

/// A line that is not a webhook, set aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RejectedLine {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub error: String,
    /// Its content; bytes that are not UTF-8 are replaced. Of what is too long only the beginning.
    pub content: String,
}

impl RejectedLine {
    fn size(&self) -> usize {
        size_of::<RejectedLine>() + self.file.len() + self.error.len() + self.content.len()
    }
}

/// Lines that were set aside.
#[derive(Debug, Default)]
pub struct Rejected {
    kept: Vec<RejectedLine>,
    count: u64,
}

impl Rejected {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first ones, by file and line.
    pub fn kept(&self) -> &[RejectedLine] {
        &self.kept
    }
}

/// Takes lines from all workers.
#[derive(Default)]
pub(crate) struct Rejections(Mutex<FirstLines>);

#[derive(Default)]
struct FirstLines {
    count: u64,
    lines: BinaryHeap<RejectedLine>,
    bytes: usize,
    /// The first line that found no room.
    left_out: Option<RejectedLine>,
}

impl Rejections {
    pub(crate) fn push(&self, line: RejectedLine) {
        let mut first = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        first.push(line, KEPT_BYTES);
    }

    pub(crate) fn into_rejected(self) -> Rejected {
        let first = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        Rejected { count: first.count, kept: first.lines.into_sorted_vec() }
    }
}

impl FirstLines {
    fn push(&mut self, line: RejectedLine, most_bytes: usize) {
        self.count += 1;
        if self.left_out.as_ref().is_some_and(|left_out| line >= *left_out) {
            return;
        }
        self.bytes += line.size();
        self.lines.push(line);
        while self.bytes > most_bytes
            && let Some(last) = self.lines.pop()
        {
            self.bytes -= last.size();
            self.left_out = Some(last);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_lines_are_kept_in_whatever_order_they_come() {
        let line = |number: u64| {
            let content = "x".repeat(usize::try_from(number * 7 % 50).unwrap());
            RejectedLine { file: "a".into(), line: number, error: "no".into(), content }
        };
        let kept = |numbers: &mut dyn Iterator<Item = u64>| {
            let mut first = FirstLines::default();
            numbers.for_each(|number| first.push(line(number), 5_000));
            assert_eq!(first.count, 200);
            let sizes: usize = first.lines.iter().map(RejectedLine::size).sum();
            assert_eq!(first.bytes, sizes);
            first.lines.into_sorted_vec()
        };
        let in_order = kept(&mut (0..200));
        assert!((10..100).contains(&in_order.len()), "{}", in_order.len());
        assert_eq!(in_order, (0..in_order.len() as u64).map(line).collect::<Vec<_>>());
        assert_eq!(kept(&mut (0..200).rev()), in_order);
        assert_eq!(kept(&mut (0..200).map(|number| number * 77 % 200)), in_order);
    }
}
