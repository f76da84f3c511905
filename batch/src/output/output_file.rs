//! Files of a run: written, counted and hashed in one pass.
//!
//! Invariant: size and hash of a file are those of the bytes that were written to it.

use std::fs::File;
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::hashed::Hashed;

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OutputFile {
    /// Its name in the run's folder.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its rows, or lines.
    pub rows: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// A file of a run that is being written, and hashed while it is.
pub struct NewFile {
    name: &'static str,
    file: BufWriter<Hashed<File>>,
}

impl NewFile {
    /// Creates the file `name` in `folder`.
    pub(crate) fn create(folder: &Path, name: &'static str) -> Result<NewFile> {
        let path = folder.join(name);
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(NewFile { name, file: BufWriter::new(Hashed::new(file)) })
    }

    /// Completes the file, which has that many rows or lines.
    ///
    /// # Errors
    /// When its end cannot be written.
    pub fn finish(self, rows: u64) -> Result<OutputFile> {
        let file = self.file.into_inner().map_err(IntoInnerError::into_error);
        let (sha256, bytes) =
            file.with_context(|| format!("cannot write {}", self.name))?.into_hash();
        Ok(OutputFile { name: self.name.to_owned(), bytes, rows, sha256 })
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Indented JSON with a line feed at its end.
///
/// # Errors
/// When `value` cannot be written as JSON: a bug.
pub fn json_text(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}
