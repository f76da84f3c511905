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

const HYPHENS: [usize; 4] = [8, 13, 18, 23];

fn parse_uuid(text: &[u8]) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.try_into().ok()?;
    if HYPHENS.iter().any(|&at| text[at] != b'-') {
        return None;
    }
    let mut bytes = [0; 16];
    let mut at = 0;
    for byte in &mut bytes {
        if HYPHENS.contains(&at) {
            at += 1;
        }
        *byte = nibble(text[at])? << 4 | nibble(text[at + 1])?;
        at += 2;
    }
    Some(bytes)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_text(&mut [0; 36]))
    }
}

fn hyphenated(bytes: &[u8; 16]) -> [u8; 36] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut at = 0;
    for byte in bytes {
        if HYPHENS.contains(&at) {
            at += 1;
        }
        text[at] = DIGITS[usize::from(byte >> 4)];
        text[at + 1] = DIGITS[usize::from(byte & 15)];
        at += 2;
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
