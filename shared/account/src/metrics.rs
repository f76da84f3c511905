//! CloudWatch metrics as log lines in the embedded metric format.
//!
//! Invariant: a line holds counts, units and durations beside the function's name, and nothing else.

use std::fmt;
use std::io::{self, Write};

use serde_json::{Map, Value, json};
use task_timeline::EpochMs;

/// The namespace in CloudWatch.
pub const NAMESPACE: &str = "Trueline";

/// Name, CloudWatch's unit, value.
pub type Metric = (&'static str, &'static str, Value);

/// The metrics of one invocation.
#[derive(Clone, Debug)]
pub struct MetricsLine(Map<String, Value>);

impl MetricsLine {
    /// The metrics of a function at `at`.
    pub fn new(
        function: &'static str,
        at: EpochMs,
        metrics: impl IntoIterator<Item = Metric>,
    ) -> MetricsLine {
        let mut line = Map::from_iter([("function".to_owned(), function.into())]);
        let mut described = Vec::new();
        for (name, unit, value) in metrics {
            described.push(json!({ "Name": name, "Unit": unit }));
            line.insert(name.to_owned(), value);
        }
        let directive =
            json!({ "Namespace": NAMESPACE, "Dimensions": [["function"]], "Metrics": described });
        let header = json!({ "Timestamp": at.0, "CloudWatchMetrics": [directive] });
        line.insert("_aws".to_owned(), header);
        MetricsLine(line)
    }

    /// Writes the line to standard output, where CloudWatch looks for it. Nothing fails because a
    /// metric is lost.
    pub fn print(&self) {
        if let Err(error) = writeln!(io::stdout().lock(), "{self}") {
            tracing::error!(%error, "metrics are lost");
        }
    }
}

impl fmt::Display for MetricsLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&json!(self.0).to_string())
    }
}
