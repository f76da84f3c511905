//! What is to be learnt from a body, as the scanner shows it.
//!
//! Invariant: what means nothing, or is null, is no slot: it is a part of the literal around it.

use crate::field::Field;
use crate::member::{Member, Visit};
use crate::plain::Plain;

/// What is to be learnt from a body.
#[derive(Default)]
pub(crate) struct Lesson<'a> {
    /// The keys, and whether they are those of `data`.
    pub(crate) keys: Vec<(&'a [u8], bool)>,
    pub(crate) stops: Vec<Stop<'a>>,
}

/// What means something in a body.
pub(crate) enum Stop<'a> {
    BeginData,
    /// `name` is the length of `"key":`.
    Member {
        member: Member<'a>,
        name: usize,
        in_data: bool,
    },
}

impl<'a> Lesson<'a> {
    fn take(&mut self, member: Member<'a>, in_data: bool) -> Option<()> {
        let name = member.text.windows(2).position(|pair| pair == b"\":")? + 2;
        self.keys.push((&member.text[..name], in_data));
        if member.value != Plain::Null && member.field != Field::Constant {
            self.stops.push(Stop::Member { member, name, in_data });
        }
        Some(())
    }

    /// Of repeated members the last one counts, also if it is null and left out.
    pub(crate) fn repeats_a_key(&self) -> bool {
        let mut keys = self.keys.clone();
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    }
}

impl<'a> Visit<'a> for Lesson<'a> {
    fn envelope(&mut self, member: Member<'a>) -> Option<()> {
        self.take(member, false)
    }

    fn begin_data(&mut self) -> Option<()> {
        self.keys.push((b"\"data\":", false));
        self.stops.push(Stop::BeginData);
        Some(())
    }

    fn data(&mut self, member: Member<'a>) -> Option<()> {
        self.take(member, true)
    }
}
