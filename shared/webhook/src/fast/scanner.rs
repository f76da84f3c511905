//! A fast reader for bodies as Webex posts them: compact JSON without escapes, an object that
//! contains the object `data`.
//!
//! Invariant: whatever it reads, it reads exactly as `serde_json` does. It leaves everything that
//! is not plain to `serde_json`: blanks, escapes, fractions, long numbers, deeper nesting,
//! mistakes.
//!
//! Reading JSON is the largest single part of a rebuild, and a tree of values would be thrown away
//! at once. So this reader allocates nothing (BENCHMARKS.md).

use crate::fast::byte_search::{count_digits, length_of_plain};
use crate::field::{DataField, EnvelopeField};
use crate::member::{Member, MemberSink};
use crate::plain::Plain;

/// Passes the members of the body in `text` to `sink`. Returns `None` if the text is not plain or
/// the sink wants no more.
pub(crate) fn scan<'a>(text: &'a str, sink: &mut impl MemberSink<'a>) -> Option<()> {
    let mut scanner = Scanner { text, at: 0 };
    scanner.object(|scanner, key, at| {
        if key == "data" && scanner.peek() == Some(b'{') {
            sink.begin_data()?;
            return scanner.object(|scanner, key, at| {
                let member = scanner.member(DataField::from_key(key), at)?;
                sink.data(member)
            });
        }
        let member = scanner.member(EnvelopeField::from_key(key), at)?;
        sink.envelope(member)
    })?;
    scanner.peek().is_none().then_some(())
}

/// Every whole number with at most this many digits fits into an `i64`.
const MAX_DIGITS: usize = 18;

/// A position in a body.
pub(crate) struct Scanner<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
}

