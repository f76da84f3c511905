//! What Trueline costs in a month, from what was measured and from prices.
//!
//! Invariant: everything that enters is written here or in `docs/prices.json`, and the table in
//! `docs/operations.md` is what this computes; a test says so.

use anyhow::{Context, Result};
use serde::Deserialize;

/// US dollars on demand in us-east-1, and where they can be looked up: the names are those of the
/// services' price pages.
pub const PRICES: &str = include_str!("../../../docs/prices.json");

/// Prices in US dollars.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say what is paid for what")]
pub struct Prices {
    pub writes_per_million: f64,
    pub reads_per_million: f64,
    pub table_gb_month: f64,
    pub table_backup_gb_month: f64,
    pub api_requests_per_million: f64,
    pub lambda_requests_per_million: f64,
    pub lambda_gb_second: f64,
    pub s3_put_per_thousand: f64,
    pub s3_get_per_thousand: f64,
    pub s3_gb_month: f64,
    pub logs_gb: f64,
    pub metric_month: f64,
    pub alarm_month: f64,
    pub secret_month: f64,
    pub key_month: f64,
}

impl Prices {
    /// Prices from JSON of the form of [`PRICES`].
    ///
    /// # Errors
    /// When one is missing or unknown.
    pub fn read(json: &str) -> Result<Prices> {
        serde_json::from_str(json).context("prices are JSON with the fields of docs/prices.json")
    }
}

/// Measured, BENCHMARKS.md "Ingest: what a webhook costs": units of a delivery.
const WRITES: f64 = 2.40 + 0.99;
/// Measured, as above, and what the stream's consumer reads of agents, at most.
const READS: f64 = 0.61 + 0.2;
/// Measured: an archived object of 1 event takes 7.4 kB, one of 400 takes 18 kB, and large ones
/// 95 bytes an event.
const OBJECT_BYTES: f64 = 7_400.0;
const EVENT_BYTES: f64 = 95.0;
/// By the format: an event's item, for 21 days, with what DynamoDB adds to each.
const ITEM_BYTES: f64 = 1_000.0;
const ITEM_DAYS: f64 = 21.0;
/// Assumed, not measured in AWS: how long ingest takes for a delivery, with 512 MiB.
const INGEST_S: f64 = 0.025;
const INGEST_GB: f64 = 0.5;
/// Assumed: a batch of the stream, with 512 MiB.
const BATCH_S: f64 = 0.3;
/// Assumed: the lines of a delivery, with its metrics and what Lambda and the API add.
const LOG_BYTES: f64 = 2_000.0;
/// By the template: days and memory of the rebuild.
const REBUILD_DAYS: f64 = 35.0;
const REBUILD_GB: f64 = 3_008.0 / 1_024.0;
/// `AHEAD` of the rebuild's `prefetch.rs`: objects read at once. Assumed: how long one takes, and
/// events folded in a second by one of the two processors that 3 008 MiB bring (measured on a faster one: 1.3 million with two).
const AT_ONCE: f64 = 32.0;
const GET_S: f64 = 0.03;
const FOLDED_PER_S: f64 = 500_000.0;
/// By the template.
const ALARMS: f64 = 15.0;
const METRICS: f64 = 30.0;
const SECRETS: f64 = 2.0;
const DAYS: f64 = 30.0;
const MILLION: f64 = 1e6;
const GB: f64 = 1e9;

/// What a month costs, in US dollars, by what it is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Month {
    /// Millions of events in it.
    pub millions: f64,
    /// The table: writes, reads, storage with backups.
    pub table: f64,
    /// Taking deliveries: HTTP API, `ingest-webhook`.
    pub ingest: f64,
    /// Archiving: `archive-events`, S3 writes, and a year of the archive.
    pub archive: f64,
    /// The nightly rebuild.
    pub rebuild: f64,
    /// Logs.
    pub logs: f64,
    /// Metrics, alarms, secrets, the key: the same for everybody.
    pub fixed: f64,
    /// How long a nightly rebuild takes, in seconds: 900 is all that a Lambda has.
    pub rebuild_s: f64,
}

