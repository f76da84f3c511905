//! A group of rows: the bytes of its columns in, arrays out.
//!
//! Invariant: whatever the bytes, the answer is a column of the requested type or an error.

use std::io::Cursor;

use polars_arrow::array::Array;
use polars_arrow::compute::concatenate::concatenate;
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, PageReader, RowGroupMetadata, column_iter_to_arrays,
};

use crate::checksums::of_page;
use crate::contained::contained;
use crate::pages::Pages;
use crate::read_error::ReadError;

/// No column of our own archives has a page of this size.
const MAX_PAGE_BYTES: usize = 1 << 30;

/// Some rows of an archive, not yet decoded.
pub(crate) struct Group<'a> {
    /// The bytes of the whole file.
    pub(crate) bytes: &'a Buffer<u8>,
    pub(crate) schema: &'a ArrowSchema,
    /// `None` for a group that is not there.
    pub(crate) metadata: Option<&'a RowGroupMetadata>,
}

impl Group<'_> {
    pub(crate) fn rows(&self) -> usize {
        self.metadata.map_or(0, RowGroupMetadata::num_rows)
    }

    /// The column `name`, if it has this type and a value for each row; decoded as `A`.
    pub(crate) fn column<A: Array + Clone>(
        &self,
        name: &'static str,
        dtype: &ArrowDataType,
    ) -> Result<A, ReadError> {
        let array = self.array(name, dtype)?;
        let array = array.as_any().downcast_ref::<A>().cloned();
        array.ok_or_else(|| ReadError::damaged(format!("`{name}` is of another kind")))
    }

    /// The same as whatever array it is decoded to.
    pub(crate) fn array(
        &self,
        name: &'static str,
        dtype: &ArrowDataType,
    ) -> Result<Box<dyn Array>, ReadError> {
        check_column(self.schema, name, dtype)?;
        let array = contained(|| self.decode(name, dtype))?;
        let is_whole = array.len() == self.rows();
        is_whole
            .then_some(array)
            .ok_or_else(|| ReadError::damaged(format!("`{name}` is cut short")))
    }

    fn decode(&self, name: &str, dtype: &ArrowDataType) -> Result<Box<dyn Array>, ReadError> {
        let chunk = self
            .metadata
            .and_then(|group| group.columns_under_root_iter(name)?.next())
            .ok_or_else(|| ReadError::damaged(format!("`{name}` has no values")))?;
        let bytes = self.bytes.clone();
        let within = |at: u64| usize::try_from(at).ok().filter(|&at| at <= bytes.len());
        let range = chunk.byte_range();
        let (Some(from), Some(to)) = (within(range.start), within(range.end)) else {
            return Err(ReadError::damaged(format!("`{name}` lies beyond the end")));
        };
        let bytes = bytes.sliced(from..to);
        check_pages(&bytes, chunk.num_values(), self.rows())?;
        let pages = PageReader::new(Cursor::new(bytes), chunk, Vec::new(), MAX_PAGE_BYTES);
        let pages = BasicDecompressor::new(pages, Vec::new());
        let field = Field::new(name.into(), dtype.clone(), true);
        let kind = &chunk.descriptor().descriptor.primitive_type;
        let (arrays, _) = column_iter_to_arrays(vec![pages], vec![kind], field, None)
            .map_err(ReadError::damaged)?;
        let arrays: Vec<&dyn Array> = arrays.iter().map(|array| &**array).collect();
        concatenate(&arrays).map_err(ReadError::damaged)
    }
}

pub(crate) fn check_column(
    schema: &ArrowSchema,
    name: &'static str,
    dtype: &ArrowDataType,
) -> Result<(), ReadError> {
    let field = schema.get(name).filter(|field| field.dtype == *dtype);
    field.map(|_| ()).ok_or(ReadError::Column { name })
}

/// Checks that neither a column nor one of its pages claims more values than there are rows, and that
/// each page is as its checksum says, if it has one.
///
/// The decoder allocates as much memory as the counts claim, and running out of memory ends the
/// process: unlike a panic, that is not [`contained`]. A negative count would be read as a huge one.
fn check_pages(chunk: &[u8], values: i64, rows: usize) -> Result<(), ReadError> {
    let check = |count: i64| match usize::try_from(count) {
        Ok(count) if count <= rows => Ok(()),
        _ => Err(ReadError::damaged(format!("{count} values for {rows} rows"))),
    };
    check(values)?;
    for page in Pages::new(chunk) {
        let (header, page) = page?;
        let counts = [
            header.dictionary_page_header.map(|header| header.num_values),
            header.data_page_header.map(|header| header.num_values),
            header.data_page_header_v2.map(|header| header.num_values),
        ];
        counts.into_iter().flatten().try_for_each(|count| check(count.into()))?;
        if header.crc.is_some_and(|checksum| checksum != of_page(page)) {
            return Err(ReadError::damaged("the checksum of a page is not that of its content"));
        }
    }
    Ok(())
}
