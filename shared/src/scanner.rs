//! A fast reader for the plain JSON that Webex sends: an object, and in it the object `data`.
//!
//! Invariant: what it reads, it reads exactly as `serde_json` does; whatever is not plain
//! (escapes, fractions, long numbers, more nesting, anything wrong) it leaves to `serde_json`.
//!
//! Reading JSON is most of the work of a rebuild. This reader needs a quarter of the time that
//! `serde_json` needs for a tree, because it allocates nothing and looks at no byte twice.

use crate::members::{Members, Plain};

/// A body: the members of the envelope, and those of `data` where it is an object.
///
/// It is large and filled in place: moving it would cost more than reading it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Body<'a> {
    pub(crate) envelope: Members<'a>,
    pub(crate) data: Members<'a>,
    pub(crate) has_data: bool,
}

/// Reads the body that `text` holds into an empty one, or returns `None` if it is not plain.
pub(crate) fn scan<'a>(text: &'a str, body: &mut Body<'a>) -> Option<()> {
    if !is_plain(text) {
        return None;
    }
    let Body { envelope, data, has_data } = body;
    let mut scanner = Scanner { text, at: 0 };
    scanner.object(envelope, |scanner, key| {
        if key != "data" {
            return scanner.value();
        }
        data.clear();
        *has_data = scanner.peek() == Some(b'{');
        if *has_data {
            scanner.object(data, |scanner, _| scanner.value())?;
            // Its members are kept apart.
            return Some(Plain::Null);
        }
        scanner.value()
    })?;
    scanner.next().is_none().then_some(())
}

/// No whole number of so many digits is too large.
const MAX_DIGITS: usize = 18;

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// An object, its values as `value` reads them.
    fn object(
        &mut self,
        members: &mut Members<'a>,
        mut value: impl FnMut(&mut Self, &str) -> Option<Plain<'a>>,
    ) -> Option<()> {
        self.take(b'{')?;
        if self.next()? == b'}' {
            self.at += 1;
            return Some(());
        }
        loop {
            self.next()?;
            let key = self.string()?;
            self.take(b':')?;
            self.next()?;
            members.push((key, value(self, key)?));
            match self.next()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// Any value but an object or an array.
    fn value(&mut self) -> Option<Plain<'a>> {
        match self.peek()? {
            b'"' => Some(Plain::Text(self.string()?)),
            b'-' | b'0'..=b'9' => Some(Plain::Whole(self.whole_number()?)),
            b'n' => self.word("null", Plain::Null),
            b't' => self.word("true", Plain::Bool(true)),
            b'f' => self.word("false", Plain::Bool(false)),
            _ => None,
        }
    }

    /// A string without escapes.
    fn string(&mut self) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        if self.peek()? != b'"' {
            return None;
        }
        let from = self.at + 1;
        let to = from + length_to_quote(bytes.get(from..)?);
        if *bytes.get(to)? != b'"' {
            return None;
        }
        self.at = to + 1;
        self.text.get(from..to)
    }

    /// The digits of a whole number, with its sign.
    fn whole_number(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..)?;
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest.get(sign..)?.bytes().take_while(u8::is_ascii_digit).count();
        let number = rest.get(..sign + digits)?;
        let is_odd = number == "-0" || (digits > 1 && number.get(sign..)?.starts_with('0'));
        if is_odd || digits == 0 || digits > MAX_DIGITS {
            return None;
        }
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
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// The next byte after blanks; other space is not plain.
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// How many bytes come before the first quote.
fn length_to_quote(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const HIGH_BITS: u64 = ONES << 7;
    let (words, rest) = bytes.as_chunks::<8>();
    for (place, word) in words.iter().enumerate() {
        // Quotes become zero bytes; the borrow of the first one sets its high bit.
        let word = u64::from_le_bytes(*word) ^ (ONES * b'"' as u64);
        let found = word.wrapping_sub(ONES) & !word & HIGH_BITS;
        if found != 0 {
            return place * 8 + (found.trailing_zeros() / 8) as usize;
        }
    }
    words.len() * 8 + rest.iter().take_while(|&&byte| byte != b'"').count()
}

/// Whether there are no escapes and no control characters, so that a string ends at its quote.
/// Without branches, for then many bytes are looked at together.
fn is_plain(text: &str) -> bool {
    let odd = |byte: u8| (byte < b' ') | (byte == b'\\');
    !text.bytes().fold(false, |found, byte| found | odd(byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json::Json;

    /// The body as the scanner reads it, and as `serde_json` does, in canonical form.
    fn check(text: &str) -> bool {
        let mut body = Body::default();
        if scan(text, &mut body).is_none() {
            return false;
        }
        let tree: Json<'_> = serde_json::from_str(text).unwrap();
        let slow = Body::of(&tree).unwrap();
        assert_eq!(body.has_data, slow.has_data, "{text}");
        let canonical = |members: &Members<'_>| {
            let mut out = Vec::new();
            members.write_canonical(&mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(canonical(&body.envelope), canonical(&slow.envelope), "{text}");
        assert_eq!(canonical(&body.data), canonical(&slow.data), "{text}");
        true
    }

    #[test]
    fn plain_bodies_are_read() {
        for text in [
            r#"{"a":"b","c":-17,"d":null,"e":true,"f":false,"data":{"h":1,"i":"j"}}"#,
            " { \"a\" : 1 , \"data\" : { } } ",
            r#"{"a":"a longer text, with ümlaut"}"#,
            r#"{"a":0,"b":123456789012345678}"#,
            r#"{"data":{"a":1},"data":null}"#,
            r#"{"data":1,"data":{"a":1}}"#,
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
            r#"{"a":1.5}"#,
            r#"{"a":1e5}"#,
            r#"{"a":1234567890123456789}"#,
            r#"{"a":01}"#,
            r#"{"a":-0}"#,
            r#"{"a":-}"#,
            r#"{"a":{}}"#,
            r#"{"data":{"a":{}}}"#,
            r#"{"data":[]}"#,
            "{",
            r#"{"a"}"#,
            r#"{"a":1,}"#,
            r#"{"a":1 "b":2}"#,
            r#"{"a":nul}"#,
            "{\"a",
            "{\"a\u{1}b\":1}",
            "{} {}",
            "[]",
            "1",
            "",
        ] {
            assert_eq!(scan(text, &mut Body::default()), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_a_string_is_found_at_any_place() {
        for before in 0..40 {
            for after in ["", "\"#!\u{0}\u{1}", "\"\" and more than eight bytes"] {
                let plain: String = "ü~!# ".repeat(20).chars().take(before).collect();
                let text = format!("{plain}\"{after}");
                assert_eq!(length_to_quote(text.as_bytes()), plain.len(), "{text:?}");
            }
        }
        assert_eq!(length_to_quote(b"no end at all"), 13);
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
            let body = include_str!("../fixtures/webhooks/task.ended.json");
            let mut chars: Vec<char> = body.chars().collect();
            let at = at.index(chars.len());
            chars[at] = with;
            check(&chars.into_iter().collect::<String>());
        }
    }
}
