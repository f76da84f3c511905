//! Where the body at the beginning of a text ends, or what is none.
//!
//! Invariant: all text is cut with a number of steps that is linear in its length, whatever it is made
//! of. A search for the end of a body that finds none has looked at bytes in vain. They become a debt,
//! which is paid off as text is taken. Only text made for it gets so deep into debt that a body is only
//! looked for up to the next `}{`.

use serde::de::IgnoredAny;

use crate::fast::byte_search::length_of_plain;

/// The maximum depth of brackets: `serde_json` reads no more.
const MAX_DEPTH: usize = 128;

/// How many bytes may be looked at in vain for each byte of text.
const VAIN_BYTES: usize = 4;

/// How much debt is allowed, in maximum lengths of a body.
const ALLOWED_DEBT: usize = 4;

/// Cuts text into bodies, and what is none.
#[derive(Clone, Debug)]
pub(crate) struct PieceCutter {
    /// The maximum length in bytes of a body.
    limit: usize,
    /// The bytes that were looked at in vain and are not paid off.
    debt: usize,
    #[cfg(test)]
    looked_at: usize,
}

/// What stands at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// In bytes, with the blanks around it.
    pub(crate) length: usize,
    /// Whether it is an object, as far as brackets tell, and not only a line or a part of one.
    pub(crate) is_object: bool,
}

impl PieceCutter {
    pub(crate) fn new(limit: usize) -> PieceCutter {
        PieceCutter {
            limit,
            debt: 0,
            #[cfg(test)]
            looked_at: 0,
        }
    }

    /// The maximum length of a body.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Whether bodies are only looked for up to the next `}{`.
    pub(crate) fn is_in_debt(&self) -> bool {
        self.debt > ALLOWED_DEBT * self.limit
    }

    /// Notes that so many bytes of text were taken.
    pub(crate) fn pay(&mut self, taken: usize) {
        self.debt = self.debt.saturating_sub(VAIN_BYTES.saturating_mul(taken));
    }

    /// The piece at the beginning of `text`.
    pub(crate) fn next(&mut self, text: &[u8]) -> Piece {
        let begin = blanks(text);
        let reach = if self.is_in_debt() { length_of_rest(text) } else { text.len() };
        let reach = &text[begin..reach.max(begin).min(begin + self.limit)];
        let length = match object_length(reach) {
            Ok(length) => length,
            Err(in_vain) => {
                self.owe(in_vain);
                return Piece { length: length_of_rest(text), is_object: false };
            }
        };
        let end = begin + length;
        let end = end + blanks(&text[end..]);
        let is_one_line = memchr::memchr(b'\n', &text[..end]).is_none();
        let is_json = || serde_json::from_slice::<IgnoredAny>(&text[..end]).is_ok();
        if ends_before(&text[end..]) && (is_one_line || is_json()) {
            return Piece { length: end, is_object: true };
        }
        let length = match is_one_line {
            true => end + length_of_rest(&text[end..]),
            false => length_of_rest(text),
        };
        self.owe(end.saturating_sub(length));
        Piece { length, is_object: false }
    }

    fn owe(&mut self, in_vain: usize) {
        self.debt += in_vain;
        #[cfg(test)]
        {
            self.looked_at += in_vain;
        }
    }
}

/// Whether `rest`, what follows an object and blanks, begins another line or body.
pub(crate) fn ends_before(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(b'\n' | b'{'))
}

/// The length of what is no body: up to the end of its line, or up to the next body on it.
pub(crate) fn length_of_rest(text: &[u8]) -> usize {
    let ends = |&at: &usize| text[at] == b'\n' || (at > 0 && text[at - 1] == b'}');
    memchr::memchr2_iter(b'\n', b'{', text).find(ends).unwrap_or(text.len())
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count()
}

/// The length of the object at the beginning of `text`, by its brackets. If there is none or it does
/// not end before the next one, how many bytes that took to see.
fn object_length(text: &[u8]) -> Result<usize, usize> {
    if text.first() != Some(&b'{') {
        return Err(0);
    }
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        match text.get(at) {
            None => return Err(text.len()),
            Some(b'"') => match string_length(&text[at..]) {
                Ok(length) => at += length,
                Err(in_vain) => return Err(at + in_vain),
            },
            Some(b'{' | b'[') if depth == MAX_DEPTH => return Err(at),
            Some(b'{' | b'[') => (at, depth) = (at + 1, depth + 1),
            Some(b'}' | b']') if depth == 1 => return Ok(at + 1),
            Some(b'}' | b']') => {
                (at, depth) = (at + 1, depth - 1);
                // Between brackets there is a comma, so another body has begun.
                let rest = text[at..].trim_ascii_start();
                if rest.first() == Some(&b'{') {
                    return Err(text.len() - rest.len());
                }
            }
            Some(_) => at += 1,
        }
    }
}

/// The length of the string at the beginning of `text`, with its quotes. If it does not end, or is none
/// (a string has no control characters), how many bytes that took to see.
fn string_length(text: &[u8]) -> Result<usize, usize> {
    let mut at = 1;
    loop {
        at += length_of_plain(text.get(at..).ok_or(text.len())?);
        match text.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at += 2,
            Some(_) => return Err(at),
            None => return Err(text.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts a text into the lengths of its pieces. Also returns how many bytes were looked at in vain.
    fn cut(text: &[u8], limit: usize) -> (Vec<usize>, usize) {
        let mut cutter = PieceCutter::new(limit);
        let (mut pieces, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let Piece { length, .. } = cutter.next(&text[at..]);
            let taken = (length + 1).min(text.len() - at);
            let taken = if text.get(at + length) == Some(&b'\n') { taken } else { length };
            assert!(taken > 0, "nothing is taken at {at}");
            cutter.pay(taken);
            pieces.push(length);
            at += taken;
        }
        (pieces, cutter.looked_at)
    }

    #[test]
    fn text_made_to_be_searched_again_and_again_takes_linear_time() {
        const LIMIT: usize = 64 << 10;
        for part in [
            r#"{\"}"#,
            "{[",
            "{",
            "{[\n",
            "{\"a\":[\n",
            "{\"a\":1,\n",
            "{\"}{}",
            "{\"a}{\\",
            "{ \n",
            "[{}\n}",
            "{\"a\":\"}{\"\n}x",
        ] {
            let text = part.repeat((1 << 20) / part.len());
            let (pieces, in_vain) = cut(text.as_bytes(), LIMIT);
            assert!(pieces.iter().sum::<usize>() <= text.len());
            let most = VAIN_BYTES * text.len() + (ALLOWED_DEBT + 1) * LIMIT;
            assert!(in_vain <= most, "{part:?}: {in_vain} bytes");
        }
    }

    #[test]
    fn brackets_deeper_than_any_reader_goes_are_no_object() {
        for (depth, is_object) in [(MAX_DEPTH, true), (MAX_DEPTH + 1, false), (1 << 20, false)] {
            let text = "{".repeat(depth) + &"}".repeat(depth);
            let piece = PieceCutter::new(1 << 22).next(text.as_bytes());
            assert_eq!(piece, Piece { length: text.len(), is_object });
        }
    }

    #[test]
    fn an_object_has_at_most_as_many_bytes_as_a_body() {
        let text = r#"{"a":1}"#;
        for (limit, is_object) in [(text.len(), true), (text.len() - 1, false)] {
            let blanks = format!("   {text}  \n");
            let piece = PieceCutter::new(limit).next(blanks.as_bytes());
            assert_eq!(piece, Piece { length: blanks.len() - 1, is_object });
        }
    }
}
