//! The Lambda functions, a folder and a binary each, and the store that they share.
//!
//! A webhook goes through [`ingest_webhook`]: it is verified, parsed, stored by the write protocol
//! of [`store`], and answered. [`archive_events`] copies what is new in the table to the archive,
//! and [`serve_wallboard`] shows what is live. [`watch_subscriptions`] makes sure that Webex keeps
//! sending.

pub mod archive_events;
pub mod config;
mod error_chain;
pub mod ingest_webhook;
pub mod log_lines;
pub mod metrics;
pub mod secrets_manager;
pub mod serve_wallboard;
pub mod store;
pub mod watch_subscriptions;
