//! Where the outputs go: a run's own folder, made visible by one step at the end.
//!
//! Invariant: readers see all files of one run or none. `<out>/latest.json` names the last
//! complete run. In a folder `<out>/latest` leads there too, and `<out>/tasks.parquet` and its
//! neighbours lead through it. A run's folder is named after the hash of its receipt, so the same
//! outputs are the same folder. What goes to S3 is written on this machine first.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use polars::prelude::{
    ArrowDataType, ArrowField, ArrowSchema, CompatLevel, DataFrame, PolarsResult,
};
use polars_arrow::array::Array;
use polars_arrow::record_batch::RecordBatchT;
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, SchemaDescriptor, StatisticsOptions, Version,
    WriteOptions, ZstdLevel, get_dtype_encoding, row_group_iter, to_parquet_schema,
};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::columns::Table;
use crate::hashed::hex;
use crate::location::Location;
use crate::out_bucket::OutBucket;
use crate::s3::S3;

/// A row group is written when this many rows are there. Larger ones
/// take fresh memory to write, which is slow.
const ROW_GROUP_ROWS: usize = 1 << 15;

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
                let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
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
    pub fn file(&self, name: &str) -> Result<BufWriter<File>> {
        let path = self.partial.join(name);
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(BufWriter::new(file))
    }

    /// What a file of the run came to, once it is complete.
    ///
    /// # Errors
    /// When it cannot be read back.
    pub fn describe(&self, name: &str, rows: u64) -> Result<OutputFile> {
        let path = self.partial.join(name);
        let mut hasher = Sha256::new();
        let bytes = File::open(&path)
            .and_then(|mut file| io::copy(&mut file, &mut hasher))
            .with_context(|| format!("cannot read back {}", path.display()))?;
        Ok(OutputFile { name: name.to_owned(), bytes, rows, sha256: hex(&hasher.finalize()) })
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

/// A Parquet file that grows part by part.
///
/// The encodings are our own choice: delta for numbers and times, none for ids of tasks, which
/// hardly repeat, dictionaries for all other texts. A column chunk is one page, because Polars
/// (0.55) multiplies the null count of dictionary columns by the number of pages, and readers
/// that prune by statistics would lose rows.
pub struct TableFile<T> {
    file: ParquetFile,
    pending: T,
}

struct ParquetFile {
    name: &'static str,
    writer: FileWriter<BufWriter<File>>,
    schema: Arc<ArrowSchema>,
    parquet_schema: SchemaDescriptor,
    encodings: Vec<Vec<Encoding>>,
    rows: u64,
}

fn write_options() -> PolarsResult<WriteOptions> {
    let statistics = StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: Some(64),
    };
    // The fastest level: the default one takes twice the time for files of about the same size.
    let compression = CompressionOptions::Zstd(Some(ZstdLevel::try_new(1)?));
    let (version, data_page_size) = (Version::V1, Some(1 << 30));
    Ok(WriteOptions { statistics, version, compression, data_page_size })
}

/// Plain strings and lists, which every reader of Parquet understands.
const ARROW: CompatLevel = CompatLevel::oldest();

impl<T: Table> TableFile<T> {
    /// A file without rows yet.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn create(folder: &RunFolder, name: &'static str) -> Result<TableFile<T>> {
        let file = ParquetFile::create(folder, name, &T::default().into_arrays()?)?;
        Ok(TableFile { file, pending: T::default() })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn push(&mut self, rows: T) -> Result<()> {
        self.pending.append(rows);
        if self.pending.height() >= ROW_GROUP_ROWS {
            self.write_row_group()?;
        }
        Ok(())
    }

    fn write_row_group(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.pending);
        let height = rows.height();
        let arrays = rows.into_arrays()?.into_iter().map(|(_, array)| array).collect();
        self.file.write(height, arrays)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn finish(mut self, folder: &RunFolder) -> Result<OutputFile> {
        if self.pending.height() > 0 {
            self.write_row_group()?;
        }
        self.file.finish(folder)
    }
}

/// Writes a frame as a Parquet file.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write_frame(
    folder: &RunFolder,
    name: &'static str,
    frame: &DataFrame,
) -> Result<OutputFile> {
    let columns: Vec<_> = frame
        .columns()
        .iter()
        .map(|column| (column.name().as_str(), column.clone().rechunk_to_arrow(ARROW)))
        .collect();
    let mut file = ParquetFile::create(folder, name, &columns)?;
    if frame.height() > 0 {
        file.write(frame.height(), columns.into_iter().map(|(_, array)| array).collect())?;
    }
    file.finish(folder)
}

impl ParquetFile {
    fn create(
        folder: &RunFolder,
        name: &'static str,
        columns: &[(&str, Box<dyn Array>)],
    ) -> Result<ParquetFile> {
        let field = |(name, array): &(&str, Box<dyn Array>)| {
            ArrowField::new((*name).into(), array.dtype().clone(), true)
        };
        let schema: ArrowSchema = columns.iter().map(field).collect();
        let parquet_schema = to_parquet_schema(&schema)?;
        let encodings = schema.iter_values().map(encodings_of).collect();
        let writer = FileWriter::try_new(folder.file(name)?, schema.clone(), write_options()?)?;
        let schema = Arc::new(schema);
        Ok(ParquetFile { name, writer, schema, parquet_schema, encodings, rows: 0 })
    }

    fn write(&mut self, height: usize, arrays: Vec<Box<dyn Array>>) -> Result<()> {
        let rows = RecordBatchT::try_new(height, Arc::clone(&self.schema), arrays)?;
        let encodings = self.encodings.clone().into();
        let fields = self.parquet_schema.fields().to_vec();
        let columns = row_group_iter(rows, encodings, fields, write_options()?);
        self.writer
            .write(height as u64, columns)
            .with_context(|| format!("cannot write {}", self.name))?;
        self.rows += height as u64;
        Ok(())
    }

    fn finish(mut self, folder: &RunFolder) -> Result<OutputFile> {
        let cannot = || format!("cannot write {}", self.name);
        self.writer.end(Some(Vec::new())).with_context(cannot)?;
        self.writer.into_inner().flush().with_context(cannot)?;
        folder.describe(self.name, self.rows)
    }
}

fn encodings_of(field: &ArrowField) -> Vec<Encoding> {
    let dtype = field.dtype();
    let is_number = matches!(
        dtype,
        ArrowDataType::Int64 | ArrowDataType::UInt32 | ArrowDataType::Timestamp(..)
    );
    if is_number {
        vec![Encoding::DeltaBinaryPacked]
    } else if field.name == "task_id" {
        vec![Encoding::Plain]
    } else {
        get_dtype_encoding(dtype)
    }
}
