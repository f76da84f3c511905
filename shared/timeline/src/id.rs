//! Identifiers of organizations, tasks, queues and agents.
//!
//! Invariant: an [`Id`] prints exactly the text that it was read from.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// An identifier: a UUID in sixteen bytes, or any other short text as it came.
///
/// Webex sends lower-case UUIDs; redacted samples and older tenants do not.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Id {
    /// A UUID that was written in lower case with hyphens, big-endian.
    Uuid([u8; 16]),
    /// Anything else, at most [`Id::MAX_TEXT`] bytes.
    Text(Box<str>),
}

impl Id {
    /// The longest text that is accepted as an identifier, in bytes.
    ///
    /// It bounds the size of a stored [`Timeline`](crate::Timeline).
    pub const MAX_TEXT: usize = 64;

    /// `text` as an identifier; `None` if it is empty or longer than [`Id::MAX_TEXT`].
    pub fn new(text: &str) -> Option<Id> {
        if text.is_empty() || text.len() > Self::MAX_TEXT {
            return None;
        }
        Some(parse_uuid(text.as_bytes()).map_or_else(|| Id::Text(text.into()), Id::Uuid))
    }

    /// The text, in `buffer` where it has to be written out.
    pub fn as_text<'a>(&'a self, buffer: &'a mut [u8; 36]) -> &'a str {
        match self {
            Id::Uuid(bytes) => {
                *buffer = hyphenated(bytes);
                std::str::from_utf8(buffer).unwrap_or_default()
            }
            Id::Text(text) => text,
        }
    }
}

/// Reads eight digits at a time: one at a time takes four times as long, and a webhook names five
/// UUIDs.
fn parse_uuid(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.try_into().ok()?;
    if [text[8], text[13], text[18], text[23]] != *b"----" {
        return None;
    }
    let four = |from: usize| text[from..].first_chunk().map_or(0, |four| u32::from_le_bytes(*four));
    let eight = |from, and_from| u64::from(four(from)) | u64::from(four(and_from)) << 32;
    parse_digits([eight(0, 4), eight(9, 14), eight(19, 24), eight(28, 32)])
}

/// Sixteen bytes from four times eight lower-case hexadecimal digits.
fn parse_digits(digits: [u64; 4]) -> Option<[u8; 16]> {
    const EACH: u64 = u64::MAX / 255;
    // Letters have bit 6, digits do not.
    let values = digits.map(|text| (text & (EACH * 0x0f)) + (text >> 6 & EACH) * 9);
    let mut wrong = 0;
    for (text, values) in digits.into_iter().zip(values) {
        // Right are values of one digit that would be written so again.
        let is_letter = (values + EACH * (128 - 10)) >> 7 & EACH;
        let again = values + EACH * u64::from(b'0') + is_letter * u64::from(b'a' - b'0' - 10);
        wrong |= (again ^ text) | (values & (EACH * 0xf0));
    }
    let fours = values.map(|values| {
        let pairs = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff;
        let fours = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
        (fours | fours >> 16) & 0xffff_ffff
    });
    let high = u128::from(fours[0] | fours[1] << 32);
    let low = u128::from(fours[2] | fours[3] << 32);
    (wrong == 0).then(|| (high | low << 64).to_le_bytes())
}

/// Where the two digits of each byte stand in a UUID.
const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

/// Each byte in two digits.
pub(crate) const HEX: [[u8; 2]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = [[0; 2]; 256];
    let mut byte = 0;
    while byte < 256 {
        hex[byte] = [DIGITS[byte >> 4], DIGITS[byte & 15]];
        byte += 1;
    }
    hex
};

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_text(&mut [0; 36]))
    }
}

fn hyphenated(bytes: &[u8; 16]) -> [u8; 36] {
    let mut text = [b'-'; 36];
    for (byte, place) in bytes.iter().zip(PLACES) {
        text[place..place + 2].copy_from_slice(&HEX[usize::from(*byte)]);
    }
    text
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Ord for Id {
    /// The order of the texts, so that sorted output is sorted for every reader.
    fn cmp(&self, other: &Id) -> Ordering {
        match (self, other) {
            (Id::Uuid(a), Id::Uuid(b)) => a.cmp(b),
            (Id::Text(a), Id::Text(b)) => a.cmp(b),
            (Id::Uuid(a), Id::Text(b)) => hyphenated(a).as_slice().cmp(b.as_bytes()),
            (Id::Text(a), Id::Uuid(b)) => a.as_bytes().cmp(hyphenated(b).as_slice()),
        }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Id) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_as_it_was() {
        for text in [
            "94d8835d-c749-11ec-8573-7becd36cb425",
            "94D8835D-C749-11EC-8573-7BECD36CB425",
            "94d8835dc749-11ec-8573-7becd36cb425-",
            "TaskID_01",
            "ü",
        ] {
            assert_eq!(Id::new(text).unwrap().to_string(), text);
        }
        assert!(matches!(Id::new("94d8835d-c749-11ec-8573-7becd36cb425"), Some(Id::Uuid(_))));
    }

    #[test]
    fn only_lower_case_digits_make_a_uuid() {
        let uuid = *b"94d8835d-c749-11ec-8573-7becd36cb425";
        for place in 0..uuid.len() {
            for byte in 0..=255 {
                let mut text = uuid;
                text[place] = byte;
                let is_digit = matches!(byte, b'0'..=b'9' | b'a'..=b'f');
                let is_right = if uuid[place] == b'-' { byte == b'-' } else { is_digit };
                let parsed = parse_uuid(&text);
                assert_eq!(parsed.map(|bytes| hyphenated(&bytes)), is_right.then_some(text));
            }
        }
    }

    #[test]
    fn empty_and_endless_texts_are_refused() {
        assert_eq!(Id::new(""), None);
        assert!(Id::new(&"x".repeat(Id::MAX_TEXT)).is_some());
        assert_eq!(Id::new(&"x".repeat(Id::MAX_TEXT + 1)), None);
    }

    #[test]
    fn ids_sort_as_their_texts_do() {
        let mut ids: Vec<Id> = ["b", "94d8835d-c749-11ec-8573-7becd36cb425", "a", "9", "94d9"]
            .into_iter()
            .map(|text| Id::new(text).unwrap())
            .collect();
        ids.sort();
        let texts: Vec<String> = ids.iter().map(Id::to_string).collect();
        assert_eq!(texts, ["9", "94d8835d-c749-11ec-8573-7becd36cb425", "94d9", "a", "b"]);
    }
}
