//! The batch job from end to end: archives in, tables, receipt and terminal text out.
#![allow(missing_docs, unreachable_pub, reason = "a test binary has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]
#![allow(clippy::wildcard_enum_match_arm, reason = "the tables have few of the many types")]

mod agents;
mod bad_input;
mod clocks;
mod command_line;
mod csv;
mod damage;
mod determinism;
mod field_cases;
mod formats;
mod gaps;
mod job;
mod lambda;
mod long_lines;
mod metrics;
mod own_format;
mod read_days;
mod report;
mod runtime_api;
mod s3;
mod store;
mod truth;
mod verify;
