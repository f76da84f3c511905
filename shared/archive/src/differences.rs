//! Where the columns of an archive are not what its bodies say.
//!
//! A checksum holds a file to what was written; this holds what was written to the bodies.
//!
//! Invariant: what a column should hold comes from the code that writes it.

use thiserror::Error;
use webhook::{Webhook, WebhookError};

use crate::archived_event::ArchivedEvent;
use crate::bodies::Bodies;
use crate::columns::Column;
use crate::group::Group;
use crate::read_error::ReadError;

/// A row that is not what its body says.
#[derive(Debug)]
pub struct Difference {
    /// Its place in its group, from 0.
    pub row: usize,
    /// Its body; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// What is wrong with it.
    pub mismatch: Mismatch,
}

/// What is wrong with a row.
#[derive(Debug, Error)]
pub enum Mismatch {
    /// The body is not a webhook.
    #[error("the body cannot be read")]
    Body(#[source] WebhookError),
    /// Columns hold something else.
    #[error("not what the body says: {}", .0.join(", "))]
    Columns(Vec<&'static str>),
}

/// Parses each body of a group, and compares these columns with what it says.
///
/// # Errors
/// When the bodies or one of the columns cannot be read.
pub(crate) fn differences(
    group: &Group<'_>,
    columns: &[Column],
) -> Result<Vec<Difference>, ReadError> {
    let bodies = Bodies::read(group)?;
    let mut differences = Vec::new();
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (row, delivery) in bodies.iter().enumerate() {
        match Webhook::parse(delivery.body) {
            Ok(webhook) => {
                let arrived_at = delivery.arrived_at.unwrap_or_default();
                // What parses is UTF-8.
                let body = std::str::from_utf8(delivery.body).unwrap_or_default();
                rows.push(row);
                events.push(ArchivedEvent { webhook, arrived_at, headers: delivery.headers, body });
            }
            Err(error) => {
                let body = String::from_utf8_lossy(delivery.body).into_owned();
                differences.push(Difference { row, body, mismatch: Mismatch::Body(error) });
            }
        }
    }
    let mut wrong: Vec<Vec<&'static str>> = vec![Vec::new(); events.len()];
    for column in columns {
        let stored = group.array(column.name, &column.field().dtype)?;
        let expected = column.array(&events);
        if stored == expected {
            continue;
        }
        for (at, row) in rows.iter().enumerate() {
            if stored.sliced(*row, 1) != expected.sliced(at, 1) {
                wrong[at].push(column.name);
            }
        }
    }
    for (at, columns) in wrong.into_iter().enumerate().filter(|(_, columns)| !columns.is_empty()) {
        let (row, body) = (rows[at], events[at].body.to_owned());
        differences.push(Difference { row, body, mismatch: Mismatch::Columns(columns) });
    }
    differences.sort_by_key(|difference| difference.row);
    Ok(differences)
}
