//! What there is to learn from a body, as the scanner shows it.
//!
//! Invariant: a member that is null or has no meaning is not recorded, so it becomes part of the
//! literal around it.

use std::ops::Range;

use crate::fast::layout::literal::Slot;
use crate::field::{DataField, EnvelopeField};
use crate::interned::Interned;
use crate::member::{Member, MemberSink};
use crate::plain::Plain;

/// Records one body.
#[derive(Default)]
pub(crate) struct Recorder<'a> {
    /// The keys, and whether they are those of `data`.
    keys: Vec<(&'a [u8], bool)>,
    pub(crate) items: Vec<Item<'a>>,
}

/// What a layout is made of, in the order of the body.
pub(crate) enum Item<'a> {
    BeginData,
    Member(RecordedMember<'a>),
}

/// A member that has a meaning.
pub(crate) struct RecordedMember<'a> {
    /// `"key":value`
    pub(crate) text: &'a [u8],
    /// Where the value lies in the body.
    pub(crate) value: Range<usize>,
    /// The slot for other values of the member.
    pub(crate) slot: Slot,
    /// The member with this value, if it may become part of a literal.
    pub(crate) interned: Option<Interned>,
}

impl<'a> Recorder<'a> {
    /// I10: a known layout does not show every member, so none with a repeated key is learnt.
    pub(crate) fn has_repeated_key(&self) -> bool {
        let mut keys = self.keys.clone();
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// Records the key; returns its length with quotes and colon.
    fn record_key<Field>(&mut self, member: &Member<'a, Field>, in_data: bool) -> Option<usize> {
        let length = member.text.windows(2).position(|pair| pair == b"\":")? + 2;
        self.keys.push((&member.text[..length], in_data));
        Some(length)
    }

    fn record<Field>(
        &mut self,
        member: &Member<'a, Field>,
        key_length: usize,
        slot: Slot,
        interned: Option<Interned>,
    ) {
        if member.value != Plain::Null {
            let Member { text, at, .. } = *member;
            let value = at + key_length..at + text.len();
            self.items.push(Item::Member(RecordedMember { text, value, slot, interned }));
        }
    }
}

impl<'a> MemberSink<'a> for Recorder<'a> {
    fn envelope(&mut self, member: Member<'a, EnvelopeField>) -> Option<()> {
        let key_length = self.record_key(&member, false)?;
        if member.field != EnvelopeField::Constant {
            let interned = Interned::from_envelope(&member);
            self.record(&member, key_length, Slot::Envelope(member.field), interned);
        }
        Some(())
    }

    fn begin_data(&mut self) -> Option<()> {
        self.keys.push((b"\"data\":", false));
        self.items.push(Item::BeginData);
        Some(())
    }

    fn data(&mut self, member: Member<'a, DataField>) -> Option<()> {
        let key_length = self.record_key(&member, true)?;
        let slot = Slot::Data { field: member.field, key_length };
        let interned = Interned::from_data(&member);
        self.record(&member, key_length, slot, interned);
        Some(())
    }
}
