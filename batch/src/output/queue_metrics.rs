//! Standard contact-centre metrics, computed from visits to queues.
//!
//! Invariant: every metric is a sum over visits or a quotient of such sums, so that parts of an
//! archive can be summed up on their own; [`DEFINITIONS`] lists them.

use polars::prelude::*;

/// What the columns of `queue_intervals.parquet` mean; written into every receipt.
pub const DEFINITIONS: &[(&str, &str)] = &[
    ("offered", "visits to the queue; waiting again after a failed offer is the same visit"),
    ("answered", "agent and live customer connected; callbacks have columns of their own"),
    ("answered_in_time", "answered within the threshold of the service level"),
    ("abandoned", "the customer left without talk and without a callback, above short_call"),
    ("short", "ended without talk within short_call of the start"),
    ("flow_out", "left the queue otherwise: callback taken, transferred, ended by the system"),
    ("open", "still waiting live when the archive ends"),
    ("handled", "agent and customer connected, live or called back"),
    ("service_level", "answered within the threshold / (answered + abandoned)"),
    ("asa_ms", "mean live wait of the answered; ringing is not in it"),
    ("answered_wait_ms", "live wait of the answered, the sum behind asa_ms"),
    ("live_wait_ms", "on the line in the queue, without ringing"),
    ("callback_wait_ms", "off the line until the customer's phone rang, without ringing"),
    ("talk_ms", "talk and conferences"),
    ("hold_ms", "hold and consultations"),
    ("wrapup_ms", "work after the call, of agents whose offer it was"),
    ("aht_ms", "(talk + hold + wrap-up) / handled"),
    ("rona", "offers that rang out; the RONA rate is rona / offers"),
    ("interval_start", "half hour, by the clocks of the time zone, in which the visit began"),
    ("naive_*", "from the first event of each type, counted where the task began"),
];

/// The key of a queue and half hour.
const KEY: [&str; 3] = ["org_id", "queue_id", "interval_start"];

/// The counts of `queue_intervals.parquet`.
pub(crate) const COUNTS: [&str; 13] = [
    "offered",
    "answered",
    "answered_in_time",
    "abandoned",
    "short",
    "flow_out",
    "open",
    "handled",
    "callbacks_requested",
    "callbacks_completed",
    "callbacks_failed",
    "offers",
    "rona",
];

/// The same at face value, where the webhooks show them.
pub(crate) const NAIVE_COUNTS: [&str; 5] = [
    "naive_offered",
    "naive_answered",
    "naive_answered_in_time",
    "naive_abandoned",
    "naive_handled",
];

/// The sums of milliseconds of `queue_intervals.parquet`.
pub(crate) const DURATIONS: [&str; 6] =
    ["answered_wait_ms", "live_wait_ms", "callback_wait_ms", "talk_ms", "hold_ms", "wrapup_ms"];

/// The same at face value, where the webhooks show them.
pub(crate) const NAIVE_DURATIONS: [&str; 3] =
    ["naive_answered_wait_ms", "naive_live_wait_ms", "naive_talk_ms"];

/// Counts and sums by queue and half hour, of a part of the visits.
pub fn partial_sums(visits: LazyFrame, service_level_ms: i64) -> LazyFrame {
    let when = |flag: &str| col(flag).gt(lit(0u32));
    let within = |flag: &str, wait: &str| {
        when(flag).and(col(wait).lt_eq(lit(service_level_ms))).cast(DataType::UInt32)
    };
    visits
        .with_columns([
            within("answered", "live_wait_ms").alias("answered_in_time"),
            within("naive_answered", "naive_live_wait_ms").alias("naive_answered_in_time"),
            (col("live_wait_ms") * col("answered").cast(DataType::Int64)).alias("answered_wait_ms"),
            (col("naive_live_wait_ms") * col("naive_answered").cast(DataType::Int64))
                .alias("naive_answered_wait_ms"),
            (col("offered").cast(DataType::Int64)
                - sum_of(&["answered", "abandoned", "short", "open"])
                    * col("offered").cast(DataType::Int64))
            .alias("flow_out"),
        ])
        .group_by(KEY.map(col))
        .agg([all().as_expr().sum()])
}

fn sum_of(columns: &[&str]) -> Expr {
    columns
        .iter()
        .map(|name| col(*name).cast(DataType::Int64))
        .reduce(|sum, column| sum + column)
        .unwrap_or_else(|| lit(0i64))
}

/// Parts summed up: one row for each queue and half hour, sorted.
pub fn total_sums(parts: Vec<LazyFrame>) -> PolarsResult<LazyFrame> {
    let all_parts = concat(parts, UnionArgs::default())?;
    Ok(all_parts
        .group_by(KEY.map(col))
        .agg([all().as_expr().sum()])
        .sort(KEY, SortMultipleOptions::default()))
}

/// `queue_intervals.parquet`, from the sums.
pub fn queue_intervals(sums: LazyFrame) -> LazyFrame {
    let counts = |names: &[&str]| -> Vec<Expr> {
        names.iter().map(|name| col(*name).cast(DataType::UInt32)).collect()
    };
    let mut columns: Vec<Expr> = KEY.map(col).to_vec();
    columns.extend(counts(&COUNTS));
    columns.extend([service_level("").alias("service_level"), asa_ms("").alias("asa_ms")]);
    columns.extend(DURATIONS.map(col));
    columns.push(aht_ms().alias("aht_ms"));
    columns.extend(counts(&NAIVE_COUNTS));
    columns.extend([
        service_level("naive_").alias("naive_service_level"),
        asa_ms("naive_").alias("naive_asa_ms"),
    ]);
    columns.extend(NAIVE_DURATIONS.map(col));
    columns.push(naive_aht_ms().alias("naive_aht_ms"));
    sums.select(columns)
}

/// The overall metrics, in one row.
pub fn headline(sums: LazyFrame) -> LazyFrame {
    let flat = sums.select([all().exclude_cols(KEY).as_expr().sum()]);
    flat.with_columns([
        service_level("").alias("service_level"),
        asa_ms("").alias("asa_ms"),
        aht_ms().alias("aht_ms"),
        service_level("naive_").alias("naive_service_level"),
        asa_ms("naive_").alias("naive_asa_ms"),
        naive_aht_ms().alias("naive_aht_ms"),
        quotient(col("rona"), col("offers")).alias("rona_rate"),
        quotient(col("callbacks_completed"), sum_of(&["callbacks_completed", "callbacks_failed"]))
            .alias("callback_success"),
        quotient(col("callback_wait_ms"), col("callbacks_requested"))
            .alias("mean_callback_wait_ms"),
    ])
}

/// V12.
fn service_level(view: &str) -> Expr {
    let of = |name: &str| format!("{view}{name}");
    quotient(col(of("answered_in_time")), sum_of(&[&of("answered"), &of("abandoned")]))
}

fn asa_ms(view: &str) -> Expr {
    quotient(col(format!("{view}answered_wait_ms")), col(format!("{view}answered")))
}

/// V13.
fn aht_ms() -> Expr {
    quotient(sum_of(&["talk_ms", "hold_ms", "wrapup_ms"]), col("handled"))
}

fn naive_aht_ms() -> Expr {
    quotient(col("naive_talk_ms"), col("naive_handled"))
}

/// V14: a quotient as a float; null where the divisor is 0.
fn quotient(dividend: Expr, divisor: Expr) -> Expr {
    let divisor = divisor.cast(DataType::Float64);
    when(divisor.clone().gt(lit(0.0)))
        .then(dividend.cast(DataType::Float64) / divisor)
        .otherwise(lit(NULL))
}
