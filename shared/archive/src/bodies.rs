//! The rows of an archive as the deliveries that they were.
//!
//! Invariant: a body is read from an archive of any version.

use polars_arrow::array::{BinaryViewArray, PrimitiveArray, StaticArray, Utf8ViewArray};
use task_timeline::EpochMs;

use crate::archived_event::Headers;
use crate::columns::{TEXT, time};
use crate::group::Group;
use crate::read_error::ReadError;

/// The deliveries of a group of rows, as they were received.
pub struct Bodies {
    body: BinaryViewArray,
    arrived_at: Option<PrimitiveArray<i64>>,
    header_timestamp: Option<Utf8ViewArray>,
    header_version: Option<Utf8ViewArray>,
}

/// One delivery, as it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body<'a> {
    /// The body.
    pub body: &'a [u8],
    /// When it was received, if the archive knows.
    pub arrived_at: Option<EpochMs>,
    /// The headers that were kept.
    pub headers: Headers<'a>,
}

impl Bodies {
    /// Works for every version: only the body itself is required.
    pub(crate) fn read(group: &Group<'_>) -> Result<Bodies, ReadError> {
        Ok(Bodies {
            body: group.column("body", &TEXT).map(|texts: Utf8ViewArray| texts.to_binview())?,
            arrived_at: if_there(group.column("arrived_at", &time()))?,
            header_timestamp: if_there(group.column("header_timestamp", &TEXT))?,
            header_version: if_there(group.column("header_version", &TEXT))?,
        })
    }

    /// The deliveries in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = Body<'_>> {
        (0..self.rows()).map(|row| self.get(row))
    }

    pub(crate) fn rows(&self) -> usize {
        self.body.len()
    }

    pub(crate) fn get(&self, row: usize) -> Body<'_> {
        Body {
            body: self.body.get(row).unwrap_or_default(),
            arrived_at: self.arrived_at.as_ref().and_then(|times| instant(times, row)),
            headers: Headers {
                timestamp: self.header_timestamp.as_ref().and_then(|texts| texts.get(row)),
                version: self.header_version.as_ref().and_then(|texts| texts.get(row)),
            },
        }
    }
}

/// A column that archives of other versions may not have.
fn if_there<A>(column: Result<A, ReadError>) -> Result<Option<A>, ReadError> {
    match column {
        Ok(column) => Ok(Some(column)),
        Err(ReadError::Column { .. }) => Ok(None),
        Err(damaged @ ReadError::Damaged(_)) => Err(damaged),
    }
}

/// The time in a row, if it is a plausible one.
pub(crate) fn instant(times: &PrimitiveArray<i64>, row: usize) -> Option<EpochMs> {
    times.get(row).and_then(EpochMs::plausible)
}
