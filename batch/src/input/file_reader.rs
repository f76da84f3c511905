//! A file of webhooks, read a block at a time.
//!
//! Invariant: every byte of every file is either in a [`Block`] or in a rejection that names
//! the file; the format is told by the content, never by the name.

use std::io::{self, BufRead, Read};

use anyhow::Error;
use event_archive::{Archive, Events};

use crate::hashed::{Reader, decoded};
use crate::input::archive::ArchiveFile;
use crate::input::csv_rows::{CsvColumns, CsvRow, read_rows};

/// How much text is handed out at once; large enough to make the hand-over cheap.
const BLOCK_BYTES: usize = 1 << 20;

/// A part of a file.
pub enum Block {
    /// Whole lines of NDJSON, each with its line feed but perhaps the last.
    Lines {
        /// The number of the first line, from 1.
        first_line: u64,
    },
    /// Rows of a table.
    Rows {
        /// What the columns are.
        columns: CsvColumns,
        /// The rows, or why one could not be read.
        rows: Vec<CsvRow>,
    },
    /// Events of an archive of our own.
    Events {
        /// The number of the first row, from 1.
        first_row: u64,
        /// The events, or why a row gives none.
        events: Events,
    },
}

/// What a file turned out to be, when it has been read to its end.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// SHA-256 of the file as it lies there.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it holds webhooks at all.
    pub kind: FileKind,
    /// What went wrong, if anything.
    pub error: Option<String>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Webhooks.
    Webhooks,
    /// Something else, by name and by content: a README, say. No harm done.
    Unrelated,
    /// Something else in a file that by its name should hold webhooks.
    Unreadable,
}

/// Reads one file, a block at a time.
pub struct FileReader {
    file: ArchiveFile,
    content: Content,
    error: Option<String>,
    kind: FileKind,
}

enum Content {
    Unopened,
    Lines { reader: Reader, next_line: u64, rest: Vec<u8> },
    Csv { rows: csv::Reader<Reader>, columns: CsvColumns },
    Archive { groups: Groups, sha256: String, bytes: u64 },
    Done { sha256: String, bytes: u64 },
}

/// The row groups of an archive that are still to be read.
struct Groups {
    archive: Archive,
    next: usize,
    next_row: u64,
}

impl FileReader {
    /// A reader that has not opened its file yet.
    pub fn new(file: ArchiveFile) -> FileReader {
        FileReader { file, content: Content::Unopened, error: None, kind: FileKind::Webhooks }
    }

    /// The name of the file in reports.
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// The next part, its lines in `text`; `None` at the end. What cannot be read ends the file
    /// and is reported.
    pub fn next_block(&mut self, text: &mut Vec<u8>) -> Option<Block> {
        if matches!(self.content, Content::Unopened) {
            self.open();
        }
        let block = match &mut self.content {
            Content::Unopened | Content::Done { .. } => None,
            Content::Lines { reader, next_line, rest } => {
                read_lines(reader, next_line, rest, text, &mut self.error)
            }
            Content::Csv { rows, columns } => {
                let rows = read_rows(rows, &mut self.error);
                (!rows.is_empty()).then(|| Block::Rows { columns: columns.clone(), rows })
            }
            Content::Archive { groups, .. } => groups.read(&mut self.error),
        };
        if block.is_none() {
            self.finish();
        }
        block
    }

    /// What the file turned out to be; `None` before its end.
    pub fn report(&self) -> Option<FileReport> {
        match &self.content {
            Content::Done { sha256, bytes } => Some(FileReport {
                sha256: sha256.clone(),
                bytes: *bytes,
                kind: self.kind,
                error: self.error.clone(),
            }),
            Content::Unopened
            | Content::Lines { .. }
            | Content::Csv { .. }
            | Content::Archive { .. } => None,
        }
    }

    fn open(&mut self) {
        match self.file.open().and_then(decoded).and_then(|reader| self.recognise(reader)) {
            Ok(content) => self.content = content,
            Err(error) => {
                self.kind = FileKind::Unreadable;
                self.error = Some(format!("cannot be read: {error}"));
                self.content = Content::Done { sha256: String::new(), bytes: 0 };
            }
        }
    }

