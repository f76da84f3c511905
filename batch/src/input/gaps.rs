//! Gaps: times without a subscription, in which Webex sent nothing for a resource. The report shows
//! them, because figures of that time are incomplete.
//!
//! Invariant: gaps are sorted by their start, whatever the files are called. A file that is not a gap
//! is an error that names it: data with a gap that is not shown would pass for complete.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use aws_account::gap::Gap;
use jiff::Timestamp;
use serde::Serialize;
use task_timeline::EpochMs;

use crate::location::Location;
use crate::period::Period;
use crate::s3::S3;

/// A gap, as receipt and report show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ShownGap {
    /// When the subscription was last seen active.
    from: String,
    /// When it was active again; null while it is not.
    until: Option<String>,
    /// `task`, `agent` or `capture`.
    resource: String,
    /// The subscription, if there was one.
    subscription_id: Option<String>,
    /// `inactive` or `missing`.
    reason: String,
}

/// All gaps below `place` that touch the period. If nothing is there, there are none.
///
/// # Errors
/// When the place cannot be read, or holds something else.
pub fn read(place: &Location, s3: &S3, period: &Period) -> Result<Vec<ShownGap>> {
    let files = match place {
        Location::Folder(folder) if !folder.exists() => Vec::new(),
        Location::Folder(folder) => files_below(folder)?,
        Location::S3 { bucket, prefix } => {
            let connection = s3.connection()?;
            let root = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
            let mut files = Vec::new();
            for key in connection.list(bucket, &root)? {
                // It was deleted since it was listed; gaps are never rewritten under another key.
                let Some(object) = connection.get(bucket, &key)? else { continue };
                files.push((key, object.content));
            }
            files
        }
    };
    let mut gaps = Vec::new();
    for (name, content) in files {
        let gap = Gap::from_json(&content)
            .with_context(|| format!("{name} below --gaps {place} is not a gap"))?;
        if period.overlaps(gap.from, gap.until) {
            gaps.push(shown(gap).with_context(|| format!("{name} has no such times"))?);
        }
    }
    gaps.sort_unstable();
    Ok(gaps)
}

fn shown(gap: Gap) -> Result<ShownGap> {
    let time = |at: EpochMs| Ok::<_, jiff::Error>(Timestamp::from_millisecond(at.0)?.to_string());
    Ok(ShownGap {
        from: time(gap.from)?,
        until: gap.until.map(time).transpose()?,
        resource: gap.resource,
        subscription_id: gap.subscription_id,
        reason: gap.reason,
    })
}

fn files_below(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            let content = fs::read(&path);
            let content = content.with_context(|| format!("cannot read {}", path.display()))?;
            files.push((path.display().to_string(), content));
        }
    }
    Ok(files)
}
