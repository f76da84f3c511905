//! A text, cut into the bodies that it holds: mostly one on each line.
//!
//! Invariant: the pieces, with the blanks and line feeds between them, make up the text. What is no
//! body is a piece as well: its line, or what is left of it.
//!
//! I7: some exports write bodies without a separator, others write one body over several lines. So an
//! object ends with its last bracket, whatever follows. A body that breaks off must not take others
//! with it: then its line is the piece, or what comes before the next `}{` on it.

use serde::de::IgnoredAny;

use crate::fast::byte_search::length_of_plain;

/// The maximum length in bytes of a body that has line feeds in it; no webhook is longer.
const MAX_LENGTH: usize = 256 << 10;

/// The bodies that have not been read yet.
///
/// [`Layouts::read`](crate::Layouts::read) often finds the end of a body by reading it, and then need
/// not search for it.
#[derive(Clone, Debug)]
pub struct BodyTexts<'a> {
    rest: &'a [u8],
    /// The beginning of `rest`, up to the first byte that is not UTF-8.
    utf8: &'a str,
    /// The line on which `rest` begins.
    line: u64,
}

impl<'a> BodyTexts<'a> {
    /// The bodies of `text`, which begins on `first_line`.
    pub fn new(text: &'a [u8], first_line: u64) -> BodyTexts<'a> {
        BodyTexts { rest: text, utf8: utf8_prefix(text), line: first_line }
    }

    /// The length of the whole bodies at the beginning of `text`; the last one may go on.
    pub fn length_of_whole(text: &[u8]) -> usize {
        // An object at the beginning of a line begins a body, however bodies are written.
        if let Some(feed) = memchr::memmem::rfind(text, b"\n{") {
            return feed + 1;
        }
        let mut whole = 0;
        loop {
            let rest = &text[whole..];
            let begin = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            whole += match object_length(&rest[begin..]) {
                Some(length) => begin + length,
                None => match memchr::memmem::find(rest, b"}{") {
                    Some(glue) if rest.len() > MAX_LENGTH => glue + 1,
                    Some(_) | None => break,
                },
            };
        }
        if whole > 0 { whole } else { memchr::memrchr(b'\n', text).map_or(0, |feed| feed + 1) }
    }

    /// The line on which the next piece begins, or a blank before it.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What comes next, as far as it is known to be UTF-8.
    pub(crate) fn utf8(&self) -> &'a str {
        self.utf8
    }

    /// Whether a piece may end after `length` bytes: there is the end of the line, or another body.
    pub(crate) fn ends_after(&self, length: usize) -> bool {
        ends_before(&self.rest[length..])
    }

    /// Takes the next piece, whose length in bytes is known.
    pub(crate) fn take(&mut self, length: usize) -> &'a [u8] {
        let (piece, rest) = self.rest.split_at(length);
        let feed = usize::from(rest.first() == Some(&b'\n'));
        self.rest = &rest[feed..];
        self.line += feed as u64;
        self.utf8 = match self.utf8.get(length + feed..) {
            Some(utf8) if !utf8.is_empty() => utf8,
            Some(_) | None => utf8_prefix(self.rest),
        };
        piece
    }
}

impl<'a> Iterator for BodyTexts<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let piece = self.take(next_length(self.rest));
        self.line += memchr::memchr_iter(b'\n', piece).count() as u64;
        Some(piece)
    }
}

/// The length of the piece at the beginning of `text`.
fn next_length(text: &[u8]) -> usize {
    let line_end = || memchr::memchr(b'\n', text).unwrap_or(text.len());
    let begin = blanks(text);
    let Some(length) = object_length(&text[begin..]) else {
        let line = &text[..line_end()];
        return memchr::memmem::find(line, b"}{").map_or(line.len(), |glue| glue + 1);
    };
    let end = begin + length;
    let end = end + blanks(&text[end..]);
    let is_one_line = || memchr::memchr(b'\n', &text[..end]).is_none();
    let is_json = || serde_json::from_slice::<IgnoredAny>(&text[..end]).is_ok();
    if ends_before(&text[end..]) && (is_one_line() || is_json()) { end } else { line_end() }
}

/// Whether `rest`, what follows an object and blanks, begins another line or body.
fn ends_before(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(b'\n' | b'{'))
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count()
}

/// The length of the object at the beginning of `text`, by its brackets; `None` if there is none or it
/// does not end before the next one.
fn object_length(text: &[u8]) -> Option<usize> {
    if text.first() != Some(&b'{') {
        return None;
    }
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match text.get(at)? {
            b'"' => at += string_length(&text[at..])?,
            b'{' | b'[' => (at, depth) = (at + 1, depth + 1),
            b'}' | b']' if depth == 1 => return Some(at + 1),
            b'}' | b']' => {
                (at, depth) = (at + 1, depth - 1);
                // Between brackets there is a comma, so another body has begun.
                if text[at..].trim_ascii_start().first() == Some(&b'{') {
                    return None;
                }
            }
            b'\n' if at > MAX_LENGTH => return None,
            _ => at += 1,
        }
    }
}

