//! The log: a JSON object a line on standard output, from INFO on.
//!
//! Invariant: the level is not an option. The runtime's own choice of levels by text brings an
//! engine for regular expressions, which is a twentieth of what Lambda has to load.

use lambda_runtime::tracing::{Level, subscriber};

/// Has everything logged from now on. Lambda adds the time.
pub fn start() {
    let lines = subscriber::fmt().json().with_max_level(Level::INFO);
    lines.with_target(false).without_time().init();
}
