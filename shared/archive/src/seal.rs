//! A file as Polars wrote it in, the file with its checksums out.
//!
//! The writer of Polars (0.55) leaves out the checksums of pages. Putting them in moves the pages,
//! so the footer is written again. What lies between pages and footer is left out: copies of the
//! metadata, and an index of pages, of which a column chunk has one.
//!
//! Invariant: a file is its magic, its pages with their headers, and its footer; nothing else.

use std::error::Error;

use polars_parquet::write::{KeyValue, ThriftFileMetadata};
use polars_parquet_format::thrift::protocol::TCompactOutputProtocol;
use polars_parquet_format::{ColumnChunk, ColumnMetaData, PageType, RowGroup};

use crate::checksums::{CHECKSUM_KEY, NO_CHECKSUM, fill_in, of_page};
use crate::footer::MAGIC;
use crate::pages::Pages;

type SealError = Box<dyn Error + Send + Sync>;

/// The file that was written with this footer, with its checksums.
///
/// # Errors
/// When the footer is not that of the file.
pub(crate) fn sealed(written: &[u8], mut footer: ThriftFileMetadata) -> Result<Vec<u8>, SealError> {
    let mut file = MAGIC.to_vec();
    for group in &mut footer.row_groups {
        copy_group(written, group, &mut file)?;
    }
    let checksum = KeyValue::new(CHECKSUM_KEY.to_owned(), NO_CHECKSUM.to_owned());
    footer.key_value_metadata.get_or_insert_default().push(checksum);
    let length = footer.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut file))?;
    file.extend_from_slice(&u32::try_from(length)?.to_le_bytes());
    file.extend_from_slice(MAGIC);
    fill_in(&mut file);
    Ok(file)
}

fn copy_group(written: &[u8], group: &mut RowGroup, file: &mut Vec<u8>) -> Result<(), SealError> {
    let begins_at = i64::try_from(file.len())?;
    for column in &mut group.columns {
        let ColumnChunk { meta_data: Some(column_data), .. } = column else {
            return Err("a column has no metadata".into());
        };
        group.total_byte_size += copy_column(written, column_data, file)?;
        // No copy of the metadata outside the footer, and no index of pages.
        column.file_offset = 0;
        (column.offset_index_offset, column.offset_index_length) = (None, None);
        (column.column_index_offset, column.column_index_length) = (None, None);
    }
    group.file_offset = Some(begins_at);
    group.total_compressed_size = Some(i64::try_from(file.len())? - begins_at);
    Ok(())
}

/// Returns by how many bytes the headers of the pages grew.
fn copy_column(
    written: &[u8],
    column: &mut ColumnMetaData,
    file: &mut Vec<u8>,
) -> Result<i64, SealError> {
    let from = usize::try_from(column.dictionary_page_offset.unwrap_or(column.data_page_offset))?;
    let to = from + usize::try_from(column.total_compressed_size)?;
    let chunk = written.get(from..to).ok_or("a column lies beyond the end")?;
    let begins_at = file.len();
    for page in Pages::new(chunk) {
        let (mut header, page) = page?;
        let at = i64::try_from(file.len())?;
        if header.type_ == PageType::DICTIONARY_PAGE {
            column.dictionary_page_offset = Some(at);
        } else {
            column.data_page_offset = at;
        }
        header.crc = Some(of_page(page));
        header.write_to_out_protocol(&mut TCompactOutputProtocol::new(&mut *file))?;
        file.extend_from_slice(page);
    }
    let grown = i64::try_from(file.len() - begins_at)? - column.total_compressed_size;
    column.total_compressed_size += grown;
    column.total_uncompressed_size += grown;
    Ok(grown)
}
