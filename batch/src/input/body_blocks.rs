//! Webhook bodies one after another, cut into blocks of whole bodies.
//!
//! Invariant: every byte of the stream is in exactly one block, unless the stream breaks off. Of what is
//! too long for a body, only the beginning is: long enough for a reader to see that. So a block has a
//! maximum size, whatever is in the stream.

use std::io::{self, Read};

use webhook::{BodyTexts, MAX_BODY_BYTES};

/// The size of a block: large enough to make handing it over cheap.
const BLOCK_BYTES: usize = 1 << 20;

/// A stream of bodies that is read block by block.
pub(crate) struct BodyBlocks<R> {
    reader: R,
    sizes: BlockSizes,
    next_line: u64,
    /// The beginning of a body whose end has not been read yet; at most as long as a body.
    rest: Vec<u8>,
    /// Of something too long for a body, whose end has not been read yet, the last byte.
    skipped: Option<u8>,
}

/// Sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockSizes {
    /// How much is read at a time; more than a body.
    pub(crate) block: usize,
    /// The maximum length of a body, or of a row of a table.
    pub(crate) limit: usize,
}

impl Default for BlockSizes {
    fn default() -> BlockSizes {
        BlockSizes { block: BLOCK_BYTES, limit: MAX_BODY_BYTES }
    }
}

impl<R: Read> BodyBlocks<R> {
    pub(crate) fn new(reader: R, sizes: BlockSizes) -> BodyBlocks<R> {
        BodyBlocks { reader, sizes, next_line: 1, rest: Vec::new(), skipped: None }
    }

    /// The stream, for its hash.
    pub(crate) fn into_reader(self) -> R {
        self.reader
    }

    /// Reads the next whole bodies into `text`, over those before, and returns the line of the
    /// first; `None` at the end. When the stream breaks off, `error` says so, and what came before is
    /// still handed out.
    pub(crate) fn read(&mut self, text: &mut Vec<u8>, error: &mut Option<String>) -> Option<u64> {
        let BlockSizes { block, limit } = self.sizes;
        while error.is_none() {
            // Old content is overwritten without being cleared first, which would take time.
            text.resize(self.rest.len() + block, 0);
            let (begun, room) = text.split_at_mut(self.rest.len());
            begun.copy_from_slice(&self.rest);
            let (read, broken) = fill(room, &mut self.reader);
            text.truncate(self.rest.len() + read);
            self.rest.clear();
            *error = broken.map(|broken| format!("breaks off: {broken}"));
            let is_at_end = read < block;
            self.drop_skipped(text);
            if !is_at_end && self.skipped.is_none() {
                let whole = BodyTexts::length_of_whole(text, limit);
                if text.len() - whole > limit {
                    self.skipped = text.last().copied();
                } else {
                    self.rest.extend_from_slice(&text[whole..]);
                    text.truncate(whole);
                }
            }
            if !text.is_empty() {
                let first_line = self.next_line;
                self.next_line += memchr::memchr_iter(b'\n', text).count() as u64;
                return Some(first_line);
            }
            if is_at_end {
                return None;
            }
        }
        None
    }

    /// Drops what still belongs to something too long.
    fn drop_skipped(&mut self, text: &mut Vec<u8>) {
        let Some(last) = self.skipped else { return };
        match BodyTexts::end_of_rest(last, text) {
            Some(end) => {
                text.drain(..end);
                self.skipped = None;
            }
            None => {
                self.skipped = text.last().copied().or(Some(last));
                text.clear();
            }
        }
    }
}

