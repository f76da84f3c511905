//! The bytes of a file in, events or deliveries out.
//!
//! Invariant: whatever the bytes, the answer is what an archive holds or an error.

use std::io::Cursor;

use polars_arrow::datatypes::ArrowSchema;
use polars_buffer::Buffer;
use polars_parquet::read::{FileMetadata, infer_schema, read_metadata};

use crate::bodies::Bodies;
use crate::checksums::check_file;
use crate::columns::{COLUMNS, COLUMNS_VERSION, TEXT, VERSION_KEY};
use crate::contained::contained;
use crate::differences::{Difference, differences};
use crate::events::Events;
use crate::footer::{MAGIC, check_lists};
use crate::group::{Group, check_column};
use crate::read_error::ReadError;

/// A file of archived events.
///
/// Its rows lie in groups, each read on its own, so that a large file need not fit into memory
/// decompressed.
pub struct Archive {
    bytes: Buffer<u8>,
    has_checksum: bool,
    metadata: FileMetadata,
    schema: ArrowSchema,
}

impl Archive {
    /// The first bytes of every such file.
    pub const MAGIC: &[u8] = MAGIC;

    /// Takes the bytes of a whole file, checks its checksum and reads its footer.
    ///
    /// # Errors
    /// When the bytes are not those that were written, not Parquet, or have no bodies.
    pub fn open(bytes: Vec<u8>) -> Result<Archive, ReadError> {
        let has_checksum = check_file(&bytes)?;
        let bytes = Buffer::from(bytes);
        contained(|| {
            check_lists(&bytes)?;
            let metadata = read_metadata(&mut Cursor::new(&*bytes)).map_err(ReadError::damaged)?;
            let schema = infer_schema(&metadata).map_err(ReadError::damaged)?;
            check_column(&schema, "body", &TEXT)?;
            Ok(Archive { bytes: bytes.clone(), has_checksum, metadata, schema })
        })
    }

    /// Whether the file has a checksum, without which not all damage is noticed: files written before
    /// there were any, or by others, have none.
    pub fn has_checksum(&self) -> bool {
        self.has_checksum
    }

    /// How many groups of rows there are.
    pub fn groups(&self) -> usize {
        self.metadata.row_groups.len()
    }

    /// How many rows a group has.
    pub fn rows(&self, group: usize) -> usize {
        self.group(group).rows()
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

    /// The rows of a group that are not what their bodies say, in order. Columns of another version are
    /// not compared, since nothing reads them.
    ///
    /// # Errors
    /// When the file is damaged, or not an archive.
    pub fn differences(&self, group: usize) -> Result<Vec<Difference>, ReadError> {
        let is_current = self.columns_version() == Some(COLUMNS_VERSION);
        differences(&self.group(group), if is_current { COLUMNS } else { &[] })
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