impl Month {
    /// A month of that many million events, of which those of `window_s` seconds go into one object
    /// of the archive. They are evenly spread, the most expensive case: every window makes an object.
    pub fn new(millions: f64, window_s: f64, prices: &Prices) -> Month {
        let events = millions * MILLION;
        let windows = DAYS * 86_400.0 / window_s;
        let objects = events.min(windows);
        let archived = objects * OBJECT_BYTES + events * EVENT_BYTES;
        let stored = events * ITEM_BYTES * ITEM_DAYS / DAYS / GB;
        let table = millions * WRITES * prices.writes_per_million
            + millions * READS * prices.reads_per_million
            + stored * (prices.table_gb_month + prices.table_backup_gb_month);
        let ingest = millions
            * (prices.api_requests_per_million + prices.lambda_requests_per_million)
            + events * INGEST_S * INGEST_GB * prices.lambda_gb_second;
        let archive = objects / 1e3 * prices.s3_put_per_thousand
            + objects * BATCH_S * INGEST_GB * prices.lambda_gb_second
            + objects / MILLION * prices.lambda_requests_per_million
            + archived * 12.0 / GB * prices.s3_gb_month;
        let read = objects * REBUILD_DAYS / DAYS;
        let rebuild_s = read * GET_S / AT_ONCE + events * REBUILD_DAYS / DAYS / FOLDED_PER_S;
        let rebuild = DAYS
            * (read / 1e3 * prices.s3_get_per_thousand
                + rebuild_s * REBUILD_GB * prices.lambda_gb_second);
        Month {
            millions,
            table,
            ingest,
            archive,
            rebuild,
            logs: events * LOG_BYTES / GB * prices.logs_gb,
            fixed: ALARMS * prices.alarm_month
                + METRICS * prices.metric_month
                + SECRETS * prices.secret_month
                + prices.key_month,
            rebuild_s,
        }
    }

    /// All of it.
    pub fn total(&self) -> f64 {
        self.table + self.ingest + self.archive + self.rebuild + self.logs + self.fixed
    }
}

/// A table in Markdown, a row for each number of million events a month.
pub fn table(millions: &[f64], window_s: f64, prices: &Prices) -> Vec<String> {
    let mut lines = vec![
        "| million events | table | ingest | archive | rebuild | logs | fixed | USD a month | per \
         million | rebuild, s |"
            .to_owned(),
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|".to_owned(),
    ];
    lines.extend(millions.iter().map(|&millions| {
        let month = Month::new(millions, window_s, prices);
        let Month { table, ingest, archive, rebuild, logs, fixed, rebuild_s, .. } = month;
        let total = month.total();
        format!(
            "| {millions} | {table:.2} | {ingest:.2} | {archive:.2} | {rebuild:.2} | {logs:.2} | \
             {fixed:.2} | {total:.2} | {:.2} | {rebuild_s:.0} |",
            total / millions
        )
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_in_the_guide_is_what_is_computed() {
        let guide = include_str!("../../../docs/operations.md");
        for window_s in [10.0, 60.0] {
            for line in table(&[1.0, 10.0, 100.0], window_s, &Prices::read(PRICES).unwrap()) {
                assert!(guide.contains(&line), "docs/operations.md lacks\n{line}");
            }
        }
    }

    /// By hand: 3.39 writes at 0.625 and 0.81 reads at 0.125, and 0.7 GB at 0.45.
    #[test]
    fn a_million_events_cost_what_their_units_cost() {
        let month = Month::new(1.0, 10.0, &Prices::read(PRICES).unwrap());
        assert!((month.table - (2.11875 + 0.10125 + 0.315)).abs() < 1e-9, "{}", month.table);
        assert!((month.ingest - (1.2 + 0.1666675)).abs() < 1e-6, "{}", month.ingest);
    }
}
