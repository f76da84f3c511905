//! The metrics of a run, as CloudWatch reads them.

use aws_account::metrics::MetricsLine;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use task_timeline::EpochMs;

use super::Answer;

/// The line of a run that began at `began` and took `took`. Zeros are written too, so that
/// "no metric" means "no run".
pub(super) fn metrics_line(answer: &Answer, took: SignedDuration, began: Timestamp) -> MetricsLine {
    let rejected = answer.rejected_lines + answer.rejected_files;
    let metrics = [
        ("rebuilt", "Count", json!(1)),
        ("tasks", "Count", json!(answer.tasks)),
        ("events", "Count", json!(answer.events)),
        ("rejected", "Count", json!(rejected)),
        ("duration_ms", "Milliseconds", json!(took.as_millis_f64())),
    ];
    MetricsLine::new(env!("CARGO_PKG_NAME"), EpochMs(began.as_millisecond()), metrics)
}
