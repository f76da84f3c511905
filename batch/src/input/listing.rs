//! The files of the archive.
//!
//! Invariant: files are listed in the order of their names, wherever they lie, and each once. Folders of
//! days that cannot matter to the period are not even listed; see [`ReadDays`].

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::input::folder_walk::{FolderWalk, visible};
use crate::input::prefetch::Objects;
use crate::input::read_days::ReadDays;
use crate::location::Location;
use crate::s3::{Connection, S3};

/// A file of the archive.
pub struct InputFile {
    /// Its name in reports: the path below the archive's root, with forward slashes.
    pub name: String,
    place: Place,
}

enum Place {
    File(PathBuf),
    Object {
        objects: Arc<Objects>,
        number: usize,
    },
    /// There is nothing to read, for this reason.
    None(io::Error),
}

impl InputFile {
    /// The bytes of the file.
    pub(crate) fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match &self.place {
            Place::File(path) => Box::new(File::open(path)?),
            Place::Object { objects, number } => Box::new(objects.open(*number)),
            Place::None(reason) => return Err(io::Error::new(reason.kind(), reason.to_string())),
        })
    }
}

/// The files to read.
#[derive(Default)]
pub struct Listing {
    /// The files, by name.
    pub files: Vec<InputFile>,
    /// How many folders of days were left out.
    pub skipped_days: u64,
    /// How many more names there are for files and folders that are listed under another one.
    pub other_names: u64,
}

/// All files below `root`, or `root` itself, sorted by name. Hidden files are left out.
///
/// # Errors
/// When there is nothing there, or it cannot be listed.
pub fn list(root: &Location, s3: &S3) -> Result<Vec<InputFile>> {
    Ok(list_days(root, s3, &ReadDays::all())?.files)
}

/// The same without the folders of days that cannot matter.
///
/// # Errors
/// When there is nothing there that could matter, or it cannot be listed.
pub fn list_days(root: &Location, s3: &S3, days: &ReadDays) -> Result<Listing> {
    let listing = match root {
        Location::Folder(root) => list_folder(root, days),
        Location::S3 { bucket, prefix } => list_objects(bucket, prefix, s3, days),
    };
    let listing = listing.with_context(|| format!("cannot read the events in {root}"))?;
    match listing.skipped_days {
        _ if !listing.files.is_empty() => Ok(listing),
        0 => bail!("there are no files in {root}"),
        skipped => bail!(
            "there are no files in {root} that could hold events of these days, but those of \
             {skipped} others: give other days by --from and --to, or none"
        ),
    }
}

fn list_folder(root: &Path, days: &ReadDays) -> Result<Listing> {
    let metadata = std::fs::metadata(root)?;
    if !metadata.is_dir() {
        let name = root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned();
        let files = vec![InputFile { name, place: Place::File(root.to_owned()) }];
        return Ok(Listing { files, ..Listing::default() });
    }
    let entries = visible(root)?;
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folders = entries.iter().filter(|path| path.is_dir()).map(|path| name(path));
    let skipped = days.skipped(folders);
    let mut walk = FolderWalk::new(root, &metadata);
    for path in entries {
        if !(skipped.contains(&name(&path)) && path.is_dir()) {
            walk.list(path);
        }
    }
    walk.follow_links();
    let files = walk.found.into_iter().map(|(path, found)| InputFile {
        name: name_below(root, &path),
        place: found.map_or_else(Place::None, Place::File),
    });
    let mut files: Vec<InputFile> = files.collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let skipped_days = skipped.len() as u64;
    Ok(Listing { files, skipped_days, other_names: walk.other_names })
}

fn name_below(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The objects below a prefix, as if it were a folder; if there are none, the object of that name.
fn list_objects(bucket: &str, prefix: &str, s3: &S3, days: &ReadDays) -> Result<Listing> {
    let connection = s3.connection()?;
    let root = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
    let (mut keys, skipped_days) = list_keys(&connection, bucket, &root, days)?;
    keys.retain(|key| {
        let name = &key[root.len()..];
        !name.ends_with('/') && !name.split('/').any(|part| part.starts_with('.'))
    });
    let mut names: Vec<String> = keys.iter().map(|key| key[root.len()..].to_owned()).collect();
    if keys.is_empty() && skipped_days == 0 {
        keys = connection.list(bucket, prefix)?;
        keys.retain(|key| key == prefix);
        names = keys.iter().map(|key| key.rsplit('/').take(1).collect()).collect();
    }
    let objects = Arc::new(Objects::new(connection, bucket.to_owned(), keys));
    let place = |number| Place::Object { objects: objects.clone(), number };
    let names = names.into_iter().enumerate();
    let files = names.map(|(number, name)| InputFile { name, place: place(number) }).collect();
    Ok(Listing { files, skipped_days, other_names: 0 })
}

/// The keys below `root`, sorted, and how many folders of days were left out. A year of objects
/// takes hundreds of requests to list; a folder that is left out takes none.
fn list_keys(
    connection: &Connection,
    bucket: &str,
    root: &str,
    days: &ReadDays,
) -> Result<(Vec<String>, u64)> {
    if days.are_all() {
        return Ok((connection.list(bucket, root)?, 0));
    }
    let (mut keys, folders) = connection.list_folder(bucket, root)?;
    let name = |folder: &str| folder[root.len()..].trim_end_matches('/').to_owned();
    let skipped = days.skipped(folders.iter().map(|folder| name(folder)));
    for folder in folders.iter().filter(|folder| !skipped.contains(&name(folder))) {
        keys.extend(connection.list(bucket, folder)?);
    }
    keys.sort_unstable();
    Ok((keys, skipped.len() as u64))
}
