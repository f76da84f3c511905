//! What the crate promises: every recorded body is read, bad input is named, forgeries are refused.
#![allow(missing_docs, unreachable_pub, reason = "a test binary has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod mutations;
mod properties;
mod signature;
mod webhooks;
