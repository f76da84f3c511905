//! Whether archives are as they were written, and their columns what their bodies say.
//!
//! Invariant: every archive is read whole, and every file is counted or named.

use std::fmt::Write as _;
use std::io::{BufRead, Read};

use anyhow::{Error, Result, ensure};
use event_archive::{Archive, Difference, Mismatch};
use rayon::iter::{ParallelBridge, ParallelIterator};

use crate::hashed::decoded;
use crate::input::listing::{InputFile, list};
use crate::location::Location;
use crate::s3::S3;
use crate::summary::{SHOWN, grouped};

/// What was verified, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// The archives that were read.
    pub archives: u64,
    /// Their rows.
    pub rows: u64,
    /// The archives without a checksum, in which not all damage is noticed.
    pub without_checksum: u64,
    /// Rows whose body was erased, so that it no longer gives their identity.
    pub erased: u64,
    /// The files that are no archives.
    pub others: Vec<String>,
    /// What is wrong: the name of a file, a row if it is one, and why.
    pub wrong: Vec<String>,
}

/// Verifies every archive at a place. A row whose body contains `erased` need not have the identity
/// that its body gives.
///
/// # Errors
/// When the place cannot be listed, or has no archives.
pub fn verify(place: &Location, erased: &str, s3: &S3) -> Result<Verified> {
    // In the order of the list, in which objects are fetched ahead.
    let files = list(place, s3)?.into_iter().enumerate().par_bridge();
    let mut of_files: Vec<(usize, Verified)> =
        files.map(|(number, file)| (number, verify_file(&file, erased))).collect();
    of_files.sort_unstable_by_key(|(number, _)| *number);
    let mut all = Verified::default();
    of_files.into_iter().for_each(|(_, of_file)| all.add(of_file));
    let has_any = all.archives > 0 || !all.wrong.is_empty();
    ensure!(has_any, "there are no archives of Trueline in {place}");
    Ok(all)
}

fn verify_file(file: &InputFile, erased: &str) -> Verified {
    let mut verified = Verified::default();
    if let Err(error) = verified.read(file, erased) {
        verified.wrong.push(format!("{}: {error:#}", file.name));
    }
    verified
}

impl Verified {
    /// What is printed, 80 columns wide but for names.
    pub fn text(&self) -> String {
        let others = self.others.len() as u64;
        let mut out = String::new();
        for (left, left_count, right, right_count) in [
            ("archives", self.archives, "rows", self.rows),
            ("without checksum", self.without_checksum, "erased bodies", self.erased),
            ("other files", others, "wrong", self.wrong.len() as u64),
        ] {
            let (left_count, right_count) = (grouped(left_count), grouped(right_count));
            let _infallible =
                writeln!(out, "{left:<18}{left_count:>16}      {right:<18}{right_count:>16}");
        }
        for name in self.others.iter().take(SHOWN) {
            let _infallible = writeln!(out, "not verified: {name} is no archive");
        }
        for wrong in &self.wrong {
            let _infallible = writeln!(out, "wrong: {wrong}");
        }
        out
    }

    fn read(&mut self, file: &InputFile, erased: &str) -> Result<()> {
        let mut reader = decoded(file.open()?)?;
        if !reader.fill_buf()?.starts_with(Archive::MAGIC) {
            let is_named_so = file.name.to_ascii_lowercase().ends_with(".parquet");
            ensure!(!is_named_so, "it does not begin as an archive does");
            self.others.push(file.name.clone());
            return Ok(());
        }
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        let archive = Archive::open(bytes)?;
        self.archives += 1;
        self.without_checksum += u64::from(!archive.has_checksum());
        for group in 0..archive.groups() {
            for difference in archive.differences(group)? {
                self.take(&file.name, difference, erased);
            }
            self.rows += archive.rows(group) as u64;
        }
        Ok(())
    }

    /// Rows of the file have been counted up to this group.
    fn take(&mut self, file: &str, difference: Difference, erased: &str) {
        let Difference { row, body, mismatch } = difference;
        match &mismatch {
            Mismatch::Columns(columns) if *columns == ["identity"] && body.contains(erased) => {
                self.erased += 1;
            }
            Mismatch::Columns(_) | Mismatch::Body(_) => {
                let row = self.rows + row as u64 + 1;
                self.wrong.push(format!("{file}:{row} {:#}", Error::new(mismatch)));
            }
        }
    }

    fn add(&mut self, other: Verified) {
        self.archives += other.archives;
        self.rows += other.rows;
        self.without_checksum += other.without_checksum;
        self.erased += other.erased;
        self.others.extend(other.others);
        self.wrong.extend(other.wrong);
    }
}
