//! A folder with the tables of the last run as CSV files, and the definitions of their columns.
//!
//! Invariant: a file is visible only when it and the run are whole. What is not from an earlier run
//! is never replaced.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::output::csv_file::{write_table, write_texts};
use crate::output::definitions::DEFINITIONS;
use crate::output::outputs::TABLES;
use crate::output::row_groups::RowGroups;
use crate::output::run_folder::RunFolder;
use crate::output::unfinished::Unfinished;

/// The file with what the columns mean, and its heading.
const DEFINITIONS_FILE: (&str, [&str; 2]) = ("definitions.csv", ["column", "definition"]);

/// How the heading of each table begins.
const TABLE_HEADING: &str = "org_id,";

/// A folder that the CSV files of a run go to.
#[derive(Debug)]
pub(crate) struct CsvFolder {
    folder: PathBuf,
    partial: Unfinished,
}

impl CsvFolder {
    /// Checks that the files can be written to `folder`, which is created if needed.
    ///
    /// # Errors
    /// When it cannot be written to, or has a file of such a name that is not from an earlier run.
    pub(crate) fn open(folder: &Path) -> Result<CsvFolder> {
        let cannot = || format!("cannot write to the folder of --csv {}", folder.display());
        refuse_foreign_files(folder)?;
        let partial = folder.join(format!(".partial-{}", std::process::id()));
        if partial.exists() {
            fs::remove_dir_all(&partial).with_context(cannot)?;
        }
        fs::create_dir_all(&partial).with_context(cannot)?;
        let partial = Unfinished::new(partial);
        Ok(CsvFolder { folder: folder.to_owned(), partial })
    }

    /// Writes the tables of a run that is not published yet.
    ///
    /// # Errors
    /// When a table cannot be read, or its file cannot be written.
    pub(crate) fn write(&self, run: &RunFolder) -> Result<()> {
        refuse_foreign_files(&self.folder)?;
        for table in TABLES {
            let rows = RowGroups::open_all(run.path(&format!("{table}.parquet")))?;
            write_table(rows, &self.partial.path().join(table_file(table)))?;
        }
        let (name, heading) = DEFINITIONS_FILE;
        let definitions = DEFINITIONS.iter().map(|&(column, definition)| [column, definition]);
        write_texts(heading, definitions, &self.partial.path().join(name))
    }

    /// Makes the files visible, each in one step.
    ///
    /// # Errors
    /// When a file cannot be replaced.
    pub(crate) fn publish(self) -> Result<()> {
        for (name, _) in files() {
            let place = self.folder.join(&name);
            fs::rename(self.partial.path().join(&name), &place)
                .with_context(|| format!("cannot replace {}", place.display()))?;
        }
        Ok(())
    }
}

fn table_file(table: &str) -> String {
    format!("{table}.csv")
}

/// The name of each file, and how it begins.
fn files() -> impl Iterator<Item = (String, String)> {
    let (definitions, heading) = DEFINITIONS_FILE;
    let tables = TABLES.iter().map(|table| (table_file(table), TABLE_HEADING.to_owned()));
    tables.chain([(definitions.to_owned(), heading.join(","))])
}

fn refuse_foreign_files(folder: &Path) -> Result<()> {
    for (name, heading) in files() {
        let path = folder.join(name);
        let is_ours = is_absent_or_begins_with(&path, heading.as_bytes())
            .with_context(|| format!("cannot look at {}", path.display()))?;
        ensure!(
            is_ours,
            "{} is not from an earlier run and is left as it is: choose another folder for --csv",
            path.display()
        );
    }
    Ok(())
}

fn is_absent_or_begins_with(path: &Path, heading: &[u8]) -> std::io::Result<bool> {
    let is_file = match path.symlink_metadata() {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(true),
        metadata => metadata?.is_file(),
    };
    if !is_file {
        return Ok(false);
    }
    let mut begin = Vec::new();
    File::open(path)?.take(heading.len() as u64).read_to_end(&mut begin)?;
    Ok(begin == heading)
}
