//! From timelines to files: tables, metrics, and the folder of a run.
//!
//! [`tables`] and [`agent_tables`] list every column once, [`columns`] hold them, [`table_file`] writes them as Parquet,
//! and `outputs` keeps these together. [`receipt`] says what was done and what the figures mean
//! ([`definitions`]), and [`run_folder`] makes a run visible in one step. `csv_folder` reads the tables
//! back and writes them as CSV.

pub mod agent_tables;
pub mod columns;
mod csv_file;
pub(crate) mod csv_folder;
pub mod definitions;
mod out_bucket;
mod out_folder;
pub mod output_file;
pub(crate) mod outputs;
mod parquet_file;
pub(crate) mod pointer;
pub mod receipt;
pub(crate) mod row_groups;
pub mod run_folder;
pub mod table;
pub mod table_file;
pub mod tables;
pub(crate) mod unfinished;
