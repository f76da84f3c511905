//! The lines of a text with one body in each.
//!
//! Invariant: the lines, with a line feed between them, are the text.

use crate::scanner::plain_length;

/// A line, without the blanks around it.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    text: &'a [u8],
    plain: Option<&'a str>,
}

impl<'a> Line<'a> {
    /// What it says.
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// What it says, if the scanner may look at it.
    pub(crate) fn plain(&self) -> Option<&'a str> {
        self.plain
    }
}

/// The lines of `text`. Where they end and whether they are plain is seen in one pass; another
/// one, over all of them at once, has seen before whether they are UTF-8.
pub fn lines(text: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let utf8 = simdutf8::basic::from_utf8(text).ok();
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let from = next?;
        let rest = &text[from..];
        let plain = plain_length(rest);
        let feed = rest.iter().skip(plain).position(|&byte| byte == b'\n');
        let end = feed.map_or(rest.len(), |feed| plain + feed);
        next = feed.map(|_| from + end + 1);
        let line = rest[..end].trim_ascii_end();
        let is_plain = line.len() <= plain;
        let text = line.trim_ascii_start();
        let from = from + line.len() - text.len();
        let plain = match utf8 {
            _ if !is_plain => None,
            Some(utf8) => utf8.get(from..from + text.len()),
            None => simdutf8::basic::from_utf8(text).ok(),
        };
        Some(Line { text, plain })
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
                    lines(text.as_bytes()).map(|of| (of.text, of.plain.is_some())).collect();
                let first = format!("{first}{end}");
                let first = (first.as_bytes().trim_ascii(), is_plain);
                assert_eq!(found, [first, (b"".as_slice(), true), (b"z", true)]);
            }
        }
        assert_eq!(lines(b"").count(), 1);
    }
}
