//! The lines of a text, each of which holds one body.
//!
//! Invariant: the lines, each with its line feed, make up the text.

/// The lines that have not been read yet.
///
/// [`Layouts::read`](crate::Layouts::read) often finds the end of a line by reading its body, and
/// then need not search for it.
#[derive(Clone, Debug)]
pub struct Lines<'a> {
    rest: &'a [u8],
    /// The lines at the beginning of `rest`, up to the first one that is not UTF-8.
    utf8: &'a str,
}

impl<'a> Lines<'a> {
    /// The lines of `text`.
    pub fn new(text: &'a [u8]) -> Lines<'a> {
        Lines { rest: text, utf8: utf8_lines(text) }
    }

    /// The next line and those after it, as far as they are known to be UTF-8.
    pub(crate) fn utf8(&self) -> &'a str {
        self.utf8
    }

    /// Takes the next line, whose length in bytes is known.
    pub(crate) fn take(&mut self, length: usize) -> &'a [u8] {
        let (line, rest) = self.rest.split_at(length);
        self.rest = rest.get(1..).unwrap_or_default();
        self.utf8 = self.utf8.get(length + 1..).unwrap_or_default();
        line
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let is_utf8 = !self.utf8.is_empty();
        let line = self.take(memchr::memchr(b'\n', self.rest).unwrap_or(self.rest.len()));
        if !is_utf8 {
            self.utf8 = utf8_lines(self.rest);
        }
        Some(line)
    }
}

/// The lines at the beginning of `text`, up to the first one that is not UTF-8.
fn utf8_lines(text: &[u8]) -> &str {
    simdutf8::compat::from_utf8(text).unwrap_or_else(|error| {
        let valid = &text[..error.valid_up_to()];
        let lines = memchr::memrchr(b'\n', valid).map_or(0, |feed| feed + 1);
        simdutf8::basic::from_utf8(&valid[..lines]).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_split_wherever_they_end() {
        for text in ["", "a", "a\n", "a\r\n\n  b", "\n\n", "\u{e9}\n\u{1}\n"] {
            let found: Vec<&[u8]> = Lines::new(text.as_bytes()).collect();
            let expected: Vec<&str> = text.split_terminator('\n').collect();
            assert_eq!(found, expected.iter().map(|line| line.as_bytes()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_line_that_is_not_utf8_does_not_spoil_the_others() {
        let mut lines = Lines::new(b"a\nb\xe9\xff\n\xff\nc\xc3\xa9\nd");
        let mut known = Vec::new();
        loop {
            known.push(lines.utf8());
            if lines.next().is_none() {
                break;
            }
        }
        assert_eq!(known, ["a\n", "", "", "c\u{e9}\nd", "d", ""]);
    }
}