/// The length of the string at the beginning of `text`, with its quotes; `None` if it does not end, or
/// is none: a string has no control characters.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += length_of_plain(text.get(at..)?);
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => return None,
        }
    }
}

/// The beginning of `text`, up to the first byte that is not UTF-8.
fn utf8_prefix(text: &[u8]) -> &str {
    simdutf8::compat::from_utf8(text).unwrap_or_else(|error| {
        simdutf8::basic::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces of a text, each with its line.
    fn pieces(text: &str) -> Vec<(u64, &str)> {
        let mut texts = BodyTexts::new(text.as_bytes(), 1);
        let mut pieces = Vec::new();
        loop {
            let line = texts.line();
            let Some(piece) = texts.next() else { return pieces };
            pieces.push((line, str::from_utf8(piece).unwrap()));
        }
    }

    /// I7.
    #[test]
    fn a_body_ends_with_its_last_bracket() {
        for (text, expected) in [
            ("", vec![]),
            ("{}", vec![(1, "{}")]),
            ("{}\n{}\r\n", vec![(1, "{}"), (2, "{}\r")]),
            ("{}{} {}", vec![(1, "{}"), (1, "{} "), (1, "{}")]),
            (
                "{\n}{\n\"a\": [{}]\n}\n\n{}",
                vec![(1, "{\n}"), (2, "{\n\"a\": [{}]\n}"), (5, ""), (6, "{}")],
            ),
            (r#"{"a":"}{"}{"\"}{":"\\"}"#, vec![(1, r#"{"a":"}{"}"#), (1, r#"{"\"}{":"\\"}"#)]),
        ] {
            assert_eq!(pieces(text), expected, "{text:?}");
        }
    }

    /// I7.
    #[test]
    fn what_is_no_body_takes_no_other_with_it() {
        for (text, expected) in [
            ("a\n\n  b", vec![(1, "a"), (2, ""), (3, "  b")]),
            ("{}x\n{},\n[{}]", vec![(1, "{}x"), (2, "{},"), (3, "[{}]")]),
            // Breaks off on its line, within a string or outside.
            ("{\"a\n{}", vec![(1, "{\"a"), (2, "{}")]),
            ("{\"a\":{}\n{}\n{}", vec![(1, "{\"a\":{}"), (2, "{}"), (3, "{}")]),
            // The brackets match further down by chance.
            ("{\"a\":{}\n{}\n}\n{}", vec![(1, "{\"a\":{}"), (2, "{}"), (3, "}"), (4, "{}")]),
            // The file begins within a body.
            ("b\":1}}{}{}", vec![(1, "b\":1}}"), (1, "{}"), (1, "{}")]),
            // Breaks off before the next body on the same line.
            ("{\"a\":{}{}{}", vec![(1, "{\"a\":{}"), (1, "{}"), (1, "{}")]),
            ("{}{\"a\":{\"b{}{}", vec![(1, "{}"), (1, "{\"a\":{\"b{}"), (1, "{}")]),
        ] {
            assert_eq!(pieces(text), expected, "{text:?}");
        }
    }

    #[test]
    fn whole_bodies_are_cut_off_wherever_bodies_end() {
        let long = "x".repeat(MAX_LENGTH);
        for (whole, rest) in [
            ("{}\n{}\n", "{\"a\":"),
            ("{}\n{}\na\n", "{\"a\":"),
            ("{}{\"a\":\"}{\"} {}", " {\"a\":\"}{"),
            (" {}\n {}", "\n {"),
            ("{\n}\n", "{\n\"a\":1"),
            ("{\n}{\n}", "{\n\"a\":1"),
            ("a\nb\n", "c"),
            ("", "{\"a\":"),
            ("", "abc"),
            // Too long to be one body: it has broken off.
            (&format!("{{\"a{long}{{}}"), "{\"b\":"),
        ] {
            let text = format!("{whole}{rest}");
            assert_eq!(BodyTexts::length_of_whole(text.as_bytes()), whole.len(), "{text:.80?}");
        }
    }

    #[test]
    fn a_byte_that_is_not_utf8_does_not_spoil_other_bodies() {
        let mut texts = BodyTexts::new(b"a\nb\xe9\xff\n\xff\nc\xc3\xa9\nd", 1);
        let mut known = Vec::new();
        loop {
            known.push(texts.utf8());
            if texts.next().is_none() {
                break;
            }
        }
        assert_eq!(known, ["a\nb", "b", "", "c\u{e9}\nd", "d", ""]);
    }
}
