//! A table, cut into blocks of whole rows.
//!
//! Invariant: every line of the stream is in exactly one row, and a block has a maximum size. A row that
//! is longer than a body may be is set aside: its first line alone, because a quote without its end
//! makes one row of all that follows.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};

use crate::input::body_blocks::{BlockSizes, fill};
use crate::input::csv_rows::{CsvRow, RowTooLong};

/// The maximum number of rows in a block.
const BLOCK_ROWS: usize = 4_096;

/// A table that is read block by block.
pub(crate) struct CsvBlocks<R> {
    reader: R,
    sizes: BlockSizes,
    /// What has been read and not been handed out.
    text: Vec<u8>,
    /// The line on which it begins.
    line: u64,
    /// Whether it begins within a line that is too long.
    skips: bool,
    end: End,
}

/// Whether more comes after the text that has been read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    NotYet,
    Reached,
    BrokenOff,
}

impl<R: Read> CsvBlocks<R> {
    pub(crate) fn new(reader: R, sizes: BlockSizes) -> CsvBlocks<R> {
        CsvBlocks { reader, sizes, text: Vec::new(), line: 1, skips: false, end: End::NotYet }
    }

    /// The stream, for its hash.
    pub(crate) fn into_reader(self) -> R {
        self.reader
    }

    /// Reads the heading, which is the first row. When the stream breaks off, `error` says so.
    ///
    /// # Errors
    /// When it is too long.
    pub(crate) fn read_heading(
        &mut self,
        error: &mut Option<String>,
    ) -> Result<ByteRecord, RowTooLong> {
        let heading = self.read_rows(1, error).into_iter().next();
        heading.map_or(Ok(ByteRecord::new()), |row| row.record)
    }

    /// The next rows; none at the end. When the stream breaks off, `error` says so, and what came before
    /// is still handed out, but for the row that breaks off with it.
    pub(crate) fn read(&mut self, error: &mut Option<String>) -> Vec<CsvRow> {
        self.read_rows(BLOCK_ROWS, error)
    }

    fn read_rows(&mut self, most: usize, error: &mut Option<String>) -> Vec<CsvRow> {
        loop {
            self.fill(error);
            let rows = self.parse(most);
            if !rows.is_empty() || self.end != End::NotYet {
                return rows;
            }
        }
    }

    fn fill(&mut self, error: &mut Option<String>) {
        let BlockSizes { block, limit } = self.sizes;
        // A row that is not too long has at most two bytes more: `\r\n`.
        if self.end != End::NotYet || self.text.len() > limit + 2 {
            return;
        }
        let before = self.text.len();
        self.text.resize(before + block, 0);
        let (read, broken) = fill(&mut self.text[before..], &mut self.reader);
        self.text.truncate(before + read);
        if let Some(broken) = broken {
            self.end = End::BrokenOff;
            *error = Some(format!("breaks off: {broken}"));
        } else if read < block {
            self.end = End::Reached;
        }
    }

    /// Takes the whole rows at the beginning of the text.
    fn parse(&mut self, most: usize) -> Vec<CsvRow> {
        let (text, limit) = (self.text.as_slice(), self.sizes.limit);
        let mut rows = Vec::new();
        let (mut at, mut line) = (0, self.line);
        if self.skips {
            at = line_end(text).unwrap_or(text.len());
            self.skips = at == text.len();
        }
        'stretch: while rows.len() < most {
            let from = at;
            let mut csv =
                ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[from..]);
            while rows.len() < most {
                let mut record = ByteRecord::new();
                let is_row = csv.read_byte_record(&mut record).unwrap_or_default();
                let end =
                    usize::try_from(csv.position().byte()).map_or(text.len(), |end| from + end);
                let begin = at + text[at..end].iter().take_while(|byte| ends_line(byte)).count();
                line += line_feeds(&text[at..begin]);
                at = begin;
                let length = without_line_end(&text[begin..end]).len();
                if length > limit {
                    rows.push(CsvRow { line, record: Err(RowTooLong { limit }) });
                    let rest = line_end(&text[begin..]);
                    at += rest.unwrap_or(text.len() - begin);
                    self.skips = rest.is_none();
                    continue 'stretch;
                }
                let is_cut = end == text.len() && self.end != End::Reached;
                if !is_row || is_cut {
                    break 'stretch;
                }
                rows.push(CsvRow { line, record: Ok(record) });
                line += line_feeds(&text[begin..end]);
                at = end;
            }
        }
        if self.end == End::BrokenOff && rows.len() < most {
            at = text.len();
        }
        self.line = line;
        self.text.drain(..at);
        rows
    }
}

