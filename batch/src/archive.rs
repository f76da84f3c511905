//! Where archived webhooks lie.
//!
//! Invariant: files are listed in the order of their names, wherever they lie. All are read, also
//! under `--from` and `--to`: a task belongs to the day of its first event, which may lie in the
//! folder of any day before, and it goes on for as long as it likes.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use crate::location::Location;
use crate::prefetch::Objects;
use crate::s3::S3;

/// A file of the archive.
pub struct ArchiveFile {
    /// Its name in reports: the path below the archive's root, with forward slashes.
    pub name: String,
    place: Place,
}

enum Place {
    File(PathBuf),
    Object { objects: Arc<Objects>, number: usize },
}

impl ArchiveFile {
    /// The bytes of the file.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.place {
            Place::File(path) => Box::new(File::open(path)?),
            Place::Object { objects, number } => Box::new(objects.open(*number)),
        })
    }
}

/// All files below `root`, or `root` itself, sorted by name. Hidden files are left out.
///
/// # Errors
/// When there is nothing there, or it cannot be listed.
pub fn list(root: &Location, s3: &S3) -> Result<Vec<ArchiveFile>> {
    let files = match root {
        Location::Folder(root) => list_folder(root),
        Location::S3 { bucket, prefix } => list_objects(bucket, prefix, s3),
    };
    let files = files.with_context(|| format!("cannot read the events in {root}"))?;
    ensure!(!files.is_empty(), "there are no files in {root}");
    Ok(files)
}

fn list_folder(root: &Path) -> Result<Vec<ArchiveFile>> {
    let mut files = Vec::new();
    if std::fs::metadata(root)?.is_dir() {
        list_below(root, root, &mut files)?;
    } else {
        let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned();
        files.push(ArchiveFile { name, place: Place::File(root.to_owned()) });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

fn list_below(root: &Path, folder: &Path, files: &mut Vec<ArchiveFile>) -> Result<()> {
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("cannot list the folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            list_below(root, &path, files)?;
        } else {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
            files.push(ArchiveFile { name: parts.join("/"), place: Place::File(path) });
        }
    }
    Ok(())
}

/// The objects below a prefix, taken as a folder; if there are none, the object of that name.
fn list_objects(bucket: &str, prefix: &str, s3: &S3) -> Result<Vec<ArchiveFile>> {
    let connection = s3.connection()?;
    let root = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    let mut keys = connection.list(bucket, &root)?;
    keys.retain(|key| {
        let name = &key[root.len()..];
        !name.ends_with('/') && !name.split('/').any(|part| part.starts_with('.'))
    });
    let mut names: Vec<String> = keys.iter().map(|key| key[root.len()..].to_owned()).collect();
    if keys.is_empty() {
        keys = connection.list(bucket, prefix)?;
        keys.retain(|key| key == prefix);
        names = keys.iter().map(|key| key.rsplit('/').take(1).collect()).collect();
    }
    let objects = Arc::new(Objects::new(connection, bucket.to_owned(), keys));
    let place = |number| Place::Object { objects: objects.clone(), number };
    let names = names.into_iter().enumerate();
    Ok(names.map(|(number, name)| ArchiveFile { name, place: place(number) }).collect())
}
