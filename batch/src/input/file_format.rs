//! The format of a file, detected from its first bytes.
//!
//! Invariant: the content decides; the name only says whether the file claims to hold webhooks. So a
//! file that claims it and holds none is named, and any other one, like a README, is left alone.

use event_archive::Archive;

use crate::input::csv_rows::CsvColumns;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFormat {
    /// Our own archive format.
    Archive,
    /// Webhook bodies, one after another.
    Bodies,
    /// A table with a header.
    Csv,
}

impl FileFormat {
    /// The format of a file that begins with `head`; `None` if it holds no webhooks.
    pub(crate) fn from_head(head: &[u8], name: &str) -> Option<FileFormat> {
        if head.starts_with(Archive::MAGIC) {
            Some(FileFormat::Archive)
        } else if is_array_of_objects(head) {
            None
        } else if holds_objects(head, claims_webhooks(name, head)) {
            Some(FileFormat::Bodies)
        } else if CsvColumns::is_header(head) {
            Some(FileFormat::Csv)
        } else {
            None
        }
    }
}

/// Whether a file should hold webhooks: by the ending of its name, or, if that has none, because a
/// webhook is in it. Data streams name their files without endings.
pub(crate) fn claims_webhooks(name: &str, head: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    match name.rsplit('/').next().and_then(|name| name.rsplit_once('.')) {
        Some((_, ending)) => {
            ["json", "jsonl", "ndjson", "csv", "gz", "zst", "parquet"].contains(&ending)
        }
        None => is_utf16(head) || memchr::memmem::find(head, b"\"comciscoorgid\"").is_some(),
    }
}

/// Why a file that begins with `head` holds no webhooks, as what follows its name.
pub(crate) fn reason_for_refusal(head: &[u8]) -> &'static str {
    if is_utf16(head) {
        "is UTF-16: convert it to UTF-8"
    } else if is_array_of_objects(head) {
        "is a JSON array: write its elements one after another (jq '.[]')"
    } else {
        "is neither one webhook per line nor a table with `type`, `taskId` and `createdTime`, \
         separated by commas, nor an archive"
    }
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")
}

fn is_array_of_objects(head: &[u8]) -> bool {
    let array = head.trim_ascii_start().strip_prefix(b"[");
    array.is_some_and(|elements| elements.trim_ascii_start().starts_with(b"{"))
}

/// Whether there are JSON objects: the first line is one, or, if `any` is set, any line has one.
fn holds_objects(head: &[u8], any: bool) -> bool {
    let lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_start);
    let mut lines = lines.filter(|line| !line.is_empty());
    let is_object = |line: &[u8]| line.starts_with(b"{");
    let has_object = |line| is_object(line) || memchr::memmem::find(line, b"}{").is_some();
    let first = lines.next();
    first.is_none_or(is_object) || (any && first.into_iter().chain(lines).any(has_object))
}
