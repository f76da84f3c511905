//! Display names of queues and agents, from a table that the tenant keeps.
//!
//! Invariant: a name is only shown in place of its id; no figure depends on it.

use std::collections::HashMap;

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::hashed::hex;
use crate::location::Location;
use crate::s3::S3;

/// Display names by id.
#[derive(Debug, Default)]
pub struct DisplayNames {
    by_id: HashMap<String, String>,
    sha256: Option<String>,
}

impl DisplayNames {
    /// Reads a CSV of ids and names.
    ///
    /// # Errors
    /// When there is no such file or object, or a line is not an id and a name.
    pub fn read(place: &Location, s3: &S3) -> Result<DisplayNames> {
        let cannot = || format!("cannot read the names in {place}");
        let bytes = match place {
            Location::Folder(file) => std::fs::read(file).with_context(cannot)?,
            Location::S3 { bucket, prefix: key } => {
                let object = s3.connection()?.get(bucket, key).with_context(cannot)?;
                object.context("there is no such object").with_context(cannot)?.content
            }
        };
        DisplayNames::parse(&bytes).with_context(cannot)
    }

    fn parse(csv: &[u8]) -> Result<DisplayNames> {
        let by_id = aws_account::display_names::read(csv).collect::<Result<_, _>>()?;
        Ok(DisplayNames { by_id, sha256: Some(hex(&Sha256::digest(csv))) })
    }

    /// The name of a queue or agent.
    pub(crate) fn name_of(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(String::as_str)
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_a_name_is_an_error() {
        let error = DisplayNames::parse(b"q1,Sales\nq2\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
