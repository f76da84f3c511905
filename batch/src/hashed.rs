//! Files as bytes: decompressed if needed, and hashed as they are stored.
//!
//! Invariant: reading a file to its end gives its text and the hash of its stored bytes in one pass;
//! writing one gives its hash.

use std::io::{self, BufRead, BufReader, Read, Write};

use sha2::{Digest, Sha256};

/// The text of a file.
pub(crate) type Reader = BufReader<Box<dyn HashedRead>>;

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// How far back a zstd frame may refer, as a power of two: 128 MiB, which `zstd --long` and `--ultra` ask
/// for. A decoder takes as much memory.
const MAX_WINDOW_LOG: u32 = 27;

/// Decompresses a file if its first bytes say that it is compressed.
pub(crate) fn decoded(file: Box<dyn Read + Send>) -> io::Result<Reader> {
    let mut raw = BufReader::with_capacity(1 << 17, Hashed::new(file));
    let magic = raw.fill_buf()?;
    let decoded: Box<dyn HashedRead> = if magic.starts_with(GZIP) {
        Box::new(flate2::bufread::MultiGzDecoder::new(raw))
    } else if magic.starts_with(ZSTD) {
        let mut decoder = zstd::Decoder::with_buffer(raw)?;
        decoder.window_log_max(MAX_WINDOW_LOG)?;
        Box::new(Zstd(decoder))
    } else {
        Box::new(raw)
    };
    Ok(BufReader::with_capacity(1 << 16, decoded))
}

/// A stream that hashes the bytes of the file below it.
pub(crate) struct Hashed<R> {
    inner: R,
    hasher: Sha256,
    bytes: u64,
}

impl<R> Hashed<R> {
    pub(crate) fn new(inner: R) -> Hashed<R> {
        Hashed { inner, hasher: Sha256::new(), bytes: 0 }
    }

    /// The hash and the number of the bytes that went through.
    pub(crate) fn into_hash(self) -> (String, u64) {
        (hex(&self.hasher.finalize()), self.bytes)
    }
}

impl<R: Read> Hashed<R> {
    /// Reads the rest, so that the hash is that of the whole file.
    fn hash(mut self) -> (String, u64) {
        // A file that cannot be read to its end has been reported; its hash is of what was read.
        let _bytes = io::copy(&mut self, &mut io::sink()).unwrap_or_default();
        self.into_hash()
    }
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// A decoder that gives back the hash of what it decoded.
pub(crate) trait HashedRead: Read + Send {
    /// Whether the file is compressed.
    fn is_compressed(&self) -> bool {
        true
    }

    fn hash(self: Box<Self>) -> (String, u64);
}

type Raw = BufReader<Hashed<Box<dyn Read + Send>>>;

impl HashedRead for Raw {
    fn is_compressed(&self) -> bool {
        false
    }

    fn hash(self: Box<Self>) -> (String, u64) {
        self.into_inner().hash()
    }
}

impl HashedRead for flate2::bufread::MultiGzDecoder<Raw> {
    fn hash(self: Box<Self>) -> (String, u64) {
        self.into_inner().into_inner().hash()
    }
}

/// A zstd decoder whose error says what to do when a frame asks for too much memory.
struct Zstd(zstd::Decoder<'static, Raw>);

impl Read for Zstd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.to_string() {
            // The decoder gives no code, only this text.
            text if text.contains("too much memory") => io::Error::other(format!(
                "it needs more memory than a window of 128 MiB: compress it with --long={MAX_WINDOW_LOG} at most"
            )),
            _ => error,
        })
    }
}

impl HashedRead for Zstd {
    fn hash(self: Box<Self>) -> (String, u64) {
        self.0.finish().into_inner().hash()
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
