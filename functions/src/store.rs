//! Where events and states are kept: the DynamoDB table, the bucket, and the write protocol.
//!
//! [`task_table`] holds every key and every conditional write, [`transition`] is the protocol that
//! stores an event and moves its task, [`undated`] gives a signal its time before that, [`bucket`] is
//! everything in S3.

pub mod bucket;
pub mod retention;
pub mod spent;
pub mod task_table;
pub mod transition;
pub mod undated;
