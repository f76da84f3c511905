//! The files below a folder, links followed.
//!
//! Invariant: a file is listed once, whatever links lead to it, and under its own name if it has one
//! here. What cannot be listed or is no file is in the list too, and says so when it is opened.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// What stands at a path: a file, or why there is none.
pub(crate) type Found = Result<PathBuf, io::Error>;

/// A walk through a folder.
pub(crate) struct FolderWalk {
    seen: HashSet<Identity>,
    /// The links, which are followed when all else is listed.
    links: Vec<PathBuf>,
    /// What was found, by its path below the folder.
    pub(crate) found: Vec<(PathBuf, Found)>,
    /// How many more names lead to what is listed already.
    pub(crate) other_names: u64,
}

impl FolderWalk {
    /// A walk through `root`, which lists nothing yet.
    pub(crate) fn new(root: &Path, metadata: &Metadata) -> FolderWalk {
        let seen = HashSet::from([Identity::new(root, metadata)]);
        FolderWalk { seen, links: Vec::new(), found: Vec::new(), other_names: 0 }
    }

    /// Lists what is at `path`; links only with [`FolderWalk::follow_links`].
    pub(crate) fn list(&mut self, path: PathBuf) {
        if path.is_symlink() { self.links.push(path) } else { self.list_target(path) }
    }

    /// Follows the links that were met, and those behind them.
    pub(crate) fn follow_links(&mut self) {
        while !self.links.is_empty() {
            let mut links = std::mem::take(&mut self.links);
            links.sort();
            links.into_iter().for_each(|link| self.list_target(link));
        }
    }

    fn list_target(&mut self, path: PathBuf) {
        let found = match fs::metadata(&path) {
            Ok(metadata) if !self.seen.insert(Identity::new(&path, &metadata)) => {
                self.other_names += 1;
                return;
            }
            Ok(metadata) if metadata.is_dir() => match visible(&path) {
                Ok(entries) => return entries.into_iter().for_each(|entry| self.list(entry)),
                Err(error) => Err(error),
            },
            Ok(metadata) if metadata.is_file() => Ok(path.clone()),
            Ok(_) => Err(io::Error::other("it is neither a file nor a folder")),
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
                Err(io::Error::new(error.kind(), "it is a link to nothing"))
            }
            Err(error) => Err(error),
        };
        self.found.push((path, found));
    }
}

/// The content of a folder by name, except hidden files.
pub(crate) fn visible(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>()?;
    let is_hidden = |name: &OsStr| name.to_string_lossy().starts_with('.');
    paths.retain(|path| !path.file_name().is_some_and(is_hidden));
    paths.sort();
    Ok(paths)
}

/// Which file or folder it is, whatever its name.
#[derive(PartialEq, Eq, Hash)]
struct Identity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    #[cfg(not(unix))]
    path: PathBuf,
}

impl Identity {
    #[cfg(unix)]
    fn new(_path: &Path, metadata: &Metadata) -> Identity {
        use std::os::unix::fs::MetadataExt;
        Identity { device_and_inode: (metadata.dev(), metadata.ino()) }
    }

    #[cfg(not(unix))]
    fn new(path: &Path, _metadata: &Metadata) -> Identity {
        Identity { path: path.canonicalize().unwrap_or_else(|_| path.to_owned()) }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_file_is_listed_once_under_its_own_name() {
        let [folder, elsewhere] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("b/deep")).unwrap();
        fs::write(at("b/deep/file"), "").unwrap();
        fs::write(elsewhere.path().join("outside"), "").unwrap();
        fs::hard_link(at("b/deep/file"), at("c-hard-link")).unwrap();
        symlink("b/deep/file", at("a-link")).unwrap();
        symlink("b", at("a-link-to-folder")).unwrap();
        symlink("..", at("b/loop")).unwrap();
        symlink("self", at("self")).unwrap();
        symlink("nowhere", at("broken")).unwrap();
        symlink(elsewhere.path(), at("d")).unwrap();
        symlink("d", at("e-link-to-link")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();

        let mut walk = FolderWalk::new(folder.path(), &fs::metadata(folder.path()).unwrap());
        visible(folder.path()).unwrap().into_iter().for_each(|path| walk.list(path));
        walk.follow_links();
        let listed = walk.found.iter().map(|(path, found)| {
            let name = path.strip_prefix(folder.path()).unwrap().display();
            match found {
                Ok(_) => name.to_string(),
                Err(error) => format!("{name}: {error}"),
            }
        });
        assert_eq!(
            listed.collect::<Vec<_>>(),
            [
                "b/deep/file",
                "socket: it is neither a file nor a folder",
                "broken: it is a link to nothing",
                "d/outside",
                "self: Too many levels of symbolic links (os error 40)",
            ]
        );
        assert_eq!(walk.other_names, 5);
    }
}
