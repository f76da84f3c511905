//! The metrics of a run, as a log line in CloudWatch's embedded metric format.
//!
//! Invariant: a line holds counts and durations, under the namespace and the dimension that the
//! other functions use.

#![allow(clippy::print_stdout, reason = "CloudWatch looks for metrics on standard output")]

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::Answer;

/// Prints the line of a run that began at `began` and took `took`.
pub(super) fn print(answer: &Answer, took: SignedDuration, began: Timestamp) {
    println!("{}", line(answer, took, began));
}

/// Zeros are written too, so that "no metric" means "no run".
fn line(answer: &Answer, took: SignedDuration, began: Timestamp) -> Value {
    let rejected = answer.rejected_lines + answer.rejected_files;
    let metrics = [
        ("rebuilt", "Count", json!(1)),
        ("tasks", "Count", json!(answer.tasks)),
        ("events", "Count", json!(answer.events)),
        ("rejected", "Count", json!(rejected)),
        ("duration_ms", "Milliseconds", json!(took.as_millis_f64())),
    ];
    let mut line = Map::from_iter([("function".to_owned(), env!("CARGO_PKG_NAME").into())]);
    let mut described = Vec::new();
    for (name, unit, value) in metrics {
        described.push(json!({ "Name": name, "Unit": unit }));
        line.insert(name.to_owned(), value);
    }
    let directive =
        json!({ "Namespace": "Trueline", "Dimensions": [["function"]], "Metrics": described });
    let header = json!({ "Timestamp": began.as_millisecond(), "CloudWatchMetrics": [directive] });
    line.insert("_aws".to_owned(), header);
    Value::Object(line)
}
