//! Trueline as a whole: real clients, the embedded DynamoDB and S3, the functions' own code.
//!
//! A test has its own stack in its own folder, so tests neither wait for each other nor meet.

mod local_stack;
mod stack;
