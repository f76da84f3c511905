//! Outputs in a folder of this machine: a run is renamed to its final name and made visible by
//! links.
//!
//! Invariant: whoever reads through `latest`, or through a link beside it, sees all files of one
//! run. Each link and the pointer is replaced in one step.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::location::Location;
use crate::output::pointer::{POINTER, pointer_to};

/// A folder that can be written to.
#[derive(Debug)]
pub(crate) struct OutFolder(PathBuf);

impl OutFolder {
    /// Checks that the outputs can be written, and creates a folder for a run that is not complete
    /// yet.
    pub(crate) fn open(out: &Path) -> io::Result<(OutFolder, PathBuf)> {
        let partial = out.join("runs").join(format!(".partial-{}", std::process::id()));
        if partial.exists() {
            fs::remove_dir_all(&partial)?;
        }
        fs::create_dir_all(&partial)?;
        File::create(partial.join("receipt.json"))?;
        Ok((OutFolder(out.to_owned()), partial))
    }

    /// Moves the run from `partial` to its place, then points to it. Returns where it lies.
    pub(crate) fn publish(&self, partial: &Path, run: &str) -> Result<Location> {
        let folder = self.0.join(run);
        if !folder.exists() {
            fs::rename(partial, &folder)
                .with_context(|| format!("cannot complete {}", folder.display()))?;
        }
        point_to(&self.0, run)?;
        Ok(Location::Folder(folder))
    }
}

fn point_to(out: &Path, run: &str) -> Result<()> {
    let latest = out.join(POINTER);
    replace(&latest, |path| fs::write(path, pointer_to(run)))
        .with_context(|| format!("cannot write {}", latest.display()))?;
    link_to(out, run)
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

/// Replaces `path` in one step: readers see the old one or the new one.
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
