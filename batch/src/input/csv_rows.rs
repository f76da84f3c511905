//! Webhooks that were kept in a table with the columns of the published sample.
//!
//! Invariant: a row becomes the same kind of webhook body that was posted, with a member of
//! `data` for every column that is neither empty, nor NULL, nor about the delivery.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use jiff::tz::TimeZone;
use webhook::{Json, says_null};

use crate::input::csv_time::{epoch_ms, zone_of_heading};

/// The organization of rows that name none.
const UNKNOWN_ORG: &str = "unknown";

/// The members of `data` that have a meaning, besides the time.
const KNOWN_MEMBERS: [&str; 10] = [
    "taskId",
    "queueId",
    "agentId",
    "currentState",
    "channelType",
    "direction",
    "outboundType",
    "terminatingParty",
    "reason",
    "basis",
];

/// What the columns of a table are, and where it comes from.
#[derive(Clone, Debug)]
pub struct CsvColumns {
    columns: Vec<CsvColumn>,
    file_stem: String,
}

/// What a column holds.
#[derive(Clone, Debug)]
enum CsvColumn {
    /// The number of the row in the table that it comes from.
    RowId,
    /// The organization.
    Org,
    /// A member of the envelope.
    Envelope(&'static str),
    /// The time of the event, in this time zone where it names none.
    Time(TimeZone),
    /// A member of `data`.
    Data(String),
}

/// A row with its line, or why it could not be read.
#[derive(Debug)]
pub struct CsvRow {
    /// The line, from 1.
    pub line: u64,
    /// The fields.
    pub record: Result<csv::ByteRecord, RowTooLong>,
}

/// A row, or the heading, that is longer than any webhook: nearly always a quote has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowTooLong {
    /// The maximum in bytes.
    pub limit: usize,
}

impl fmt::Display for RowTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RowTooLong { limit } = self;
        write!(
            f,
            "the row is longer than {limit} bytes, which no webhook is: look for a quote without its end"
        )
    }
}

impl Error for RowTooLong {}

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
        let columns = names.filter_map(|name| str::from_utf8(name).ok());
        let columns: Vec<CsvColumn> = columns.map(CsvColumn::from_heading).collect();
        let has = |needed: &str| columns.iter().any(|column| column.name() == needed);
        ["type", "taskId", "createdTime"].into_iter().all(has)
    }

    /// The columns of the table in the file called `name`.
    pub fn read(header: &csv::ByteRecord, name: &str) -> CsvColumns {
        let columns = header
            .iter()
            .map(|heading| CsvColumn::from_heading(&String::from_utf8_lossy(heading.trim_ascii())));
        let file = name.rsplit('/').next().unwrap_or(name);
        let file_stem = file.split('.').next().unwrap_or(file).to_owned();
        CsvColumns { columns: columns.collect(), file_stem }
    }

    /// The webhook body that a row stands for.
    ///
    /// # Errors
    /// When the time cannot be read or a text is not UTF-8.
    pub fn webhook<'a>(&'a self, record: &'a csv::ByteRecord) -> Result<Json<'a>, String> {
        let mut envelope: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut data: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut org = None;
        for (column, field) in self.columns.iter().zip(record) {
            let text = std::str::from_utf8(field)
                .map_err(|_| format!("the column `{}` is not UTF-8", column.name()))?
                .trim();
            // I6
            if text.is_empty() || says_null(text) {
                continue;
            }
            match column {
                CsvColumn::RowId => {}
                CsvColumn::Org => org = Some(text),
                CsvColumn::Envelope(name) => {
                    envelope.push(((*name).into(), Json::Text(text.into())))
                }
                CsvColumn::Time(zone) => {
                    let at = Json::Number(epoch_ms(text, zone)?.into());
                    data.push((column.name().into(), at));
                }
                CsvColumn::Data(name) => {
                    if name == "taskId" && is_redacted(text) {
                        org = org.or(Some(&self.file_stem));
                    }
                    data.push((name.into(), Json::Text(text.into())));
                }
            }
        }
        let org = Json::Text(org.unwrap_or(UNKNOWN_ORG).into());
        envelope.push(("comciscoorgid".into(), org));
        envelope.push(("data".into(), Json::Object(data)));
        Ok(Json::Object(envelope))
    }
}

impl CsvColumn {
    /// What a column with that heading holds. Upper and lower case make no difference in what is known:
    /// the published tables have `queueID` where webhooks have `queueId`.
    fn from_heading(heading: &str) -> CsvColumn {
        let known = KNOWN_MEMBERS.iter().find(|name| name.eq_ignore_ascii_case(heading));
        match heading.to_ascii_lowercase().as_str() {
            "rowid" => CsvColumn::RowId,
            "orgid" => CsvColumn::Org,
            "type" => CsvColumn::Envelope("type"),
            "webhookid" => CsvColumn::Envelope("id"),
            "comciscotimestamp" => CsvColumn::Envelope("comciscotimestamp"),
            _ => match zone_of_heading(heading) {
                Some(zone) => CsvColumn::Time(zone),
                None => CsvColumn::Data(known.map_or(heading, |name| name).to_owned()),
            },
        }
    }

    /// Its name: of members, the key that webhooks have.
    fn name(&self) -> &str {
        match self {
            CsvColumn::RowId => "rowid",
            CsvColumn::Org => "orgId",
            CsvColumn::Envelope(name) => name,
            CsvColumn::Time(_) => "createdTime",
            CsvColumn::Data(name) => name,
        }
    }
}

/// The published sample calls its task `TaskID_01` in each of its files. Such a name is unique only
/// within its file, so the file's name is used as the organization.
fn is_redacted(task_id: &str) -> bool {
    task_id.strip_prefix("TaskID_").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}
