//! The operator's commands against a fake of Webex and of Secrets Manager, over HTTP.
//!
//! Invariant: the fakes know nothing of the commands; they answer as the public descriptions say.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod check;
mod erase;
mod errors;
mod rotate;
mod sdk;
mod secrets_manager;
mod subscribe;
mod webex;
