//! CloudWatch metrics of the functions, as log lines in the embedded metric format.
//!
//! Invariant: a line holds counts, units and durations beside the function's name, and no body,
//! secret or phone number of a delivery.

use std::fmt;
use std::io::{self, Write};

use serde_json::{Map, Value, json};
use task_timeline::EpochMs;

use crate::archive_events::BatchSummary;
use crate::ingest_webhook::summary::DeliverySummary;
use crate::store::spent::Spent;
use crate::watch_subscriptions::WatchSummary;

/// The namespace in CloudWatch.
pub const NAMESPACE: &str = "Trueline";

/// The metrics of one invocation.
#[derive(Clone, Debug)]
pub struct MetricsLine(Map<String, Value>);

/// Name, CloudWatch's unit, value.
type Metric = (&'static str, &'static str, Value);

impl MetricsLine {
    /// Metrics of a delivery: its outcome as a count, whether it is a webhook that was taken, and
    /// what it cost. Silence shows in `webhooks`: neither refusals nor signals from flows break it.
    pub fn from_delivery(summary: &DeliverySummary) -> MetricsLine {
        let own = [
            (summary.outcome.name(), "Count", 1.into()),
            ("webhooks", "Count", u8::from(summary.is_webhook_taken()).into()),
            ("duration_ms", "Milliseconds", summary.duration_ms.into()),
        ];
        MetricsLine::new(
            "ingest-webhook",
            summary.arrived_at,
            own.into_iter().chain(cost(summary.spent)),
        )
    }

    /// Metrics of a batch that came at `at`.
    pub fn from_batch(summary: &BatchSummary, at: EpochMs) -> MetricsLine {
        let own = [
            ("archived", "Count", summary.archived.into()),
            ("objects", "Count", summary.objects.into()),
            ("quarantined", "Count", summary.quarantined.into()),
            ("settled", "Count", summary.settled.into()),
            ("replayed", "Count", summary.replayed.into()),
            ("spill_left", "Count", summary.spill_left.into()),
            ("errors", "Count", summary.errors.len().into()),
            ("duration_ms", "Milliseconds", summary.duration_ms.into()),
        ];
        MetricsLine::new("archive-events", at, own.into_iter().chain(cost(summary.spent)))
    }

    /// Metrics of a check of the subscriptions at `at`.
    pub fn from_watch(summary: &WatchSummary, at: EpochMs) -> MetricsLine {
        let own = [
            ("active", "Count", summary.active.into()),
            ("inactive", "Count", summary.inactive.into()),
            ("reactivated", "Count", summary.reactivated.into()),
            ("uncovered", "Count", summary.uncovered.into()),
            ("failed", "Count", u32::from(summary.failed).into()),
            ("newest_event_age_s", "Seconds", summary.newest_event_age_s.into()),
        ];
        MetricsLine::new("watch-subscriptions", at, own.into_iter())
    }

    /// Zeros are left out: they change no sum, and logs are paid for by the byte.
    fn new(
        function: &'static str,
        at: EpochMs,
        metrics: impl Iterator<Item = Metric>,
    ) -> MetricsLine {
        let mut line = Map::from_iter([("function".to_owned(), function.into())]);
        let mut described = Vec::new();
        for (name, unit, value) in metrics.filter(|(.., value)| value.as_f64() != Some(0.0)) {
            described.push(json!({ "Name": name, "Unit": unit }));
            line.insert(name.to_owned(), value);
        }
        let directive =
            json!({ "Namespace": NAMESPACE, "Dimensions": [["function"]], "Metrics": described });
        let header = json!({ "Timestamp": at.0, "CloudWatchMetrics": [directive] });
        line.insert("_aws".to_owned(), header);
        MetricsLine(line)
    }

    /// Writes the line to standard output, where CloudWatch looks for it.
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

fn cost(spent: Spent) -> [Metric; 4] {
    [
        ("conflicts", "Count", spent.failed_conditions.into()),
        ("read_units", "Count", spent.read_units.into()),
        ("write_units", "Count", spent.write_units.into()),
        ("index_write_units", "Count", spent.index_write_units.into()),
    ]
}

#[cfg(test)]
mod tests {
    use webhook::Refusal;

    use super::*;
    use crate::ingest_webhook::outcome::DeliveryOutcome;
    use crate::store::transition::Transition;

    /// A line as CloudWatch reads it: each metric that it describes, with its value.
    fn read(metrics: &MetricsLine) -> (Value, Vec<(String, f64)>) {
        let line: Value = serde_json::from_str(&metrics.to_string()).unwrap();
        let described = line["_aws"]["CloudWatchMetrics"][0]["Metrics"].as_array().unwrap();
        let named = described.iter().map(|metric| metric["Name"].as_str().unwrap().to_owned());
        let values = named.map(|name| (name.clone(), line[&name].as_f64().unwrap())).collect();
        (line, values)
    }

    #[test]
    fn a_delivery_counts_under_its_outcome() {
        let mut summary = DeliverySummary::new(EpochMs(1_665_772_443_000));
        summary.outcome = DeliveryOutcome::Stored(Transition::Late);
        summary.spent = Spent { read_units: 1.5, write_units: 2.0, ..Spent::default() };
        summary.duration_ms = 12.5;
        let (line, values) = read(&MetricsLine::from_delivery(&summary));
        assert_eq!(line["function"], "ingest-webhook");
        assert_eq!(line["_aws"]["Timestamp"], 1_665_772_443_000_i64);
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], NAMESPACE);
        let expected = [
            ("late", 1.0),
            ("webhooks", 1.0),
            ("duration_ms", 12.5),
            ("read_units", 1.5),
            ("write_units", 2.0),
        ];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn neither_refusals_nor_signals_break_the_silence() {
        let webhooks = |outcome, event_type: Option<&str>| {
            let mut summary = DeliverySummary::new(EpochMs(0));
            (summary.outcome, summary.event_type) = (outcome, event_type.map(str::to_owned));
            let (_, values) = read(&MetricsLine::from_delivery(&summary));
            values.iter().any(|(name, _)| name == "webhooks")
        };
        let stored = || DeliveryOutcome::Stored(Transition::Applied);
        assert!(webhooks(stored(), Some("task:new")));
        assert!(webhooks(DeliveryOutcome::Spilled, Some("task:new")));
        assert!(webhooks(DeliveryOutcome::Quarantined, None));
        assert!(!webhooks(stored(), Some("trueline:callback-requested")));
        assert!(!webhooks(DeliveryOutcome::Refused(Refusal::Forged), None));
        assert!(!webhooks(DeliveryOutcome::Unavailable, Some("task:new")));
    }

    #[test]
    fn a_batch_counts_what_it_did_and_what_failed() {
        let errors = vec!["S3 did not write the archive".to_owned()];
        let summary = BatchSummary {
            archived: 7,
            settled: 1,
            spill_left: 2,
            errors,
            ..BatchSummary::default()
        };
        let (line, values) = read(&MetricsLine::from_batch(&summary, EpochMs(0)));
        assert_eq!(line["function"], "archive-events");
        let expected = [("archived", 7.0), ("settled", 1.0), ("spill_left", 2.0), ("errors", 1.0)];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value)));
    }
}
