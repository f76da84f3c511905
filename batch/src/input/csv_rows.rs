//! Webhooks that were kept in a table with the columns of the published sample.
//!
//! Invariant: a row becomes the same kind of webhook body that was posted, with a member of
//! `data` for every column that is neither empty nor about the delivery.

use std::borrow::Cow;
use std::io::Read;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use webhook::Json;

/// The organization of rows that name none.
const UNKNOWN_ORG: &str = "unknown";
/// The number of rows in a block.
const BLOCK_ROWS: usize = 4_096;

/// What the columns of a table are, and where it comes from.
#[derive(Clone, Debug)]
pub struct CsvColumns {
    names: Vec<String>,
    file_stem: String,
}

/// A row with its line, or why it could not be read.
#[derive(Debug)]
pub struct CsvRow {
    /// The line, from 1.
    pub line: u64,
    /// The fields.
    pub record: csv::Result<csv::ByteRecord>,
}

impl CsvColumns {
    /// Whether `head`, the beginning of a file, is the header of such a table.
    pub fn is_header(head: &[u8]) -> bool {
        let line = head.split(|&byte| byte == b'\n' || byte == b'\r').next().unwrap_or_default();
        let quoted = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'"';
        let names = line.split(|&byte| byte == b',').map(|name| {
            let from = name.iter().position(|byte| !quoted(byte)).unwrap_or(name.len());
            let to = name.iter().rposition(|byte| !quoted(byte)).map_or(from, |last| last + 1);
            &name[from..to]
        });
        [&b"type"[..], b"taskId", b"createdTime"]
            .iter()
            .all(|needed| names.clone().any(|name| name == *needed))
    }

    /// The columns of the table in the file called `name`.
    pub fn read(header: &csv::ByteRecord, name: &str) -> CsvColumns {
        let names = header.iter().map(|name| String::from_utf8_lossy(name.trim_ascii()).into());
        let file = name.rsplit('/').next().unwrap_or(name);
        let file_stem = file.split('.').next().unwrap_or(file).to_owned();
        CsvColumns { names: names.collect(), file_stem }
    }

    /// The webhook body that a row stands for.
    ///
    /// # Errors
    /// When the time cannot be read or a text is not UTF-8.
    pub fn webhook<'a>(&'a self, record: &'a csv::ByteRecord) -> Result<Json<'a>, String> {
        let mut envelope: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut data: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut org = None;
        for (name, field) in self.names.iter().zip(record) {
            let text = std::str::from_utf8(field)
                .map_err(|_| format!("the column `{name}` is not UTF-8"))?
                .trim();
            if text.is_empty() {
                continue;
            }
            let value = Json::Text(text.into());
            match name.as_str() {
                "rowid" => {}
                "type" => envelope.push(("type".into(), value)),
                "webhookId" => envelope.push(("id".into(), value)),
                "orgId" => org = Some(text),
                "createdTime" => data.push(("createdTime".into(), created_time(text)?)),
                name => data.push((name.into(), value)),
            }
            if name == "taskId" && is_redacted(text) {
                org = org.or(Some(&self.file_stem));
            }
        }
        let org = Json::Text(org.unwrap_or(UNKNOWN_ORG).into());
        envelope.push(("comciscoorgid".into(), org));
        envelope.push(("data".into(), Json::Object(data)));
        Ok(Json::Object(envelope))
    }
}

/// The published sample calls its task `TaskID_01` in each of its files. Such a name is unique only
/// within its file, so the file's name is used as the organization.
fn is_redacted(task_id: &str) -> bool {
    task_id.strip_prefix("TaskID_").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}

/// `2022-10-14 18:34:03.000` in UTC, or epoch milliseconds.
fn created_time<'a>(text: &str) -> Result<Json<'a>, String> {
    let epoch_ms = text.parse::<i64>().or_else(|_| {
        let time: DateTime = text.trim_end_matches('Z').parse().map_err(|_| {
            format!(
                "the column `createdTime` holds {text:?}, not a time like 2022-10-14 18:34:03.000"
            )
        })?;
        let zoned = time.to_zoned(TimeZone::UTC).map_err(|error| error.to_string())?;
        Ok::<i64, String>(zoned.timestamp().as_millisecond())
    })?;
    Ok(Json::Number(epoch_ms.into()))
}

/// The next rows of a table; none at its end. When the stream breaks off, `error` says so.
pub fn read_rows(rows: &mut csv::Reader<impl Read>, error: &mut Option<String>) -> Vec<CsvRow> {
    let mut block = Vec::new();
    while error.is_none() && block.len() < BLOCK_ROWS {
        let mut record = csv::ByteRecord::new();
        let line = rows.position().line();
        match rows.read_byte_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let line = record.position().map_or(line, csv::Position::line);
                block.push(CsvRow { line, record: Ok(record) });
            }
            Err(broken) if broken.is_io_error() => *error = Some(format!("breaks off: {broken}")),
            Err(odd) => block.push(CsvRow { line, record: Err(odd) }),
        }
    }
    block
}
