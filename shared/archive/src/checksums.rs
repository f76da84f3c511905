//! The checksums of a file: how they are computed, where they stand, and whether they are right.
//!
//! Each page has the checksum that Parquet defines for it, so that other readers can check it too.
//! It leaves out the headers of pages and the footer, so there is one more, of the whole file. Both
//! find damage, not forgery.
//!
//! Invariant: if a file has its checksum, nothing of it is decoded before that was found right.

use std::ops::Range;

use xxhash_rust::xxh3::Xxh3;

use crate::read_error::ReadError;

/// The key of the file's checksum in the footer. Its value is XXH3 (64 bits, seed 0, hexadecimal) of
/// all bytes of the file but those of the value.
pub(crate) const CHECKSUM_KEY: &str = "trueline:checksum";

/// The value while it is not known.
pub(crate) const NO_CHECKSUM: &str = "0000000000000000";

/// How the footer encodes that a value of 16 bytes follows the key.
const VALUE_FOLLOWS: [u8; 2] = [0x18, 16];

/// The key stands this close to the end, so that no body is taken for a footer.
const END_BYTES: usize = 1 << 10;

/// The checksum of a page as it is stored, for its header: CRC-32.
pub(crate) fn of_page(page: &[u8]) -> i32 {
    crc32fast::hash(page).cast_signed()
}

/// Puts in the checksum of a file that has a place for it.
pub(crate) fn fill_in(file: &mut [u8]) {
    if let Some(place) = place(file) {
        let checksum = of_file(file, &place);
        file[place].copy_from_slice(checksum.as_bytes());
    }
}

/// Whether a file has its checksum; those written before there were any have none.
///
/// # Errors
/// When it is wrong.
pub(crate) fn check_file(file: &[u8]) -> Result<bool, ReadError> {
    match place(file) {
        None => Ok(false),
        Some(place) if of_file(file, &place).as_bytes() == &file[place.clone()] => Ok(true),
        Some(_) => Err(ReadError::damaged("its checksum is not that of its content")),
    }
}

fn of_file(file: &[u8], place: &Range<usize>) -> String {
    let mut hasher = Xxh3::new();
    hasher.update(&file[..place.start]);
    hasher.update(&file[place.end..]);
    format!("{:016x}", hasher.digest())
}

/// Where the value stands.
///
/// It is searched for from the end, since a damaged footer cannot say.
fn place(file: &[u8]) -> Option<Range<usize>> {
    let before = [CHECKSUM_KEY.as_bytes(), &VALUE_FOLLOWS].concat();
    let end = file.len().saturating_sub(END_BYTES);
    let at = file[end..].windows(before.len()).rposition(|bytes| bytes == before)?;
    let value = end + at + before.len();
    (value + NO_CHECKSUM.len() <= file.len()).then_some(value..value + NO_CHECKSUM.len())
}
