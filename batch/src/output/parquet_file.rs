//! Parquet files: how columns are encoded, and row groups that are written one after the other.
//!
//! Invariant: the bytes depend on the rows and on how they are cut into groups, and on nothing else.

use std::sync::Arc;

use anyhow::{Context, Result};
use polars::prelude::{ArrowDataType, ArrowField, ArrowSchema, PolarsError, PolarsResult};
use polars_arrow::array::Array;
use polars_parquet::write::{
    CompressedPage, CompressionOptions, DynIter, DynStreamingIterator, Encoding, FileWriter,
    ParquetType, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator, get_dtype_encoding, to_parquet_schema,
};

use crate::output::output_file::{NewFile, OutputFile};
use crate::output::run_folder::RunFolder;

/// A Parquet file that is being written.
///
/// The encodings: delta for numbers and times, plain for ids of tasks where they do not repeat,
/// dictionaries for all other texts. A column chunk is one page, because Polars
/// (0.55) multiplies the null count of dictionary columns by the number of pages, and readers
/// that prune by statistics would lose rows.
pub(crate) struct ParquetFile {
    writer: FileWriter<NewFile>,
    layout: Arc<Layout>,
    rows: u64,
}

/// What a worker needs to encode rows.
pub(crate) struct Layout {
    name: &'static str,
    columns: Vec<Column>,
}

/// How a column is stored in a file.
struct Column {
    parquet_type: ParquetType,
    encodings: Vec<Encoding>,
    compression: CompressionOptions,
}

/// Rows as they are stored in a file.
pub(crate) struct RowGroup {
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

impl Layout {
    /// Encodes the columns of a row group.
    pub(crate) fn encode(
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
    /// Creates a file with these columns, of which only the types matter.
    pub(crate) fn create(
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

    /// What is needed to encode rows for this file.
    pub(crate) fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// Writes a row group.
    pub(crate) fn write(&mut self, group: &RowGroup) -> Result<()> {
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

    /// Writes the footer.
    pub(crate) fn finish(mut self) -> Result<OutputFile> {
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

/// Delta-encoded times are already small: compressing them takes time and gains nothing.
fn compression_of(field: &ArrowField, compression: CompressionOptions) -> CompressionOptions {
    let is_time = matches!(field.dtype(), ArrowDataType::Timestamp(..));
    if is_time { CompressionOptions::Uncompressed } else { compression }
}
