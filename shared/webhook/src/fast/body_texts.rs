//! A text, cut into the bodies that it holds: mostly one on each line.
//!
//! Invariant: the pieces, with the blanks and line feeds between them, make up the text. What is no
//! body is a piece as well: its line, or what is left of it.
//!
//! I7: some exports write bodies without a separator, others write one body over several lines. So an
//! object ends with its last bracket, whatever follows. A body that breaks off must not take others
//! with it: then its line is the piece, or what comes before the next `}{` on it.

use crate::fast::pieces::{Piece, PieceCutter, ends_before, length_of_rest};

/// I7: the maximum length in bytes of a body, without the blanks around it. Webex posts at most 256 KiB;
/// the rest is for what an export puts around it.
pub const MAX_BODY_BYTES: usize = 272 << 10;

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
    cutter: PieceCutter,
}

impl<'a> BodyTexts<'a> {
    /// The bodies of `text`, which begins on `first_line`.
    pub fn new(text: &'a [u8], first_line: u64) -> BodyTexts<'a> {
        BodyTexts::with_limit(text, first_line, MAX_BODY_BYTES)
    }

    /// The same with another maximum length of a body than [`MAX_BODY_BYTES`].
    pub fn with_limit(text: &'a [u8], first_line: u64, limit: usize) -> BodyTexts<'a> {
        let cutter = PieceCutter::new(limit);
        BodyTexts { rest: text, utf8: utf8_prefix(text), line: first_line, cutter }
    }

    /// The length of the whole bodies at the beginning of `text`, where bodies have at most `limit`
    /// bytes. What follows may go on after `text`. If it is longer than `limit`, it is no body, and
    /// [`BodyTexts::end_of_rest`] finds its end.
    pub fn length_of_whole(text: &[u8], limit: usize) -> usize {
        // An object at the beginning of a line begins a body, however bodies are written.
        let mut whole = memchr::memmem::rfind(text, b"\n{").map_or(0, |feed| feed + 1);
        if whole > 0 && text.len() - whole <= limit {
            return whole;
        }
        let mut cutter = PieceCutter::new(limit);
        loop {
            let rest = &text[whole..];
            let blanks = rest.len() - rest.trim_ascii_start().len();
            let rest = &rest[blanks..];
            whole += blanks;
            let Piece { length, is_object } = cutter.next(rest);
            let ends = length < rest.len();
            let is_whole = if rest.len() > limit { is_object || ends } else { is_object && ends };
            if !is_whole {
                return whole;
            }
            whole += length;
            cutter.pay(blanks + length);
        }
    }

    /// The length of what is left of something that is no body: up to the end of its line, or up to the
    /// next body on it. `last` is the byte before `text`. `None` if all of `text` belongs to it.
    pub fn end_of_rest(last: u8, text: &[u8]) -> Option<usize> {
        if last == b'}' && text.first() == Some(&b'{') {
            return Some(0);
        }
        Some(length_of_rest(text)).filter(|&length| length < text.len())
    }

    /// The line on which the next piece begins, or a blank before it.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// What comes next, as far as it is known to be UTF-8.
    pub(crate) fn utf8(&self) -> &'a str {
        self.utf8
    }

    /// The maximum length of a body.
    pub(crate) fn limit(&self) -> usize {
        self.cutter.limit()
    }

    /// Whether a body of `length` bytes may end there: there is the end of the line, or another body.
    /// What would be cut otherwise by [`PieceCutter`] may not.
    pub(crate) fn ends_after(&self, length: usize) -> bool {
        length <= self.limit() && !self.cutter.is_in_debt() && ends_before(&self.rest[length..])
    }

    /// Takes the next piece, whose length in bytes is known.
    pub(crate) fn take(&mut self, length: usize) -> &'a [u8] {
        let (piece, rest) = self.rest.split_at(length);
        let feed = usize::from(rest.first() == Some(&b'\n'));
        self.rest = &rest[feed..];
        self.line += feed as u64;
        self.cutter.pay(length + feed);
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
        let Piece { length, .. } = self.cutter.next(self.rest);
        let piece = self.take(length);
        self.line += memchr::memchr_iter(b'\n', piece).count() as u64;
        Some(piece)
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
            ("{}x{}{}", vec![(1, "{}x{}"), (1, "{}")]),
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
        for (whole, rest) in [
            ("{}\n{}\n", "{\"a\":"),
            ("{}{\"a\":\"}{\"} {} ", "{\"a\":\"}{"),
            (" {}\n ", "{}"),
            (" {}\n {}\n ", "{"),
            ("{\n}\n", "{\n\"a\":1"),
            ("{\n}{\n}", "{\n\"a\":1"),
            ("", "{\"a\":"),
            ("", "abc\nd"),
            // Too long to be one body: lines, or pieces of one.
            ("abc\nabcdefgh\n", "abc\nd"),
            ("{\"a: a long text{}", "{\"b\":"),
            ("", "{}x a long line that goes on"),
            ("\n \n {}", "{\"a\": a body that goes on"),
            // Blanks belong to no body.
            ("{}                 ", ""),
        ] {
            let text = format!("{whole}{rest}");
            assert_eq!(BodyTexts::length_of_whole(text.as_bytes(), 10), whole.len(), "{text:?}");
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