fn without_line_end(row: &[u8]) -> &[u8] {
    let row = row.strip_suffix(b"\n").unwrap_or(row);
    row.strip_suffix(b"\r").unwrap_or(row)
}

fn line_end(text: &[u8]) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', text)
}

fn line_feeds(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

fn ends_line(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 40;

    /// The rows of a table, each with its line; `None` for what is too long.
    fn rows(table: &[u8], block: usize) -> Vec<(u64, Option<ByteRecord>)> {
        let mut blocks = CsvBlocks::new(table, BlockSizes { block, limit: LIMIT });
        let (mut all, mut error) = (Vec::new(), None);
        loop {
            let rows = blocks.read(&mut error);
            assert!(blocks.text.capacity() <= 4 * (block + LIMIT), "{}", blocks.text.capacity());
            if rows.is_empty() {
                return all;
            }
            all.extend(rows.into_iter().map(|row| (row.line, row.record.ok())));
        }
    }

    proptest! {
        #[test]
        fn blocks_have_the_rows_of_the_whole(
            parts in prop::collection::vec("[a-c,\"]{0,12}|\"[a\n]{0,60}\"|x{0,90}|\n|\r\n", 0..40),
            block in LIMIT + 3..5 * LIMIT,
        ) {
            let table = parts.concat();
            prop_assert_eq!(rows(table.as_bytes(), block), rows(table.as_bytes(), table.len() + 1 + LIMIT));
        }

        #[test]
        fn short_rows_are_those_that_csv_reads(
            parts in prop::collection::vec("[a-c]{0,3}(,\"[a-c\n]{0,5}\")?\n", 0..40),
        ) {
            let table = parts.concat();
            let mut csv = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(table.as_bytes());
            let expected: Vec<ByteRecord> = csv.byte_records().map(Result::unwrap).collect();
            let found: Vec<_> = rows(table.as_bytes(), LIMIT + 3).into_iter().filter_map(|(_, row)| row).collect();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn what_is_too_long_takes_no_other_row_with_it() {
        let long = "x".repeat(100 * LIMIT);
        let ok = |line, fields: &[&str]| (line, Some(ByteRecord::from(fields.to_vec())));
        let lines = "b\n".repeat(LIMIT);
        let mut unclosed: Vec<_> = vec![(1, None)];
        unclosed.extend((2..).take(LIMIT).map(|line| ok(line, &["b"])));
        for (table, expected) in [
            (format!("a\n{long}\nb"), vec![ok(1, &["a"]), (2, None), ok(3, &["b"])]),
            (format!("a\r\n\r\n{long}\r\nb"), vec![ok(1, &["a"]), (3, None), ok(4, &["b"])]),
            (format!("a,{long}"), vec![(1, None)]),
            (format!("\"{long}"), vec![(1, None)]),
            (format!("a,\"a\n{lines}"), unclosed),
            ("x".repeat(LIMIT) + "\r\nb", vec![ok(1, &[&"x".repeat(LIMIT)]), ok(2, &["b"])]),
            ("x".repeat(LIMIT + 1) + "\r\nb", vec![(1, None), ok(2, &["b"])]),
            ("\n".repeat(100 * LIMIT) + "b", vec![ok(100 * LIMIT as u64 + 1, &["b"])]),
        ] {
            for block in LIMIT + 3..3 * LIMIT {
                assert_eq!(
                    rows(table.as_bytes(), block),
                    expected,
                    "{table:.60} in blocks of {block}"
                );
            }
        }
    }

    #[test]
    fn a_heading_is_no_longer_than_a_row() {
        let heading = "type,".repeat(LIMIT);
        let mut blocks =
            CsvBlocks::new(heading.as_bytes(), BlockSizes { block: 2 * LIMIT, limit: LIMIT });
        let error = blocks.read_heading(&mut None).unwrap_err();
        assert!(error.to_string().contains("longer than 40 bytes"), "{error}");
    }
}
