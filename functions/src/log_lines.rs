//! The log: a JSON object a line on standard output, from INFO on.
//!
//! Invariant: the level is not an option. The runtime's own filter, which reads levels from text,
//! needs an engine for regular expressions, a twentieth of what Lambda has to load.

use lambda_runtime::tracing::{Level, subscriber};

/// Starts logging. Lambda adds the time.
pub fn start() {
    let lines = subscriber::fmt().json().with_max_level(Level::INFO);
    lines.with_target(false).without_time().init();
}
