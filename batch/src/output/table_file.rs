//! Parquet files that grow part by part.
//!
//! Invariant: rows are in the file in the order in which they were pushed, in the same row
//! groups, whoever encoded them. Workers encode and compress; one thread writes.

use std::collections::VecDeque;
use std::sync::Arc;

use anyhow::{Context, Result};
use polars::prelude::{
    ArrowDataType, ArrowField, ArrowSchema, CompatLevel, DataFrame, PolarsError, PolarsResult,
};
use polars_arrow::array::Array;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator, get_dtype_encoding, to_parquet_schema,
};
use rayon::ScopeFifo;

use crate::output::columns::Table;
use crate::output::output_file::{NewFile, OutputFile};
use crate::output::run_folder::RunFolder;
use crate::pending::Pending;

/// A row group is written when this many rows are there. Larger ones
/// take fresh memory to write, which is slow.
const ROW_GROUP_ROWS: usize = 1 << 15;

/// A Parquet file that grows part by part.
///
/// The encodings are our own choice: delta for numbers and times, none for ids of tasks where they
/// do not repeat, dictionaries for all other texts. A column chunk is one page, because Polars
/// (0.55) multiplies the null count of dictionary columns by the number of pages, and readers
/// that prune by statistics would lose rows.
pub struct TableFile<T> {
    file: ParquetFile,
    pending: Vec<T>,
    pending_rows: usize,
    encoded: VecDeque<Pending<Result<RowGroup>>>,
}

struct ParquetFile {
    writer: FileWriter<NewFile>,
    layout: Arc<Layout>,
    rows: u64,
}

/// What a worker must know to encode rows.
struct Layout {
    name: &'static str,
    columns: Vec<Column>,
}

/// How a column stands in a file.
struct Column {
    parquet_type: ParquetType,
    encodings: Vec<Encoding>,
    compression: CompressionOptions,
}

/// Rows as they stand in a file.
struct RowGroup {
    rows: u64,
    /// The pages of each column.
    columns: Vec<Vec<CompressedPage>>,
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

impl<T: Table + Send + 'static> TableFile<T> {
    /// A file without rows yet.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn create(folder: &RunFolder, name: &'static str) -> Result<TableFile<T>> {
        let file = ParquetFile::create(folder, name, &T::default().into_arrays()?)?;
        Ok(TableFile { file, pending: Vec::new(), pending_rows: 0, encoded: VecDeque::new() })
    }

    /// Adds rows, and writes those that the workers have encoded.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn push(&mut self, rows: T, workers: &ScopeFifo<'_>) -> Result<()> {
        self.pending_rows += rows.height();
        self.pending.push(rows);
        if self.pending_rows >= ROW_GROUP_ROWS {
            self.encode(workers);
        }
        while let Some(group) = self.encoded.front().and_then(Pending::if_done) {
            self.encoded.pop_front();
            self.file.write(&group?)?;
        }
        Ok(())
    }

    /// Has the workers encode what is left.
    pub fn complete(&mut self, workers: &ScopeFifo<'_>) {
        if self.pending_rows > 0 {
            self.encode(workers);
        }
    }

    fn encode(&mut self, workers: &ScopeFifo<'_>) {
        let parts = std::mem::take(&mut self.pending);
        self.pending_rows = 0;
        let layout = Arc::clone(&self.file.layout);
        self.encoded.push_back(Pending::spawn(workers, move || {
            let mut rows = T::default();
            parts.into_iter().for_each(|part| rows.append(part));
            let height = rows.height();
            layout.encode(height, rows.into_arrays()?.into_iter().map(|(_, array)| array))
        }));
    }

    /// Ends the file, which is complete.
    ///
    /// # Errors
    /// When the file cannot be written to.
    pub fn finish(mut self) -> Result<OutputFile> {
        for group in self.encoded {
            self.file.write(&group.wait()??)?;
        }
        self.file.finish()
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
        let arrays = columns.into_iter().map(|(_, array)| array);
        let group = file.layout.encode(frame.height(), arrays)?;
        file.write(&group)?;
    }
    file.finish()
}

impl Layout {
    fn encode(
        &self,
        height: usize,
        arrays: impl Iterator<Item = Box<dyn Array>>,
    ) -> Result<RowGroup> {
        let options = write_options()?;
        let mut columns = Vec::with_capacity(self.columns.len());
        for (array, column) in arrays.zip(&self.columns) {
            let Column { parquet_type, encodings, compression } = column;
            for pages in array_to_columns(array, parquet_type.clone(), options, encodings)? {
                let compressed = pages.map(|page| Ok(compress(page?, vec![], *compression)?));
                columns.push(compressed.collect::<PolarsResult<_>>()?);
            }
        }
        Ok(RowGroup { rows: height as u64, columns })
    }
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
        let types = to_parquet_schema(&schema)?.fields().to_vec();
        let options = write_options()?;
        let column = |(parquet_type, field): (_, &ArrowField)| Column {
            parquet_type,
            encodings: encodings_of(field),
            compression: compression_of(field, options.compression),
        };
        let columns = types.into_iter().zip(schema.iter_values()).map(column).collect();
        let writer = FileWriter::try_new(folder.file(name)?, schema, options)?;
        Ok(ParquetFile { writer, layout: Arc::new(Layout { name, columns }), rows: 0 })
    }

    fn write(&mut self, group: &RowGroup) -> Result<()> {
        let columns = group.columns.iter().map(|pages| {
            let pages = pages.iter().map(Ok::<_, PolarsError>);
            Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
        });
        self.writer
            .write(group.rows, DynIter::new(columns))
            .with_context(|| format!("cannot write {}", self.layout.name))?;
        self.rows += group.rows;
        Ok(())
    }

    fn finish(mut self) -> Result<OutputFile> {
        let cannot = || format!("cannot write {}", self.layout.name);
        self.writer.end(Some(Vec::new())).with_context(cannot)?;
        self.writer.into_inner().finish(self.rows)
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
    } else if field.name == "task_id" && *dtype == ArrowDataType::LargeUtf8 {
        vec![Encoding::Plain]
    } else {
        get_dtype_encoding(dtype)
    }
}

/// Times in deltas are as short as they get: compressing them takes time and gains nothing.
fn compression_of(field: &ArrowField, compression: CompressionOptions) -> CompressionOptions {
    let is_time = matches!(field.dtype(), ArrowDataType::Timestamp(..));
    if is_time { CompressionOptions::Uncompressed } else { compression }
}
