//! What CloudWatch counts of each function.
//!
//! Invariant: a line holds no body, secret or phone number of a delivery.

use aws_account::metrics::{Metric, MetricsLine};
use task_timeline::EpochMs;

use crate::archive_events::BatchSummary;
use crate::ingest_webhook::summary::DeliverySummary;
use crate::store::spent::Spent;
use crate::watch_subscriptions::WatchSummary;

/// Metrics of a delivery: its outcome as a count, whether it is a webhook that was taken, whether
/// it is dated in the future, and what it cost. Silence shows in `webhooks`: neither refusals nor
/// signals from flows break it.
pub fn of_delivery(summary: &DeliverySummary) -> MetricsLine {
    let own = [
        (summary.outcome.name(), "Count", 1.into()),
        ("webhooks", "Count", u8::from(summary.is_webhook_taken()).into()),
        ("clock_ahead", "Count", u8::from(summary.is_clock_ahead).into()),
        ("duration_ms", "Milliseconds", summary.duration_ms.into()),
    ];
    line("ingest-webhook", summary.arrived_at, own.into_iter().chain(cost(summary.spent)))
}

/// Metrics of a batch that came at `at`.
pub fn of_batch(summary: &BatchSummary, at: EpochMs) -> MetricsLine {
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
    line("archive-events", at, own.into_iter().chain(cost(summary.spent)))
}

/// Metrics of a check of the subscriptions at `at`.
pub fn of_watch(summary: &WatchSummary, at: EpochMs) -> MetricsLine {
    let own = [
        ("active", "Count", summary.active.into()),
        ("inactive", "Count", summary.inactive.into()),
        ("reactivated", "Count", summary.reactivated.into()),
        ("uncovered", "Count", summary.uncovered.into()),
        ("ending", "Count", summary.ending.into()),
        ("failed", "Count", u32::from(summary.failed).into()),
        ("newest_event_age_s", "Seconds", summary.newest_event_age_s.into()),
    ];
    line("watch-subscriptions", at, own.into_iter())
}

/// Zeros are left out: they change no sum, and logs are paid for by the byte.
fn line(function: &'static str, at: EpochMs, metrics: impl Iterator<Item = Metric>) -> MetricsLine {
    let counted = metrics.filter(|(.., value)| value.as_f64() != Some(0.0));
    MetricsLine::new(function, at, counted)
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
    use aws_account::metrics::NAMESPACE;
    use serde_json::Value;
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
        summary.is_clock_ahead = true;
        summary.spent = Spent { read_units: 1.5, write_units: 2.0, ..Spent::default() };
        summary.duration_ms = 12.5;
        let (line, values) = read(&of_delivery(&summary));
        assert_eq!(line["function"], "ingest-webhook");
        assert_eq!(line["_aws"]["Timestamp"], 1_665_772_443_000_i64);
        assert_eq!(line["_aws"]["CloudWatchMetrics"][0]["Namespace"], NAMESPACE);
        let expected = [
            ("late", 1.0),
            ("webhooks", 1.0),
            ("clock_ahead", 1.0),
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
            let (_, values) = read(&of_delivery(&summary));
            values.iter().any(|(name, _)| name == "webhooks")
        };
        let stored = || DeliveryOutcome::Stored(Transition::Applied);
        assert!(webhooks(stored(), Some("task:new")));
        assert!(webhooks(DeliveryOutcome::Spilled, Some("task:new")));
        assert!(webhooks(DeliveryOutcome::Quarantined, None));
        assert!(!webhooks(stored(), Some("trueline:callback-requested")));
        assert!(!webhooks(stored(), Some("trueline:callback-failed")));
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
        let (line, values) = read(&of_batch(&summary, EpochMs(0)));
        assert_eq!(line["function"], "archive-events");
        let expected = [("archived", 7.0), ("settled", 1.0), ("spill_left", 2.0), ("errors", 1.0)];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value)));
    }
}
