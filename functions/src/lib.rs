//! The Lambda functions, one module and one binary each, and what they share.
//!
//! A webhook goes through [`ingest_webhook`]: it is verified, parsed, stored in the
//! [`task_table`] by the write protocol of [`transition`], and answered. [`archive_events`] takes
//! what is new in the table to the archive, and [`serve_wallboard`] shows what is live.
//! [`watch_subscriptions`] sees to it that Webex keeps sending.

pub mod archive_events;
pub mod bucket;
pub mod callback_signal;
pub mod config;
mod error_chain;
pub mod gap;
pub mod ingest_webhook;
pub mod log_lines;
pub mod metrics;
pub mod outcome;
mod pulse_count;
pub mod secret_store;
pub mod serve_wallboard;
pub mod spent;
mod stream_record;
pub mod subscriptions;
pub mod task_table;
pub mod transition;
pub mod watch_subscriptions;
