//! The ledger day by day.
//!
//! Invariant: a task with all its corrections counts on the day of its first event, in the time zone
//! of the job, and under its kind of channel.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use task_timeline::{ChannelKind, EpochMs, Rule};

use super::task_rows::TaskRows;

/// Counts by day and kind of channel.
pub(super) struct Days<'a> {
    clock: LocalDays<'a>,
    rows: BTreeMap<(Date, ChannelKind), DayRow>,
}

/// The ledger of a day.
#[derive(Default, Serialize)]
pub(super) struct DayRow {
    day: String,
    channel: &'static str,
    tasks: u32,
    /// Tasks that were not what the webhooks said (N5).
    misreported: u32,
    false_ends: u32,
    false_live_ms: i64,
    rules: BTreeMap<&'static str, RuleSums>,
}

#[derive(Default, Serialize)]
struct RuleSums {
    corrections: u32,
    tasks: u32,
}

impl<'a> Days<'a> {
    /// No tasks yet.
    pub(super) fn new(zone: &'a TimeZone) -> Days<'a> {
        Days { clock: LocalDays::new(zone), rows: BTreeMap::new() }
    }

    /// Counts a task.
    pub(super) fn add(&mut self, rows: &TaskRows<'_>) {
        let task = &rows.task;
        let day = self.clock.date(EpochMs(task.started_at));
        let day = self.rows.entry((day, task.channel)).or_default();
        day.tasks += 1;
        day.false_ends += task.false_ends;
        day.false_live_ms += rows.false_live_ms();
        day.misreported += u32::from(!rows.is_as_webhooks_say());
        let mut seen: Vec<Rule> = Vec::new();
        for correction in rows.corrections() {
            let is_new = !seen.contains(&correction.rule);
            if is_new {
                seen.push(correction.rule);
            }
            let sums = day.rules.entry(correction.rule.name()).or_default();
            sums.corrections += 1;
            sums.tasks += u32::from(is_new);
        }
    }

    /// The counts, in the order of days.
    pub(super) fn rows(self) -> Vec<DayRow> {
        let named = |((day, channel), row): ((Date, ChannelKind), DayRow)| DayRow {
            day: day.to_string(),
            channel: channel.name(),
            ..row
        };
        self.rows.into_iter().map(named).collect()
    }
}

/// The days of instants, cached by quarter of an hour, because time zones are slow to compute.
pub(super) struct LocalDays<'a> {
    zone: &'a TimeZone,
    known: HashMap<i64, (Date, EpochMs)>,
}

/// A day begins at a whole multiple of this, whatever the time zone.
const STEP_MS: i64 = 15 * 60 * 1_000;

impl<'a> LocalDays<'a> {
    /// The days of a time zone.
    pub(super) fn new(zone: &'a TimeZone) -> LocalDays<'a> {
        LocalDays { zone, known: HashMap::new() }
    }

    /// The day of an instant.
    pub(super) fn date(&mut self, at: EpochMs) -> Date {
        self.look_up(at).0
    }

    /// When the day of an instant began.
    pub(super) fn midnight(&mut self, at: EpochMs) -> EpochMs {
        self.look_up(at).1
    }

    fn look_up(&mut self, at: EpochMs) -> (Date, EpochMs) {
        let zone = self.zone;
        *self.known.entry(at.0.div_euclid(STEP_MS)).or_insert_with(|| {
            let at = Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(zone.clone());
            let midnight = at.start_of_day().map_or(at.timestamp(), |start| start.timestamp());
            (at.date(), EpochMs(midnight.as_millisecond()))
        })
    }
}
