//! Where the outputs go: a run's own folder, made visible by one step at the end.
//!
//! Invariant: readers see all files of one run or none. `<out>/latest.json` names the last
//! complete run. In a folder `<out>/latest` leads there too, and `<out>/tasks.parquet` and its
//! neighbours lead through it. A run's folder is named after the hash of its receipt, so the same
//! outputs are the same folder. What goes to S3 is written on this machine first.

use std::fs::{self, File};
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::hashed::{Hashed, hex};
use crate::location::Location;
use crate::output::out_bucket::OutBucket;
use crate::s3::S3;

/// How the names of the folders begin in which runs wait for their way to S3.
const TEMPORARY: &str = "rebuild-timelines-";

/// A run that is being written.
#[derive(Debug)]
pub struct RunFolder {
    partial: PathBuf,
    out: Out,
}

#[derive(Debug)]
enum Out {
    Folder(PathBuf),
    Bucket(OutBucket),
}

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

impl RunFolder {
    /// A new folder under `out`, which is made if need be.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn create(out: &Location, s3: &S3) -> Result<RunFolder> {
        let cannot = || format!("cannot write to the output folder {out}");
        match out {
            Location::Folder(folder) => RunFolder::below(folder).with_context(cannot),
            Location::S3 { bucket, prefix } => {
                let out = OutBucket::open(bucket, prefix, s3).with_context(cannot)?;
                let name = format!("{TEMPORARY}{}-", std::process::id());
                let folder = tempfile::Builder::new().prefix(&name).tempdir();
                let folder = folder.context("cannot make a temporary folder")?;
                Ok(RunFolder { partial: folder.keep(), out: Out::Bucket(out) })
            }
        }
    }

    fn below(out: &Path) -> io::Result<RunFolder> {
        let partial = out.join("runs").join(format!(".partial-{}", std::process::id()));
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        fs::create_dir_all(&partial)?;
        File::create(partial.join("receipt.json"))?;
        Ok(RunFolder { partial, out: Out::Folder(out.to_owned()) })
    }

    /// Where a file of the run lies until the run is published.
    pub fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Creates a file of the run.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn file(&self, name: &'static str) -> Result<NewFile> {
        let path = self.partial.join(name);
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(NewFile { name, file: BufWriter::new(Hashed::new(file)) })
    }

    /// Writes the receipt and makes the run visible. Returns where the run lies.
    ///
    /// # Errors
    /// When it cannot be written there; then the run before stays visible.
    pub fn publish(self, receipt: &impl Serialize) -> Result<Location> {
        let text = json_text(receipt)?;
        fs::write(self.partial.join("receipt.json"), &text).context("cannot write the receipt")?;
        let run = format!("runs/{}", &hex(&Sha256::digest(&text))[..16]);
        match &self.out {
            Out::Bucket(out) => out.publish(&self.partial, &run),
            Out::Folder(out) => {
                let folder = out.join(&run);
                if !folder.exists() {
                    fs::rename(&self.partial, &folder)
                        .with_context(|| format!("cannot complete {}", folder.display()))?;
                }
                point_to(out, &run)?;
                Ok(Location::Folder(folder))
            }
        }
    }
}

/// A file of a run that is being written, and hashed while it is.
pub struct NewFile {
    name: &'static str,
    file: BufWriter<Hashed<File>>,
}

impl NewFile {
    /// What it came to, with that many rows or lines.
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

fn point_to(out: &Path, run: &str) -> Result<()> {
    let latest = out.join(POINTER);
    replace(&latest, |path| fs::write(path, pointer_to(run)))
        .with_context(|| format!("cannot write {}", latest.display()))?;
    link_to(out, run)
}

/// The name of the pointer to the last complete run, below the outputs.
pub(crate) const POINTER: &str = "latest.json";

/// What it holds.
pub(crate) fn pointer_to(run: &str) -> String {
    json!({ "run": run }).to_string()
}

/// Stable names for people: `<out>/tasks.parquet` is `<out>/latest/tasks.parquet`.
#[cfg(unix)]
fn link_to(out: &Path, run: &str) -> Result<()> {
    use std::os::unix::fs::symlink;
    let link = |name: &str, target: &Path| {
        let path = out.join(name);
        replace(&path, |path| symlink(target, path))
            .with_context(|| format!("cannot link {}", path.display()))
    };
    link("latest", Path::new(run))?;
    for entry in fs::read_dir(out.join(run))? {
        let name = entry?.file_name();
        if let Some(name) = name.to_str() {
            link(name, &Path::new("latest").join(name))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn link_to(_out: &Path, _run: &str) -> Result<()> {
    Ok(())
}

/// Removes what runs that were killed have left in the temporary folder of this machine: those of
/// processes that are gone, and of this one, which is for those who have no other run under way.
///
/// # Errors
/// When it cannot be removed.
pub(crate) fn remove_abandoned_runs() -> Result<()> {
    let folder = std::env::temp_dir();
    let cannot = || format!("cannot tidy up {}", folder.display());
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

impl Drop for RunFolder {
    fn drop(&mut self) {
        // What is left of a run that failed, or that was there before, is of no use to anybody.
        let _gone = fs::remove_dir_all(&self.partial).is_ok();
    }
}

/// JSON for people, as it stands in a file.
///
/// # Errors
/// When `value` cannot be written as JSON: a bug.
pub fn json_text(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}

/// Makes `path` anew in one step: whoever looks sees the old one or the new one.
fn replace(path: &Path, make: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    if new.symlink_metadata().is_ok() {
        fs::remove_file(&new)?;
    }
    make(&new)?;
    fs::rename(&new, path)
}
