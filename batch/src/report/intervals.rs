//! `queue_intervals.parquet` for the page, column by column.
//!
//! Invariant: only counts and sums are passed on; the page computes every quotient from them.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::tz::TimeZone;
use serde::Serialize;
use task_timeline::{ChannelKind, EpochMs};

use super::days::LocalDays;
use super::labels::Labels;
use super::read_columns::{Count, Kinds, Ms, Read, Text, read};
use crate::output::run_folder::RunFolder;

/// With more rows than this, they are summed up by day, so that the page stays small.
const MOST_ROWS: usize = 30_000;

/// The counts of `queue_intervals.parquet`.
const COUNTS: [&str; 22] = [
    "offered",
    "answered",
    "answered_in_time",
    "answered_in_time_with_ring",
    "abandoned",
    "short",
    "flow_out_callback",
    "flow_out_transferred",
    "flow_out_system",
    "open",
    "abandoned_in_flow",
    "handled",
    "callbacks_requested",
    "callbacks_completed",
    "callbacks_failed",
    "offers",
    "rona",
    "naive_offered",
    "naive_answered",
    "naive_answered_in_time",
    "naive_abandoned",
    "naive_handled",
];

/// The sums of milliseconds of `queue_intervals.parquet`.
const DURATIONS: [&str; 10] = [
    "answered_wait_ms",
    "answered_ring_ms",
    "live_wait_ms",
    "callback_wait_ms",
    "talk_ms",
    "hold_ms",
    "wrapup_ms",
    "naive_answered_wait_ms",
    "naive_live_wait_ms",
    "naive_talk_ms",
];

/// Counts and sums by queue, kind of channel and interval.
#[derive(Serialize)]
pub(super) struct Intervals {
    /// Whether an interval is a day, not half an hour.
    by_day: bool,
    queue: Vec<Option<usize>>,
    channel: Vec<&'static str>,
    /// Epoch milliseconds.
    start: Vec<i64>,
    #[serde(flatten)]
    columns: BTreeMap<&'static str, Vec<i64>>,
}

impl Intervals {
    /// Reads them back.
    pub(super) fn read(
        folder: &RunFolder,
        zone: &TimeZone,
        queues: &mut Labels,
    ) -> Result<Intervals> {
        let key = ["queue_id", "channel", "interval_start"].into_iter();
        let names: Vec<&str> = key.chain(COUNTS).chain(DURATIONS).collect();
        let frame = read(folder.path("queue_intervals.parquet"), &names)?;
        let rows = 0..frame.height();
        let queue = Text::new(frame.column("queue_id")?)?;
        let channel = Kinds::<ChannelKind>::new(frame.column("channel")?)?;
        let start = Ms::new(frame.column("interval_start")?)?;
        let mut columns = BTreeMap::new();
        for name in COUNTS {
            let column = Count::new(frame.column(name)?)?;
            columns.insert(name, rows.clone().map(|row| column.get(row).into()).collect());
        }
        for name in DURATIONS {
            let column = Ms::new(frame.column(name)?)?;
            columns.insert(name, rows.clone().map(|row| column.get(row)).collect());
        }
        let intervals = Intervals {
            by_day: false,
            queue: rows.clone().map(|row| queues.number(queue.get(row))).collect(),
            channel: rows.clone().map(|row| channel.get(row).name()).collect(),
            start: rows.clone().map(|row| start.get(row)).collect(),
            columns,
        };
        Ok(if rows.len() > MOST_ROWS { intervals.by_day(zone) } else { intervals })
    }

    /// The same figures, summed up by day.
    fn by_day(self, zone: &TimeZone) -> Intervals {
        let mut days = LocalDays::new(zone);
        let mut places = BTreeMap::new();
        let (mut queue, mut channel, mut start) = (Vec::new(), Vec::new(), Vec::new());
        let keys = self.queue.iter().zip(&self.channel).zip(&self.start);
        let of_row: Vec<usize> = keys
            .map(|((&of_queue, &of_channel), &at)| {
                let midnight = days.midnight(EpochMs(at));
                *places.entry((of_queue, of_channel, midnight)).or_insert_with(|| {
                    queue.push(of_queue);
                    channel.push(of_channel);
                    start.push(midnight.0);
                    queue.len() - 1
                })
            })
            .collect();
        let sum_up = |(name, values): (&'static str, Vec<i64>)| {
            let mut sums = vec![0; queue.len()];
            for (&place, value) in of_row.iter().zip(values) {
                sums[place] += value;
            }
            (name, sums)
        };
        let columns = self.columns.into_iter().map(sum_up).collect();
        Intervals { by_day: true, queue, channel, start, columns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_sum_of_its_half_hours_in_the_time_zone() {
        const HOUR: i64 = 3_600_000;
        let half_hours = Intervals {
            by_day: false,
            queue: vec![None, Some(0), Some(0), Some(0), Some(0)],
            channel: vec!["telephony", "telephony", "chat", "telephony", "telephony"],
            start: vec![0, 0, 0, 17 * HOUR, 18 * HOUR],
            columns: BTreeMap::from([("offered", vec![1, 2, 8, 3, 4])]),
        };
        // In this time zone a day begins at 18:00 UTC.
        let zone = TimeZone::fixed(jiff::tz::offset(6));
        let days = half_hours.by_day(&zone);
        assert_eq!(days.queue, [None, Some(0), Some(0), Some(0)]);
        assert_eq!(days.channel, ["telephony", "telephony", "chat", "telephony"]);
        assert_eq!(days.start, [-6 * HOUR, -6 * HOUR, -6 * HOUR, 18 * HOUR]);
        assert_eq!(days.columns["offered"], [1, 5, 8, 4]);
    }
}
