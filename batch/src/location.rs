//! Where events lie and outputs go: a folder, or a prefix in S3.
//!
//! Invariant: what is printed can be used on the command line.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A folder (or one file), or a prefix in S3 (or one object).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// On this machine.
    Folder(PathBuf),
    /// `s3://bucket/prefix`
    S3 {
        /// The bucket.
        bucket: String,
        /// The prefix, without slashes at its ends; empty for the whole bucket.
        prefix: String,
    },
}

impl Location {
    /// The place called `name` below this one.
    #[must_use]
    pub fn join(&self, name: &str) -> Location {
        match self {
            Location::Folder(folder) => Location::Folder(folder.join(name)),
            Location::S3 { bucket, prefix } => {
                let prefix = format!("{prefix}/{name}").trim_matches('/').to_owned();
                Location::S3 { bucket: bucket.clone(), prefix }
            }
        }
    }
}

impl FromStr for Location {
    type Err = String;

    fn from_str(text: &str) -> Result<Location, String> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return match text.split_once("://") {
                Some((scheme, _)) => {
                    Err(format!("{scheme}:// is not known: use a folder or s3://"))
                }
                None => Ok(Location::Folder(text.into())),
            };
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err("the bucket is missing: s3://bucket/prefix".to_owned());
        }
        Ok(Location::S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned() })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Folder(folder) => folder.display().fmt(f),
            Location::S3 { bucket, prefix } if prefix.is_empty() => write!(f, "s3://{bucket}"),
            Location::S3 { bucket, prefix } => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_printed_as_it_is_given() {
        for (given, printed) in [
            ("some/folder", "some/folder"),
            ("/", "/"),
            ("s3://bucket", "s3://bucket"),
            ("s3://bucket/", "s3://bucket"),
            ("s3://bucket/a/b/", "s3://bucket/a/b"),
        ] {
            assert_eq!(given.parse::<Location>().unwrap().to_string(), printed);
        }
        let below = |given: &str| given.parse::<Location>().unwrap().join("x").to_string();
        assert_eq!(
            [below("a"), below("s3://b"), below("s3://b/p")],
            ["a/x", "s3://b/x", "s3://b/p/x"]
        );
    }

    #[test]
    fn what_is_no_location_is_said() {
        assert!("s3://".parse::<Location>().is_err());
        assert!("gs://bucket/a".parse::<Location>().unwrap_err().contains("s3://"));
    }
}
