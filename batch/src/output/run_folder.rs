//! The folder of a run, made visible in one step at the end.
//!
//! Invariant: readers see all files of one run or none. `<out>/latest.json` names the last
//! complete run. In a folder, `<out>/latest` leads there too, and so do `<out>/tasks.parquet` and its
//! neighbours. A run's folder is named after the hash of its receipt, so the same
//! outputs are the same folder. What goes to S3 is written on this machine first.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::hashed::hex;
use crate::location::Location;
use crate::output::out_bucket::OutBucket;
use crate::output::out_folder::OutFolder;
use crate::output::output_file::{NewFile, json_text};
use crate::output::unfinished::Unfinished;
use crate::s3::S3;

/// How the names of temporary folders begin, where runs are written before they go to S3.
const TEMPORARY: &str = "rebuild-timelines-";

/// A run that is being written.
#[derive(Debug)]
pub struct RunFolder {
    partial: Unfinished,
    out: Out,
}

#[derive(Debug)]
enum Out {
    Folder(OutFolder),
    Bucket(OutBucket),
}

impl RunFolder {
    /// A new folder under `out`, which is created if needed.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn create(out: &Location, s3: &S3) -> Result<RunFolder> {
        let cannot = || format!("cannot write to the output folder {out}");
        match out {
            Location::Folder(folder) => {
                let (out, partial) = OutFolder::open(folder).with_context(cannot)?;
                Ok(RunFolder { partial: Unfinished::new(partial), out: Out::Folder(out) })
            }
            Location::S3 { bucket, prefix } => {
                let out = OutBucket::open(bucket, prefix, s3).with_context(cannot)?;
                let name = format!("{TEMPORARY}{}-", std::process::id());
                let folder = tempfile::Builder::new().prefix(&name).tempdir();
                let folder = folder.context("cannot make a temporary folder")?;
                let partial = Unfinished::new(folder.keep());
                Ok(RunFolder { partial, out: Out::Bucket(out) })
            }
        }
    }

    /// Where a file of the run lies until the run is published.
    pub fn path(&self, name: &str) -> PathBuf {
        self.partial.path().join(name)
    }

    /// Creates a file of the run.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn file(&self, name: &'static str) -> Result<NewFile> {
        NewFile::create(self.partial.path(), name)
    }

    /// Writes the receipt and makes the run visible. Returns where the run lies.
    ///
    /// # Errors
    /// When it cannot be written there; then the run before stays visible.
    pub fn publish(self, receipt: &impl Serialize) -> Result<Location> {
        let text = json_text(receipt)?;
        fs::write(self.path("receipt.json"), &text).context("cannot write the receipt")?;
        let run = format!("runs/{}", &hex(&Sha256::digest(&text))[..16]);
        match &self.out {
            Out::Bucket(out) => out.publish(self.partial.path(), &run),
            Out::Folder(out) => out.publish(self.partial.path(), &run),
        }
    }
}

/// Removes what killed runs have left in the temporary folder of this machine: those of processes
/// that are gone, and of this process. So no other run of this process may be under way.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove_abandoned_runs() -> Result<()> {
    let folder = std::env::temp_dir();
    let cannot = || format!("cannot clean up {}", folder.display());
    for entry in fs::read_dir(&folder).with_context(cannot)? {
        let entry = entry.with_context(cannot)?;
        if is_abandoned(&entry.file_name().to_string_lossy()) {
            fs::remove_dir_all(entry.path()).with_context(cannot)?;
        }
    }
    Ok(())
}

fn is_abandoned(name: &str) -> bool {
    let process = name.strip_prefix(TEMPORARY).and_then(|rest| rest.split('-').next());
    process.and_then(|process| process.parse().ok()).is_some_and(|process: u32| {
        process == std::process::id() || !Path::new("/proc").join(process.to_string()).exists()
    })
}
