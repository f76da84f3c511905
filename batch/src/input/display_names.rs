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
    /// Reads a CSV of ids and names; a first line `id,name` is a heading.
    ///
    /// # Errors
    /// When there is no such file or object, or a line has fewer than two columns.
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

    fn parse(bytes: &[u8]) -> Result<DisplayNames> {
        let sha256 = Some(hex(&Sha256::digest(bytes)));
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut lines = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(bytes);
        let mut by_id = HashMap::new();
        for (at, line) in lines.records().enumerate() {
            let line = line?;
            let (Some(id), Some(name)) = (line.get(0), line.get(1)) else {
                anyhow::bail!("line {} is not an id and a name, separated by a comma", at + 1);
            };
            let is_heading = at == 0 && id.eq_ignore_ascii_case("id");
            if !is_heading && !name.is_empty() {
                by_id.insert(id.to_owned(), name.to_owned());
            }
        }
        Ok(DisplayNames { by_id, sha256 })
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
    fn names_have_ids() {
        let names =
            DisplayNames::parse("\u{feff}ID,Name\nq1, Sales \nq2,\"Service, night\"\n".as_bytes());
        let names = names.unwrap();
        assert_eq!(names.name_of("q1"), Some("Sales"));
        assert_eq!(names.name_of("q2"), Some("Service, night"));
        assert_eq!(names.name_of("ID"), None);
    }

    #[test]
    fn a_line_without_a_name_is_an_error() {
        let error = DisplayNames::parse(b"q1,Sales\nq2\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }
}
