//! Data for the page, deflated and in base64: it is small, and none of it can be mistaken for HTML.
//!
//! Invariant: the browser's own `DecompressionStream("deflate")` reads it.

use std::io::{self, Write};

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Bytes that are packed as they are written.
pub(super) struct Packed(ZlibEncoder<Vec<u8>>);

impl Packed {
    /// Nothing yet.
    pub(super) fn new() -> Packed {
        Packed(ZlibEncoder::new(Vec::new(), Compression::default()))
    }

    /// The size on the page of what is packed so far, without what the encoder still holds back.
    pub(super) fn len(&self) -> usize {
        self.0.get_ref().len().div_ceil(3) * 4
    }

    /// The text for the page.
    pub(super) fn finish(self) -> Result<String> {
        Ok(STANDARD.encode(self.0.finish()?))
    }
}

impl Write for Packed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
