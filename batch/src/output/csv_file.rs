//! A table of a run as CSV: RFC 4180 in UTF-8, with a heading.
//!
//! Times are ISO 8601 in UTC with milliseconds; null is empty. The items of a list are a record of
//! their own, with `;` between them, so an item that holds `;` is quoted.
//!
//! Invariant: each value can be read back, and no cell is a formula. A text that a spreadsheet would
//! take for one gets an apostrophe in front, and so does one that begins with an apostrophe.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, Result, bail};
use csv::{Terminator, Writer, WriterBuilder};
use jiff::Timestamp;
use polars::prelude::{AnyValue, Series, TimeUnit};

use crate::output::row_groups::RowGroups;

/// The characters that make a spreadsheet take a text for a formula, as OWASP lists them, and the
/// apostrophe that prevents it.
const GUARDED: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '\''];

/// Writes all rows of a table to a new file at `path`.
///
/// # Errors
/// When the table cannot be read or the file cannot be written.
pub(crate) fn write_table(mut table: RowGroups, path: &Path) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let mut file = records(b',').from_path(path).with_context(cannot)?;
    file.write_record(table.none()?.get_column_names()).with_context(cannot)?;
    while let Some(rows) = table.next()? {
        let mut columns: Vec<_> =
            rows.columns().iter().map(|column| column.as_materialized_series().iter()).collect();
        for _ in 0..rows.height() {
            for value in columns.iter_mut().filter_map(Iterator::next) {
                file.write_field(&*cell(&value)?).with_context(cannot)?;
            }
            end_record(&mut file).with_context(cannot)?;
        }
    }
    file.flush().with_context(cannot)
}

/// Writes a table of texts to a new file at `path`.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_texts<const COLUMNS: usize>(
    heading: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [&'static str; COLUMNS]>,
    path: &Path,
) -> Result<()> {
    let cannot = || format!("cannot write {}", path.display());
    let mut file = records(b',').from_path(path).with_context(cannot)?;
    file.write_record(heading).with_context(cannot)?;
    for row in rows {
        file.write_record(row.map(|text| guarded(text.into())).iter().map(|cell| cell.as_bytes()))
            .with_context(cannot)?;
    }
    file.flush().with_context(cannot)
}

fn records(delimiter: u8) -> WriterBuilder {
    let mut records = WriterBuilder::new();
    records.delimiter(delimiter).terminator(Terminator::CRLF);
    records
}

fn end_record(file: &mut Writer<impl std::io::Write>) -> csv::Result<()> {
    file.write_record(None::<&[u8]>)
}

/// The cell of a value.
fn cell<'a>(value: &'a AnyValue<'_>) -> Result<Cow<'a, str>> {
    let text = plain(value)?;
    let may_be_formula = matches!(value, AnyValue::String(_) | AnyValue::List(_));
    Ok(if may_be_formula { guarded(text) } else { text })
}

/// A value as text, whatever its first character is.
#[expect(clippy::wildcard_enum_match_arm, reason = "tables have few of the many types")]
fn plain<'a>(value: &'a AnyValue<'_>) -> Result<Cow<'a, str>> {
    Ok(match value {
        AnyValue::Null => "".into(),
        AnyValue::String(text) => (*text).into(),
        AnyValue::UInt32(count) => count.to_string().into(),
        AnyValue::Int64(ms) => ms.to_string().into(),
        AnyValue::Float64(quotient) => quotient.to_string().into(),
        AnyValue::Datetime(ms, TimeUnit::Milliseconds, _) => {
            format!("{:.3}", Timestamp::from_millisecond(*ms)?).into()
        }
        AnyValue::List(items) => list(items)?.into(),
        other => bail!("CSV has no form for a column of {}", other.dtype()),
    })
}

/// The items of a list as a record, without its end. A list without items is empty, and one with an
/// empty item is `""`.
fn list(items: &Series) -> Result<String> {
    if items.is_empty() {
        return Ok(String::new());
    }
    let mut record = records(b';').from_writer(Vec::new());
    for item in items.iter() {
        record.write_field(&*plain(&item)?)?;
    }
    end_record(&mut record)?;
    let record = String::from_utf8(record.into_inner().map_err(csv::IntoInnerError::into_error)?)?;
    Ok(record.trim_end_matches("\r\n").to_owned())
}

fn guarded(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.starts_with(GUARDED) { format!("'{text}").into() } else { text }
}