    fn recognise(&mut self, mut reader: Reader) -> io::Result<Content> {
        skip_byte_order_mark(&mut reader)?;
        let head = head(&mut reader);
        if head.starts_with(Archive::MAGIC) {
            return self.open_archive(reader);
        }
        let claims_webhooks = looks_like_webhooks(&self.file.name);
        if holds_objects(&head, claims_webhooks) {
            return Ok(Content::Lines { reader, next_line: 1, rest: Vec::new() });
        }
        if CsvColumns::is_header(&head) {
            let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
            let columns = CsvColumns::read(rows.byte_headers()?, &self.file.name);
            return Ok(Content::Csv { rows, columns });
        }
        self.kind = FileKind::Unrelated;
        if claims_webhooks {
            self.kind = FileKind::Unreadable;
            self.error = Some(
                "is neither one webhook per line nor a table with `type`, `taskId` and \
                 `createdTime`, nor an archive"
                    .to_owned(),
            );
        }
        let (sha256, bytes) = reader.into_inner().hash();
        Ok(Content::Done { sha256, bytes })
    }

    /// Parquet is read from its end, so the whole file is needed at once.
    fn open_archive(&mut self, mut reader: Reader) -> io::Result<Content> {
        let mut content = Vec::new();
        reader.read_to_end(&mut content)?;
        let (sha256, bytes) = reader.into_inner().hash();
        match Archive::open(content) {
            Ok(archive) => {
                let groups = Groups { archive, next: 0, next_row: 1 };
                Ok(Content::Archive { groups, sha256, bytes })
            }
            Err(error) => {
                self.kind = FileKind::Unreadable;
                self.error = Some(format!("is no archive of events: {:#}", Error::new(error)));
                Ok(Content::Done { sha256, bytes })
            }
        }
    }

    fn finish(&mut self) {
        let (sha256, bytes) = match std::mem::replace(&mut self.content, Content::Unopened) {
            Content::Lines { reader, .. } => reader.into_inner().hash(),
            Content::Csv { rows, .. } => rows.into_inner().into_inner().hash(),
            Content::Archive { sha256, bytes, .. } | Content::Done { sha256, bytes } => {
                (sha256, bytes)
            }
            Content::Unopened => (String::new(), 0),
        };
        self.content = Content::Done { sha256, bytes };
    }
}

impl Groups {
    /// The next group; `None` at the end. A group that is damaged ends the file.
    fn read(&mut self, error: &mut Option<String>) -> Option<Block> {
        if error.is_some() || self.next == self.archive.groups() {
            return None;
        }
        match self.archive.events(self.next) {
            Ok(events) => {
                let first_row = self.next_row;
                self.next_row += events.rows() as u64;
                self.next += 1;
                Some(Block::Events { first_row, events })
            }
            Err(damage) => {
                *error = Some(format!("breaks off: {:#}", Error::new(damage)));
                None
            }
        }
    }
}

/// Whether lines are objects: the first one, or, in a file that claims so by name, any.
fn holds_objects(head: &[u8], any: bool) -> bool {
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_start);
    let is_object = |line: &[u8]| line.starts_with(b"{");
    let first = lines.find(|line| !line.is_empty());
    first.is_none_or(is_object) || (any && lines.any(is_object))
}

fn looks_like_webhooks(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["json", "jsonl", "ndjson", "csv", "gz", "zst", "parquet"]
        .iter()
        .any(|ending| name.ends_with(&format!(".{ending}")))
}

/// The next whole lines, in the memory of those before. When the stream breaks off, what came
/// before is still handed out.
fn read_lines(
    reader: &mut Reader,
    next_line: &mut u64,
    rest: &mut Vec<u8>,
    text: &mut Vec<u8>,
    error: &mut Option<String>,
) -> Option<Block> {
    if error.is_some() {
        return None;
    }
    // What is left of earlier lines is not cleared before it is overwritten: that would take time.
    text.resize(rest.len() + BLOCK_BYTES, 0);
    let (begun, room) = text.split_at_mut(rest.len());
    begun.copy_from_slice(rest);
    let (read, broken) = fill(room, reader);
    text.truncate(rest.len() + read);
    rest.clear();
    let at_end = read == 0 || broken.is_some();
    *error = broken.map(|broken| format!("breaks off: {broken}"));
    if !at_end {
        let whole = memchr::memrchr(b'\n', text).map_or(0, |feed| feed + 1);
        rest.extend_from_slice(&text[whole..]);
        text.truncate(whole);
    }
    if text.is_empty() && at_end {
        return None;
    }
    let first_line = *next_line;
    *next_line += memchr::memchr_iter(b'\n', text).count() as u64;
    Some(Block::Lines { first_line })
}

/// Reads until `room` is full or the stream ends; also how much it was, and why no more.
fn fill(room: &mut [u8], reader: &mut Reader) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < room.len() {
        match reader.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

fn head(reader: &mut Reader) -> Vec<u8> {
    reader.fill_buf().unwrap_or_default().to_vec()
}

fn skip_byte_order_mark(reader: &mut Reader) -> io::Result<()> {
    if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(())
}
