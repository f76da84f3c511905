//! Parts of keys that follow from content: dates and digests.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use task_timeline::EpochMs;

/// The date of an instant in UTC, `2026-11-22`.
pub fn date(at: EpochMs) -> String {
    Timestamp::from_millisecond(at.0).unwrap_or_default().strftime("%F").to_string()
}

/// Lower-case hexadecimal digits of a hash over all parts, 32 of them.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}
