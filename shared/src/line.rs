//! The lines of a text with one body in each.
//!
//! Invariant: the lines, with a line feed between them, are the text.

use crate::scanner::plain_length;

/// A line, without the blanks around it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    text: &'a [u8],
    is_plain: bool,
}

impl<'a> Line<'a> {
    /// What it says.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// What it says, if the scanner may look at it.
    pub(crate) fn plain(&self) -> Option<&'a str> {
        if self.is_plain { simdutf8::basic::from_utf8(self.text).ok() } else { None }
    }
}

/// The lines of `text`. Where they end and whether they are plain is seen in one pass.
pub fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let plain = plain_length(text);
        let feed = text.iter().skip(plain).position(|&byte| byte == b'\n');
        let end = feed.map_or(text.len(), |feed| plain + feed);
        rest = feed.and_then(|_| text.get(end + 1..));
        let line = text[..end].trim_ascii_end();
        let is_plain = line.len() <= plain;
        Some(Line { text: line.trim_ascii_start(), is_plain })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_told_apart_wherever_they_end() {
        for before in 0..140 {
            let first = "x".repeat(before);
            for (end, is_plain) in [("", true), (" \r", true), ("\\", false), ("\u{1}y", false)] {
                let text = format!("{first}{end}\n\n  z");
                let found: Vec<_> =
                    lines(text.as_bytes()).map(|of| (of.text, of.is_plain)).collect();
                let first = format!("{first}{end}");
                let first = (first.as_bytes().trim_ascii(), is_plain);
                assert_eq!(found, [first, (b"".as_slice(), true), (b"z", true)]);
            }
        }
        assert_eq!(lines(b"").count(), 1);
    }
}
