//! The bytes of a file in, events or deliveries out.
//!
//! Invariant: whatever the bytes, the answer is what an archive holds or an error.

use std::io::Cursor;

use polars_arrow::datatypes::ArrowSchema;
use polars_buffer::Buffer;
use polars_parquet::read::{FileMetadata, infer_schema, read_metadata};
use polars_parquet_format::FileMetaData;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use crate::bodies::Bodies;
use crate::columns::{COLUMNS_VERSION, TEXT, VERSION_KEY};
use crate::events::Events;
use crate::group::{Group, ReadError, check_column, contained};

/// A file of archived events.
///
/// Its rows lie in groups, each read on its own, so that a large file need not fit into memory
/// decompressed.
pub struct Archive {
    bytes: Buffer<u8>,
    metadata: FileMetadata,
    schema: ArrowSchema,
}

impl Archive {
    /// The first bytes of every such file.
    pub const MAGIC: &[u8] = b"PAR1";

    /// Takes the bytes of a whole file and reads its footer.
    ///
    /// # Errors
    /// When the bytes are not Parquet, or have no bodies.
    pub fn open(bytes: Vec<u8>) -> Result<Archive, ReadError> {
        let bytes = Buffer::from(bytes);
        contained(|| {
            check_lists(&bytes)?;
            let metadata = read_metadata(&mut Cursor::new(&*bytes)).map_err(ReadError::damaged)?;
            let schema = infer_schema(&metadata).map_err(ReadError::damaged)?;
            check_column(&schema, "body", &TEXT)?;
            Ok(Archive { bytes: bytes.clone(), metadata, schema })
        })
    }

    /// How many groups of rows there are.
    pub fn groups(&self) -> usize {
        self.metadata.row_groups.len()
    }

    /// The events of a group: from the columns, or, if those are of another version, from the
    /// bodies. A group that is not there is empty.
    ///
    /// # Errors
    /// When the file is damaged, or not an archive.
    pub fn events(&self, group: usize) -> Result<Events, ReadError> {
        if self.columns_version() == Some(COLUMNS_VERSION) {
            Events::from_columns(&self.group(group))
        } else {
            Ok(Events::from_bodies(self.bodies(group)?))
        }
    }

    /// The deliveries of a group as they came: bodies and headers.
    ///
    /// # Errors
    /// When the file is damaged, or not an archive.
    pub fn bodies(&self, group: usize) -> Result<Bodies, ReadError> {
        Bodies::read(&self.group(group))
    }

    fn columns_version(&self) -> Option<&str> {
        let mut entries = self.metadata.key_value_metadata.iter().flatten();
        entries.find(|entry| entry.key == VERSION_KEY)?.value.as_deref()
    }

    fn group(&self, group: usize) -> Group<'_> {
        let metadata = self.metadata.row_groups.get(group);
        Group { bytes: &self.bytes, schema: &self.schema, metadata }
    }
}

/// Checks that no list of the footer is longer than the footer.
///
/// The decoder allocates as much memory as a list's length claims, and running out of memory ends
/// the process: unlike a panic, that is not [`contained`]. The reader generated from the format's
/// definition has a limit instead.
fn check_lists(bytes: &[u8]) -> Result<(), ReadError> {
    /// It counts up to ten bytes for an element of a list, which may be one byte of the file.
    const COUNTED_PER_BYTE: usize = 16;
    let Some(footer) = footer(bytes) else { return Ok(()) };
    let mut thrift = TCompactInputProtocol::new(footer, COUNTED_PER_BYTE * footer.len());
    FileMetaData::read_from_in_protocol(&mut thrift).map(|_| ()).map_err(ReadError::damaged)
}

/// The footer; `None` if there is none, for which the decoder has an error.
fn footer(bytes: &[u8]) -> Option<&[u8]> {
    let (bytes, length) = bytes.strip_suffix(Archive::MAGIC)?.split_last_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    bytes.get(bytes.len().checked_sub(length)?..)
}
