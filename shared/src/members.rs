//! The members of a JSON object, flat and borrowed, however they were read.
//!
//! Invariant: two objects that differ only in the order of their members, or in members that
//! are null, have the same canonical form.

use smallvec::SmallVec;

use crate::json::{Json, write_text};
use crate::scanner::Body;

/// More members than any webhook has; beyond it memory is allocated.
const USUAL: usize = 24;

/// Keys and values in the order of the input.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Members<'a>(SmallVec<[(&'a str, Plain<'a>); USUAL]>);

/// A value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain<'a> {
    Null,
    Bool(bool),
    /// The digits of a whole number, with its sign, as `serde_json` would write them.
    Whole(&'a str),
    Text(&'a str),
    /// Whatever is not plain.
    Other(&'a Json<'a>),
}

impl Plain<'_> {
    /// What kind of value this is, for messages.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Plain::Null => "null",
            Plain::Bool(_) => "a boolean",
            Plain::Whole(_) => "a number",
            Plain::Text(_) => "a string",
            Plain::Other(json) => json.kind(),
        }
    }

    fn write_canonical(self, out: &mut Vec<u8>) {
        match self {
            Plain::Null => Json::Null.write_canonical(out),
            Plain::Bool(value) => Json::Bool(value).write_canonical(out),
            Plain::Whole(digits) => out.extend_from_slice(digits.as_bytes()),
            Plain::Text(text) => write_text(text, out),
            Plain::Other(json) => json.write_canonical(out),
        }
    }
}

impl<'a> Members<'a> {
    pub(crate) fn push(&mut self, member: (&'a str, Plain<'a>)) {
        self.0.push(member);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, Plain<'a>)> {
        self.0.iter().copied()
    }

    pub(crate) fn of(members: &'a [(std::borrow::Cow<'a, str>, Json<'a>)]) -> Members<'a> {
        let plain = |value: &'a Json<'a>| match value {
            Json::Null => Plain::Null,
            Json::Bool(value) => Plain::Bool(*value),
            Json::Text(text) => Plain::Text(text),
            Json::Number(_) | Json::Array(_) | Json::Object(_) => Plain::Other(value),
        };
        Members(members.iter().map(|(key, value)| (&**key, plain(value))).collect())
    }

    /// Appends the canonical form: keys sorted, members that are null dropped, no white space;
    /// of equal keys the last counts.
    pub(crate) fn write_canonical(&self, out: &mut Vec<u8>) {
        // Eight bytes of a key nearly always tell it from all others.
        let mut sorted: SmallVec<[(u64, usize); USUAL]> =
            self.0.iter().enumerate().map(|(at, (key, _))| (head(key), at)).collect();
        sorted.sort_unstable_by(|a, b| {
            let whole_keys = || self.0[a.1].0.cmp(self.0[b.1].0);
            a.0.cmp(&b.0).then_with(whole_keys).then(a.1.cmp(&b.1))
        });
        out.push(b'{');
        for (place, &(_, at)) in sorted.iter().enumerate() {
            let (key, value) = self.0[at];
            let repeated = sorted.get(place + 1).is_some_and(|next| self.0[next.1].0 == key);
            if !repeated && value != Plain::Null {
                write_text(key, out);
                out.push(b':');
                value.write_canonical(out);
                out.push(b',');
            }
        }
        out.push(b'}');
    }
}

/// The first eight bytes as a number that sorts like them.
fn head(key: &str) -> u64 {
    match key.as_bytes().first_chunk::<8>() {
        Some(head) => u64::from_be_bytes(*head),
        None => {
            key.bytes().fold(0, |sum, byte| sum << 8 | u64::from(byte))
                << (64 - 8 * key.len().max(1))
        }
    }
}

impl<'a> Body<'a> {
    /// The body that a tree holds.
    ///
    /// # Errors
    /// What kind of value the tree is, if it is no object.
    pub(crate) fn of(tree: &'a Json<'a>) -> Result<Body<'a>, &'static str> {
        let Json::Object(members) = tree else { return Err(tree.kind()) };
        let mut envelope = Members::of(members);
        for (key, value) in &mut envelope.0 {
            if *key == "data" && matches!(value, Plain::Other(Json::Object(_))) {
                *value = Plain::Null;
            }
        }
        match members.iter().rfind(|(key, _)| key == "data") {
            Some((_, Json::Object(data))) => {
                Ok(Body { envelope, data: Members::of(data), has_data: true })
            }
            _ => Ok(Body { envelope, ..Body::default() }),
        }
    }
}
