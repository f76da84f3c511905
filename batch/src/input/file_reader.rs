//! A file of webhooks, read a block at a time.
//!
//! Invariant: every byte of every file is either in a [`Block`] or in a rejection that names
//! the file; the format is detected from the content, never from the name.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use anyhow::Error;
use event_archive::{Archive, Events};

use crate::hashed::{Reader, decoded};
use crate::input::archive_groups::ArchiveGroups;
use crate::input::body_blocks::{BlockSizes, BodyBlocks};
use crate::input::csv_blocks::CsvBlocks;
use crate::input::csv_rows::{CsvColumns, CsvRow};
use crate::input::file_format::{FileFormat, claims_webhooks, reason_for_refusal};
use crate::input::listing::InputFile;

/// A part of a file.
pub enum Block {
    /// Whole bodies, mostly one on each line.
    Bodies {
        /// The line on which the first one begins, from 1.
        first_line: u64,
    },
    /// Rows of a table.
    Rows {
        /// What the columns are.
        columns: Arc<CsvColumns>,
        /// The rows, or why one could not be read.
        rows: Vec<CsvRow>,
    },
    /// Events of an archive in our own format.
    Events {
        /// The number of the first row, from 1.
        first_row: u64,
        /// The events, or why a row gives none.
        events: Events,
    },
}

/// What is known of a file after it has been read to its end.
#[derive(Clone, Debug)]
pub struct FileResult {
    /// SHA-256 of the file as it is stored.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it holds webhooks at all.
    pub kind: FileKind,
    /// Whether it is an archive without a checksum, in which not all damage is noticed.
    pub lacks_checksum: bool,
    /// What went wrong, if anything.
    pub error: Option<String>,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Webhooks.
    Webhooks,
    /// Something else, by name and by content, like a README. That is no error.
    Unrelated {
        /// What it is or is not, as what follows its name.
        reason: &'static str,
    },
    /// Something else, in a file that should hold webhooks by its name.
    Unreadable,
}

/// Reads one file, a block at a time.
pub struct FileReader {
    file: InputFile,
    content: Content,
    error: Option<String>,
    kind: FileKind,
    lacks_checksum: bool,
}

enum Content {
    Unopened,
    Bodies(BodyBlocks<Reader>),
    Csv { rows: CsvBlocks<Reader>, columns: Arc<CsvColumns> },
    Archive { groups: Box<ArchiveGroups>, sha256: String, bytes: u64 },
    Done { sha256: String, bytes: u64 },
}

impl FileReader {
    /// A reader that has not opened its file yet.
    pub fn new(file: InputFile) -> FileReader {
        FileReader {
            file,
            content: Content::Unopened,
            error: None,
            kind: FileKind::Webhooks,
            lacks_checksum: false,
        }
    }

    /// The name of the file in reports.
    pub fn name(&self) -> &str {
        &self.file.name
    }

    /// The next part, its bodies in `text`; `None` at the end. An error ends the file, and is in its
    /// result.
    pub fn next_block(&mut self, text: &mut Vec<u8>) -> Option<Block> {
        if matches!(self.content, Content::Unopened) {
            self.open();
        }
        let block = match &mut self.content {
            Content::Unopened | Content::Done { .. } => None,
            Content::Bodies(bodies) => {
                let first_line = bodies.read(text, &mut self.error);
                first_line.map(|first_line| Block::Bodies { first_line })
            }
            Content::Csv { rows, columns } => {
                let rows = rows.read(&mut self.error);
                (!rows.is_empty()).then(|| Block::Rows { columns: columns.clone(), rows })
            }
            Content::Archive { groups, .. } => {
                let group = groups.read(&mut self.error);
                group.map(|(first_row, events)| Block::Events { first_row, events })
            }
        };
        if block.is_none() {
            self.finish();
        }
        block
    }

    /// The result; `None` before the end of the file.
    pub fn result(&self) -> Option<FileResult> {
        match &self.content {
            Content::Done { sha256, bytes } => Some(FileResult {
                sha256: sha256.clone(),
                bytes: *bytes,
                kind: self.kind,
                lacks_checksum: self.lacks_checksum,
                error: self.error.clone(),
            }),
            Content::Unopened
            | Content::Bodies(_)
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
        let head = reader.fill_buf().unwrap_or_default();
        match FileFormat::from_head(head, &self.file.name) {
            Some(FileFormat::Archive) => self.open_archive(reader),
            Some(FileFormat::Bodies) => {
                Ok(Content::Bodies(BodyBlocks::new(reader, BlockSizes::default())))
            }
            Some(FileFormat::Csv) => {
                let mut rows = CsvBlocks::new(reader, BlockSizes::default());
                let heading = rows.read_heading(&mut self.error).map_err(io::Error::other)?;
                let columns = CsvColumns::read(&heading, &self.file.name);
                Ok(Content::Csv { rows, columns: columns.into() })
            }
            None => Ok(self.refuse(reader)),
        }
    }

    fn refuse(&mut self, mut reader: Reader) -> Content {
        let head = reader.fill_buf().unwrap_or_default();
        let reason = reason_for_refusal(head);
        if claims_webhooks(&self.file.name, head) {
            self.kind = FileKind::Unreadable;
            self.error = Some(reason.to_owned());
        } else {
            self.kind = FileKind::Unrelated { reason };
        }
        let (sha256, bytes) = reader.into_inner().hash();
        Content::Done { sha256, bytes }
    }

    /// Parquet is read from its end, so the whole file is needed at once.
    /// What is compressed might unpack to anything, and a Parquet file is compressed within.
    fn open_archive(&mut self, mut reader: Reader) -> io::Result<Content> {
        if reader.get_ref().is_compressed() {
            return Err(io::Error::other("it is a compressed Parquet file: unpack it"));
        }
        let mut content = Vec::new();
        reader.read_to_end(&mut content)?;
        let (sha256, bytes) = reader.into_inner().hash();
        match Archive::open(content) {
            Ok(archive) => {
                self.lacks_checksum = !archive.has_checksum();
                let groups = Box::new(ArchiveGroups::new(archive));
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
            Content::Bodies(bodies) => bodies.into_reader().into_inner().hash(),
            Content::Csv { rows, .. } => rows.into_reader().into_inner().hash(),
            Content::Archive { sha256, bytes, .. } | Content::Done { sha256, bytes } => {
                (sha256, bytes)
            }
            Content::Unopened => (String::new(), 0),
        };
        self.content = Content::Done { sha256, bytes };
    }
}

fn skip_byte_order_mark(reader: &mut Reader) -> io::Result<()> {
    if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(())
}