/// Reads until `room` is full or the stream ends. Returns the number of bytes, and the error if one
/// ended it.
pub(crate) fn fill(room: &mut [u8], reader: &mut impl Read) -> (usize, Option<io::Error>) {
    let mut filled = 0;
    while filled < room.len() {
        match reader.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Some(error)),
        }
    }
    (filled, None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 40;

    /// The bodies of a text, each with its line; `None` for what is too long.
    fn bodies(text: &[u8], first_line: u64) -> Vec<(u64, Option<String>)> {
        let mut texts = BodyTexts::with_limit(text, first_line, LIMIT);
        let mut bodies = Vec::new();
        loop {
            let line = texts.line();
            let Some(body) = texts.next().map(<[u8]>::trim_ascii) else { return bodies };
            let is_short = body.len() <= LIMIT;
            let shown = is_short.then(|| String::from_utf8_lossy(body).into_owned());
            bodies.extend((!body.is_empty()).then_some((line, shown)));
        }
    }

    /// The same, read in blocks. Checks that none is longer than it may be.
    fn bodies_in_blocks(stream: &[u8], block: usize) -> Vec<(u64, Option<String>)> {
        let mut blocks = BodyBlocks::new(stream, BlockSizes { block, limit: LIMIT });
        let (mut text, mut error, mut all) = (Vec::new(), None, Vec::new());
        while let Some(first_line) = blocks.read(&mut text, &mut error) {
            assert!(text.len() <= block + LIMIT, "{} bytes", text.len());
            all.extend(bodies(&text, first_line));
        }
        all
    }

    fn part() -> impl Strategy<Value = String> {
        let short = 0..2 * LIMIT;
        prop_oneof![
            4 => short.clone().prop_map(|length| format!("{{\"a\":\"{}\"}}", "x".repeat(length))),
            2 => short.clone().prop_map(|length| format!("{{\n \"a\":[\n  {length}]\n}}")),
            1 => short.clone().prop_map(|length| "y".repeat(length)),
            1 => short.prop_map(|length| format!("{{\"a\":\"{}", "z".repeat(length))),
            1 => (0..10 * LIMIT).prop_map(|length| "w".repeat(length)),
            1 => Just("{\"a\":[".to_owned()),
        ]
    }

    proptest! {
        #[test]
        fn blocks_have_the_bodies_of_the_whole(
            parts in prop::collection::vec(
                (part(), prop::sample::select(vec!["\n", "\n", "\n", "", " ", "\r\n", " \n\n\t"])),
                0..30,
            ),
            block in LIMIT + 1..5 * LIMIT,
        ) {
            let text: String = parts.iter().flat_map(|(part, between)| [part.as_str(), between]).collect();
            prop_assert_eq!(bodies_in_blocks(text.as_bytes(), block), bodies(text.as_bytes(), 1));
        }
    }

    #[test]
    fn what_is_too_long_is_set_aside_once_and_nothing_else() {
        let long = "x".repeat(100 * LIMIT);
        let at_limit = format!("{{\"a\":\"{}\"}}", "x".repeat(LIMIT - 8));
        let ok = |line, body: &str| (line, Some(body.to_owned()));
        for (text, expected) in [
            (format!("{{}}\n{long}\n{{}}"), vec![ok(1, "{}"), (2, None), ok(3, "{}")]),
            (format!("{{}}\n{long}"), vec![ok(1, "{}"), (2, None)]),
            (format!("{long}}}{{}}\n{{}}"), vec![(1, None), ok(1, "{}"), ok(2, "{}")]),
            (format!("{long}\n{long}\n\n{long}"), vec![(1, None), (2, None), (4, None)]),
            (format!("{{\"a\":\"{long}\"}}{{}}"), vec![(1, None), ok(1, "{}")]),
            (format!("{at_limit}\n{at_limit}"), vec![ok(1, &at_limit), ok(2, &at_limit)]),
            (
                format!("{at_limit} \n{at_limit}x\n{{}}"),
                vec![ok(1, &at_limit), (2, None), ok(3, "{}")],
            ),
            ("{".repeat(100 * LIMIT), vec![(1, None)]),
            ("[".repeat(100 * LIMIT) + "\n{}", vec![(1, None), ok(2, "{}")]),
            ("\0".repeat(100 * LIMIT) + "\n{}", vec![(1, None), ok(2, "{}")]),
            (" ".repeat(100 * LIMIT) + "{}", vec![ok(1, "{}")]),
            ("\n".repeat(100 * LIMIT), vec![]),
        ] {
            for block in LIMIT + 1..3 * LIMIT {
                let found = bodies_in_blocks(text.as_bytes(), block);
                assert_eq!(found, expected, "{text:.60} in blocks of {block}");
            }
        }
    }
}
