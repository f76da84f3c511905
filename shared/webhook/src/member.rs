//! A member of a body as a reader passes it on, and what takes it.
//!
//! Invariant: a sink does not know which reader its members come from.

use crate::field::{DataField, EnvelopeField};
use crate::plain::Plain;

/// A member of the envelope ([`EnvelopeField`]) or of `data` ([`DataField`]).
#[derive(Clone, Copy)]
pub(crate) struct Member<'a, Field> {
    pub(crate) field: Field,
    pub(crate) value: Plain<'a>,
    /// `"key":value`
    pub(crate) text: &'a [u8],
    /// Where the text begins in the body.
    pub(crate) at: usize,
}

/// Takes the members of a body as they are read. `None` stops the reader.
pub(crate) trait MemberSink<'a> {
    /// A member of the envelope.
    fn envelope(&mut self, member: Member<'a, EnvelopeField>) -> Option<()>;
    /// The object `data` begins.
    fn begin_data(&mut self) -> Option<()>;
    /// A member of `data`.
    fn data(&mut self, member: Member<'a, DataField>) -> Option<()>;
}
