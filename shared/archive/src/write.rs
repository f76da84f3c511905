//! Events in, the bytes of a file out.
//!
//! Invariant: the same events in the same order give the same bytes, so that a batch that
//! is written again replaces itself.

use std::error::Error;
use std::sync::Arc;

use polars_arrow::datatypes::ArrowSchema;
use polars_arrow::record_batch::RecordBatchT;
use polars_buffer::Buffer;
use polars_parquet::write::{
    CompressionOptions, FileWriter, KeyValue, StatisticsOptions, Version, WriteOptions,
    row_group_iter, to_parquet_schema,
};
use thiserror::Error;

use crate::archived_event::ArchivedEvent;
use crate::columns::{COLUMNS, COLUMNS_VERSION, Column, VERSION_KEY};
use crate::seal::sealed;

/// How many rows a row group has at most. A reader holds the columns of one of them in memory.
const ROW_GROUP_ROWS: usize = 1 << 16;

/// A column chunk is one page, because Polars (0.55) multiplies the null count of dictionary
/// columns by the number of pages, and readers that prune by statistics would lose rows.
const OPTIONS: WriteOptions = WriteOptions {
    statistics: StatisticsOptions {
        min_value: true,
        max_value: true,
        distinct_count: false,
        null_count: true,
        binary_statistics_truncate_length: Some(64),
    },
    version: Version::V1,
    compression: CompressionOptions::Zstd(None),
    data_page_size: Some(1 << 30),
};

/// Why events could not be written: a bug, for there is no I/O.
#[derive(Debug, Error)]
#[error("the events cannot be put into Parquet")]
pub struct WriteError(#[source] Box<dyn Error + Send + Sync>);

/// The bytes of a file that holds these events, in this order.
///
/// # Errors
/// When the Parquet writer fails: a bug, or no memory.
pub fn write(events: &[ArchivedEvent<'_>]) -> Result<Vec<u8>, WriteError> {
    let failed = |error| WriteError(Box::new(error));
    let schema: Arc<ArrowSchema> = Arc::new(COLUMNS.iter().map(Column::field).collect());
    let fields = to_parquet_schema(&schema).map_err(failed)?.fields().to_vec();
    let encodings: Buffer<_> = COLUMNS.iter().map(|column| vec![column.encoding()]).collect();
    let mut file = FileWriter::try_new(Vec::new(), (*schema).clone(), OPTIONS).map_err(failed)?;
    for events in events.chunks(ROW_GROUP_ROWS) {
        let arrays = COLUMNS.iter().map(|column| column.array(events)).collect();
        let rows = RecordBatchT::new(events.len(), schema.clone(), arrays);
        let group = row_group_iter(rows, encodings.clone(), fields.clone(), OPTIONS);
        file.write(events.len() as u64, group).map_err(failed)?;
    }
    let version = KeyValue::new(VERSION_KEY.to_owned(), COLUMNS_VERSION.to_owned());
    file.end(Some(vec![version])).map_err(failed)?;
    let (written, footer) = file.into_inner_and_metadata();
    sealed(&written, footer).map_err(WriteError)
}