impl<'a> Scanner<'a> {
    /// Reads an object. `member` gets each key and where the member begins, and reads the value.
    fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &'a str, usize) -> Option<()>,
    ) -> Option<()> {
        self.take(b'{')?;
        if self.peek()? == b'}' {
            return self.take(b'}');
        }
        loop {
            let from = self.at;
            let key = self.string()?;
            self.take(b':')?;
            member(self, key, from)?;
            match self.peek()? {
                b',' => self.at += 1,
                _ => return self.take(b'}'),
            }
        }
    }

    /// The member that begins at `at`, whose key has been read.
    fn member<Field>(&mut self, field: Field, at: usize) -> Option<Member<'a, Field>> {
        let value = self.value()?;
        Some(Member { field, value, text: self.text.as_bytes().get(at..self.at)?, at })
    }

    /// Any value but an object or an array. Inlined, so that the value stays in registers.
    #[inline(always)]
    pub(crate) fn value(&mut self) -> Option<Plain<'a>> {
        match self.peek()? {
            b'"' => Some(Plain::from_text(self.string()?)),
            b'-' | b'0'..=b'9' => Some(Plain::Whole(self.whole_number()?)),
            b'n' => self.word("null", Plain::Null),
            b't' => self.word("true", Plain::Bool(true)),
            b'f' => self.word("false", Plain::Bool(false)),
            _ => None,
        }
    }

    /// A string without escapes.
    #[inline(always)]
    fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let from = self.at;
        self.at += length_of_plain(self.text.as_bytes().get(from..)?);
        let string = self.text.get(from..self.at);
        self.take(b'"')?;
        string
    }

    /// The digits of a whole number, with the sign.
    fn whole_number(&mut self) -> Option<&'a str> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let sign = usize::from(rest.starts_with(b"-"));
        let digits = count_digits(rest.get(sign..)?);
        let has_leading_zero = sign + digits > 1 && rest.get(sign) == Some(&b'0');
        if has_leading_zero || digits == 0 || digits > MAX_DIGITS {
            return None;
        }
        let number = self.text.get(self.at..self.at + sign + digits)?;
        self.at += number.len();
        match self.peek() {
            Some(b'.' | b'e' | b'E') => None,
            _ => Some(number),
        }
    }

    fn word(&mut self, word: &str, value: Plain<'a>) -> Option<Plain<'a>> {
        self.text.get(self.at..)?.starts_with(word).then(|| {
            self.at += word.len();
            value
        })
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Rebuilds a body from the members that it gets.
    #[derive(Default)]
    struct Rebuilt {
        envelope: BTreeMap<String, Value>,
        data: Option<BTreeMap<String, Value>>,
    }

    fn value(plain: Plain<'_>) -> Value {
        match plain {
            Plain::Null => Value::Null,
            Plain::Bool(value) => json!(value),
            Plain::Whole(digits) => json!(digits.parse::<i64>().unwrap()),
            Plain::Text(text) => json!(text),
            Plain::Other(_) => unreachable!("the scanner reads plain values only"),
        }
    }

    fn key_of<Field>(member: &Member<'_, Field>) -> String {
        let text = std::str::from_utf8(member.text).unwrap();
        let (key, _) = text[1..].split_once("\":").unwrap();
        key.to_owned()
    }

    impl<'a> MemberSink<'a> for Rebuilt {
        fn envelope(&mut self, member: Member<'a, EnvelopeField>) -> Option<()> {
            self.envelope.insert(key_of(&member), value(member.value));
            Some(())
        }

        fn begin_data(&mut self) -> Option<()> {
            self.data.is_none().then(|| self.data = Some(BTreeMap::new()))
        }

        fn data(&mut self, member: Member<'a, DataField>) -> Option<()> {
            let (key, value) = (key_of(&member), value(member.value));
            assert_eq!(member.text, format!("{}:{value}", json!(key)).as_bytes());
            self.data.as_mut()?.insert(key, value);
            Some(())
        }
    }

    /// Returns whether the text is plain; if it is, checks that `serde_json` reads the same.
    fn check(text: &str) -> bool {
        let mut rebuilt = Rebuilt::default();
        if scan(text, &mut rebuilt).is_none() {
            return false;
        }
        let mut body = rebuilt.envelope;
        if let Some(data) = rebuilt.data {
            body.insert("data".to_owned(), json!(data));
        }
        assert_eq!(json!(body), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        true
    }

    #[test]
    fn plain_bodies_are_read() {
        for text in [
            r#"{"a":"b","c":-17,"d":null,"e":true,"f":false,"data":{"h":1,"i":"j"}}"#,
            r#"{"a":"a longer text, with ümlaut","data":{}}"#,
            r#"{"a":0,"b":123456789012345678}"#,
            r#"{"a":1,"a":2}"#,
            "{}",
        ] {
            assert!(check(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_alone() {
        for text in [
            r#"{"a":"\n"}"#,
            "{\n}",
            r#"{"a": 1}"#,
            r#"{"a":1.5}"#,
            r#"{"a":1e5}"#,
            r#"{"a":1234567890123456789}"#,
            r#"{"a":01}"#,
            r#"{"a":-0}"#,
            r#"{"a":-}"#,
            r#"{"a":{}}"#,
            r#"{"data":{"a":{}}}"#,
            r#"{"data":[]}"#,
            r#"{"data":{},"data":{}}"#,
            "{",
            r#"{"a"}"#,
            r#"{"a":1,}"#,
            r#"{"a":1"b":2}"#,
            r#"{"a":nul}"#,
            "{\"a",
            "{\"a\u{1}b\":1}",
            "{}{}",
            "[]",
            "1",
            "",
        ] {
            assert!(!check(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn it_reads_as_serde_does(members in r#"[\[\]{}",:0-9a\-. \\ntrue]{0,20}"#) {
            check(&members);
            check(&format!("{{\"data\":{{{members}}}}}"));
            check(&format!("{{\"a\":{members}}}"));
        }

        #[test]
        fn it_reads_damaged_bodies_as_serde_does(
            at in any::<prop::sample::Index>(),
            with in any::<char>(),
        ) {
            let body: Value =
                serde_json::from_str(include_str!("../../../fixtures/webhooks/task.ended.json")).unwrap();
            let mut chars: Vec<char> = body.to_string().chars().collect();
            let at = at.index(chars.len());
            chars[at] = with;
            check(&chars.into_iter().collect::<String>());
        }
    }
}
