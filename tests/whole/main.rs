//! Trueline as a whole: real clients, the embedded DynamoDB and S3, the functions' own code.
//!
//! A test has its own stack in its own folder, so tests neither wait for each other nor meet.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test a panic is the message")]

mod budget;
mod connections;
mod faults;
mod ids;
mod live_path;
mod local_stack;
mod one_fold;
mod operator;
mod privacy;
mod refusals;
mod repeats;
mod secrets_file;
mod signals;
mod stack;
mod stories;
mod traffic;
mod unreliable;
mod wallboard;
