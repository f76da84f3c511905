//! The built-in sample: the two tasks of the thread that this project started from.
//!
//! Source: published (redacted) on 13 January 2023 in the Cisco community thread "Webhook for
//! Courtesy CallBacks Tasks missing hang-ups".

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

const FILES: [(&str, &str); 2] = [
    (
        "normal-callback.ndjson",
        include_str!("../../shared/fixtures/sample/webhooks/normal-callback.ndjson"),
    ),
    (
        "callback-with-multiple-ronas.ndjson",
        include_str!("../../shared/fixtures/sample/webhooks/callback-with-multiple-ronas.ndjson"),
    ),
];

/// The ids of its tasks.
pub const TASKS: [&str; 2] =
    ["0e563a11-7204-5b8d-93c6-d937e9d6fbd3", "3b71ea1d-7511-5bef-a8e5-d7924474b57a"];

/// The bodies of its webhooks.
pub fn bodies() -> impl Iterator<Item = &'static str> {
    FILES.iter().flat_map(|(_, text)| text.lines())
}

/// Writes the sample below `folder` as an archive, and returns where.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write(folder: &Path) -> Result<PathBuf> {
    let events = folder.join("events");
    let cannot = || format!("cannot write the sample to {}", events.display());
    std::fs::create_dir_all(&events).with_context(cannot)?;
    for (name, text) in FILES {
        std::fs::write(events.join(name), text).with_context(cannot)?;
    }
    Ok(events)
}
