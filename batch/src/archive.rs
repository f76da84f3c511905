//! Where archived webhooks lie and how they are read.
//!
//! Invariant: every byte of every file is either in a [`Block`] or in a rejection that names
//! the file; the format is told by the content, never by the name.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::csv_rows::{CsvColumns, CsvRow, read_rows};

/// How much text is handed out at once; large enough to make the hand-over cheap.
const BLOCK_BYTES: u64 = 1 << 20;

/// A file of the archive.
#[derive(Clone, Debug)]
pub struct ArchiveFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its name in reports: the path below the archive's root, with forward slashes.
    pub name: String,
}

/// All files below `root`, or `root` itself, sorted by name. Hidden files are left out.
///
/// # Errors
/// When there is nothing there, or a folder cannot be listed.
pub fn list(root: &Path) -> Result<Vec<ArchiveFile>> {
    let metadata = std::fs::metadata(root)
        .with_context(|| format!("cannot read the events in {}", root.display()))?;
    let mut files = Vec::new();
    if metadata.is_dir() {
        list_below(root, root, &mut files)?;
    } else {
        let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned();
        files.push(ArchiveFile { path: root.to_owned(), name });
    }
    if files.is_empty() {
        bail!("there are no files in {}", root.display());
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn list_below(root: &Path, folder: &Path, files: &mut Vec<ArchiveFile>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot list the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            list_below(root, &path, files)?;
        } else {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            files.push(ArchiveFile { name: parts.join("/"), path });
        }
    }
    Ok(())
}

/// A part of a file.
#[derive(Debug)]
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
    Done { sha256: String, bytes: u64 },
}

type Reader = BufReader<Box<dyn HashedRead>>;

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
            Content::Csv { rows, columns } => read_rows(rows, columns, &mut self.error),
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
            Content::Unopened | Content::Lines { .. } | Content::Csv { .. } => None,
        }
    }

    fn open(&mut self) {
        match open_decoded(&self.file.path).and_then(|reader| self.recognise(reader)) {
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
                 `createdTime`"
                    .to_owned(),
            );
        }
        let (sha256, bytes) = reader.into_inner().hash();
        Ok(Content::Done { sha256, bytes })
    }

    fn finish(&mut self) {
        let (sha256, bytes) = match std::mem::replace(&mut self.content, Content::Unopened) {
            Content::Lines { reader, .. } => reader.into_inner().hash(),
            Content::Csv { rows, .. } => rows.into_inner().into_inner().hash(),
            Content::Done { sha256, bytes } => (sha256, bytes),
            Content::Unopened => (String::new(), 0),
        };
        self.content = Content::Done { sha256, bytes };
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
    text.clear();
    if error.is_some() {
        return None;
    }
    text.append(rest);
    let at_end = match reader.by_ref().take(BLOCK_BYTES).read_to_end(text) {
        Ok(read) => read == 0,
        Err(broken) => {
            *error = Some(format!("breaks off: {broken}"));
            true
        }
    };
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

fn head(reader: &mut Reader) -> Vec<u8> {
    reader.fill_buf().unwrap_or_default().to_vec()
}

fn skip_byte_order_mark(reader: &mut Reader) -> io::Result<()> {
    if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(())
}

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

fn open_decoded(path: &Path) -> io::Result<Reader> {
    let mut raw = BufReader::with_capacity(1 << 17, Hashed::new(File::open(path)?));
    let magic = raw.fill_buf()?;
    let decoded: Box<dyn HashedRead> = if magic.starts_with(GZIP) {
        Box::new(flate2::bufread::MultiGzDecoder::new(raw))
    } else if magic.starts_with(ZSTD) {
        Box::new(zstd::Decoder::with_buffer(raw)?)
    } else {
        Box::new(raw)
    };
    Ok(BufReader::with_capacity(1 << 16, decoded))
}

/// A stream that hashes the bytes of the file below it.
struct Hashed<R> {
    inner: R,
    hasher: Sha256,
    bytes: u64,
}

impl<R: Read> Hashed<R> {
    fn new(inner: R) -> Hashed<R> {
        Hashed { inner, hasher: Sha256::new(), bytes: 0 }
    }

    /// Reads what is left, so that the hash is that of the whole file.
    fn hash(mut self) -> (String, u64) {
        // A file that cannot be read to its end has been reported; its hash is of what was read.
        let _bytes = io::copy(&mut self, &mut io::sink()).unwrap_or_default();
        (hex(&self.hasher.finalize()), self.bytes)
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// A decoder that gives back the hash of what it decoded.
trait HashedRead: Read + Send {
    fn hash(self: Box<Self>) -> (String, u64);
}

type Raw = BufReader<Hashed<File>>;

impl HashedRead for Raw {
    fn hash(self: Box<Self>) -> (String, u64) {
        self.into_inner().hash()
    }
}

impl HashedRead for flate2::bufread::MultiGzDecoder<Raw> {
    fn hash(self: Box<Self>) -> (String, u64) {
        self.into_inner().into_inner().hash()
    }
}

impl HashedRead for zstd::Decoder<'static, Raw> {
    fn hash(self: Box<Self>) -> (String, u64) {
        self.finish().into_inner().hash()
    }
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
