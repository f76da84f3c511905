//! The text between two values of a layout, and how it is compared.
//!
//! Invariant: a literal matches a text exactly if the text starts with it, byte by byte.

use std::ops::Range;

use crate::field::{DataField, EnvelopeField};
use crate::interned::Interned;

/// The text before a value that has to be read, or after the last one.
#[derive(Debug, Default)]
pub(crate) struct Literal {
    pub(crate) text: Box<str>,
    prefix: Prefix,
    /// Its last bytes, if it is longer than a prefix.
    suffix: Option<[u8; Prefix::LENGTH]>,
    /// What the text itself says.
    pub(crate) parts: Vec<Part>,
    pub(crate) slot: Slot,
    /// The literals that may follow the value, the longest first: one may begin like another.
    pub(crate) next: Vec<usize>,
}

/// What a literal says.
#[derive(Debug)]
pub(crate) enum Part {
    BeginData,
    /// A member, and where in the text its value lies, without the quotes.
    Interned(Interned, Range<usize>),
}

/// What follows a literal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Slot {
    Envelope(EnvelopeField),
    /// The literal ends with `"key":`, which has this length.
    Data {
        field: DataField,
        key_length: usize,
    },
    #[default]
    End,
}

impl Literal {
    pub(crate) fn new(text: &str, parts: Vec<Part>, slot: Slot) -> Literal {
        let prefix = Prefix::new(text.as_bytes());
        let suffix = text.as_bytes().last_chunk().filter(|_| text.len() > Prefix::LENGTH).copied();
        Literal { text: text.into(), prefix, suffix, parts, slot, next: Vec::new() }
    }

    /// Whether `text` starts with the literal.
    pub(crate) fn is_prefix_of(&self, text: &[u8]) -> bool {
        let own = self.text.as_bytes();
        match (text.first_chunk(), self.suffix) {
            (Some(first), None) => self.prefix.matches(*first),
            (Some(first), Some(suffix)) if own.len() <= 2 * Prefix::LENGTH => {
                self.prefix.matches(*first)
                    && text.get(..own.len()).is_some_and(|same| same.ends_with(&suffix))
            }
            (Some(first), Some(_)) => self.prefix.matches(*first) && text.starts_with(own),
            (None, _) => text.starts_with(own),
        }
    }
}

/// The first bytes of a literal, or all of a short one. They are compared without a call.
#[derive(Debug, Default)]
struct Prefix {
    bytes: u128,
    mask: u128,
}

impl Prefix {
    const LENGTH: usize = 16;

    fn new(text: &[u8]) -> Prefix {
        let (mut bytes, mut mask) = ([0; Self::LENGTH], [0; Self::LENGTH]);
        for (place, &byte) in text.iter().enumerate().take(Self::LENGTH) {
            (bytes[place], mask[place]) = (byte, u8::MAX);
        }
        Prefix { bytes: u128::from_le_bytes(bytes), mask: u128::from_le_bytes(mask) }
    }

    fn matches(&self, text: [u8; Self::LENGTH]) -> bool {
        u128::from_le_bytes(text) & self.mask == self.bytes
    }
}
