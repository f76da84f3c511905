//! What stands between two values of a layout, and how it is compared.
//!
//! Invariant: a literal begins a text exactly if the text starts with it, byte by byte.

use std::ops::Range;

use crate::field::Field;
use crate::interned::Familiar;

/// What stands before a value that has to be read, or after the last one.
#[derive(Debug, Default)]
pub(crate) struct Gap {
    pub(crate) text: Box<str>,
    pub(crate) head: Head,
    /// Its last bytes, if it is longer than a head.
    pub(crate) tail: Option<[u8; Head::LENGTH]>,
    /// What it says itself.
    pub(crate) parts: Vec<Part>,
    pub(crate) value: Value,
    /// The gaps that may come after the value, long ones first: one may begin as another one does.
    pub(crate) next: Vec<usize>,
}

/// What a gap says.
#[derive(Debug)]
pub(crate) enum Part {
    BeginData,
    /// A member whose value lies there in the text.
    Familiar(Familiar, Range<usize>),
}

/// What comes after a gap.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Value {
    Envelope(Field),
    /// `name` is the length of `"key":`, with which the gap ends.
    Data {
        field: Field,
        name: usize,
    },
    #[default]
    Nothing,
}

impl Gap {
    /// Whether `text` begins with the gap.
    pub(crate) fn begins(&self, text: &[u8]) -> bool {
        let own = self.text.as_bytes();
        match (text.first_chunk(), self.tail) {
            (Some(head), None) => self.head.begins(*head),
            (Some(head), Some(tail)) if own.len() <= 2 * Head::LENGTH => {
                self.head.begins(*head)
                    && text.get(..own.len()).is_some_and(|same| same.ends_with(&tail))
            }
            (Some(head), Some(_)) => self.head.begins(*head) && text.starts_with(own),
            (None, _) => text.starts_with(own),
        }
    }
}

/// The first bytes of a gap, or all of a short one: they are compared without a call.
#[derive(Debug, Default)]
pub(crate) struct Head {
    bytes: u128,
    mask: u128,
}

impl Head {
    pub(crate) const LENGTH: usize = 16;

    pub(crate) fn of(text: &[u8]) -> Head {
        let (mut bytes, mut mask) = ([0; Self::LENGTH], [0; Self::LENGTH]);
        for (place, &byte) in text.iter().enumerate().take(Self::LENGTH) {
            (bytes[place], mask[place]) = (byte, u8::MAX);
        }
        Head { bytes: u128::from_le_bytes(bytes), mask: u128::from_le_bytes(mask) }
    }

    fn begins(&self, text: [u8; Self::LENGTH]) -> bool {
        u128::from_le_bytes(text) & self.mask == self.bytes
    }
}
