//! Folders of runs that are not finished: whatever ends the program removes them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// A folder that is removed with all its files when this is dropped, or by [`remove_all`].
#[derive(Debug)]
pub(crate) struct Unfinished(PathBuf);

impl Unfinished {
    pub(crate) fn new(folder: PathBuf) -> Unfinished {
        unfinished(|folders| folders.insert(folder.clone()));
        Unfinished(folder)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        unfinished(|folders| folders.remove(&self.0));
        remove(&self.0);
    }
}

/// Removes all of them; the program must end now.
pub(crate) fn remove_all() {
    // Threads that still write may put a new file there: then the folder is not empty.
    for _attempt in 0..10 {
        unfinished(|folders| folders.retain(|folder| !remove(folder)));
    }
}

/// Removes a folder, and `runs` around it if there are no others. Returns whether it is gone; it was
/// before if the run has got its final name.
fn remove(folder: &Path) -> bool {
    let _gone = fs::remove_dir_all(folder).is_ok();
    let runs = folder.parent().filter(|parent| parent.ends_with("runs"));
    let _was_last = runs.is_some_and(|runs| fs::remove_dir(runs).is_ok());
    !folder.exists()
}

fn unfinished<T>(act: impl FnOnce(&mut BTreeSet<PathBuf>) -> T) -> T {
    act(&mut UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner))
}
