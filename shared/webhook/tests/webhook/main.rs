//! What the crate promises: it reads every recorded body, names bad input and refuses forgeries.
#![allow(missing_docs, unreachable_pub, reason = "nobody uses a test binary as a library")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod mutations;
mod properties;
mod signature;
mod webhooks;
