//! The footer of a file: where it lies, and that it claims no more than it can hold.
//!
//! Invariant: no footer makes the decoder ask for more memory than a small multiple of its length.

use polars_parquet_format::FileMetaData;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use crate::read_error::ReadError;

/// The first and the last bytes of a file.
pub(crate) const MAGIC: &[u8] = b"PAR1";

/// Checks that no list of the footer is longer than the footer.
///
/// The decoder allocates as much memory as a list's length claims, and running out of memory ends
/// the process: unlike a panic, that is not [`contained`](crate::contained). The reader generated
/// from the format's definition has a limit instead.
pub(crate) fn check_lists(bytes: &[u8]) -> Result<(), ReadError> {
    /// It counts up to ten bytes for an element of a list, which may be one byte of the file.
    const COUNTED_PER_BYTE: usize = 16;
    let Some(footer) = footer(bytes) else { return Ok(()) };
    let mut thrift = TCompactInputProtocol::new(footer, COUNTED_PER_BYTE * footer.len());
    FileMetaData::read_from_in_protocol(&mut thrift).map(|_| ()).map_err(ReadError::damaged)
}

/// The footer; `None` if there is none, for which the decoder has an error.
fn footer(bytes: &[u8]) -> Option<&[u8]> {
    let (bytes, length) = bytes.strip_suffix(MAGIC)?.split_last_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    bytes.get(bytes.len().checked_sub(length)?..)
}
