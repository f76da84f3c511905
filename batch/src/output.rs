//! From timelines to files: tables, metrics, and the folder of a run.
//!
//! [`tables`] lists every column once, [`columns`] hold them, [`table_file`] writes them as Parquet,
//! [`metrics`] counts visits with Polars, [`receipt`] says what was done, and [`run_folder`] makes
//! a run visible in one step.

pub mod columns;
pub mod metrics;
mod out_bucket;
mod out_folder;
pub mod output_file;
pub(crate) mod outputs;
pub(crate) mod pointer;
pub mod receipt;
pub mod run_folder;
pub mod table_file;
pub mod tables;
