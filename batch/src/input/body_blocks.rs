//! Webhook bodies one after another, cut into blocks of whole bodies.
//!
//! Invariant: every byte of the stream is in exactly one block, unless the stream breaks off.

use std::io::{self, Read};

use webhook::BodyTexts;

use crate::hashed::Reader;

/// The size of a block: large enough to make handing it over cheap.
const BLOCK_BYTES: usize = 1 << 20;

/// A stream of bodies that is read block by block.
pub(crate) struct BodyBlocks {
    reader: Reader,
    next_line: u64,
    /// The beginning of a body whose end has not been read yet.
    rest: Vec<u8>,
}

impl BodyBlocks {
    pub(crate) fn new(reader: Reader) -> BodyBlocks {
        BodyBlocks { reader, next_line: 1, rest: Vec::new() }
    }

    /// The stream, for its hash.
    pub(crate) fn into_reader(self) -> Reader {
        self.reader
    }

    /// Reads the next whole bodies into `text`, over those before, and returns the line of the
    /// first; `None` at the end. When the stream breaks off, `error` says so, and what came before is
    /// still handed out.
    pub(crate) fn read(&mut self, text: &mut Vec<u8>, error: &mut Option<String>) -> Option<u64> {
        if error.is_some() {
            return None;
        }
        let BodyBlocks { reader, next_line, rest } = self;
        // Old content is overwritten without being cleared first, which would take time.
        text.resize(rest.len() + BLOCK_BYTES, 0);
        let (begun, room) = text.split_at_mut(rest.len());
        begun.copy_from_slice(rest);
        let (read, broken) = fill(room, reader);
        text.truncate(rest.len() + read);
        rest.clear();
        let at_end = read == 0 || broken.is_some();
        *error = broken.map(|broken| format!("breaks off: {broken}"));
        if !at_end {
            let whole = BodyTexts::length_of_whole(text);
            rest.extend_from_slice(&text[whole..]);
            text.truncate(whole);
        }
        if text.is_empty() && at_end {
            return None;
        }
        let first_line = *next_line;
        *next_line += memchr::memchr_iter(b'\n', text).count() as u64;
        Some(first_line)
    }
}

/// Reads until `room` is full or the stream ends. Returns the number of bytes, and the error if one
/// ended it.
fn fill(room: &mut [u8], reader: &mut Reader) -> (usize, Option<io::Error>) {
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
