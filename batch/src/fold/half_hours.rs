//! Half hours in a time zone, and the parts of a stretch of time that lie in each.
//!
//! Invariant: the parts of a stretch sum up to its length.

use jiff::tz::TimeZone;
use task_timeline::EpochMs;

/// Half an hour, in milliseconds.
const INTERVAL_MS: i64 = 30 * 60 * 1_000;

/// V11: the start of the half hour that `at` lies in, in the time zone `zone`.
fn interval_start(at: EpochMs, zone: &TimeZone) -> EpochMs {
    let offset_ms = jiff::Timestamp::from_millisecond(at.0)
        .map_or(0, |at| i64::from(zone.to_offset(at).seconds()) * 1_000);
    EpochMs((at.0 + offset_ms).div_euclid(INTERVAL_MS) * INTERVAL_MS - offset_ms)
}

/// The half hours in a time zone. It remembers the last one, which is likely to be asked for again.
pub(crate) struct HalfHours<'a> {
    zone: &'a TimeZone,
    last: EpochMs,
}

impl<'a> HalfHours<'a> {
    pub(crate) fn new(zone: &'a TimeZone) -> HalfHours<'a> {
        HalfHours { zone, last: EpochMs(i64::MIN) }
    }

    /// V11: the start of the half hour that `at` lies in.
    pub(crate) fn start(&mut self, at: EpochMs) -> EpochMs {
        let is_in_last = at >= self.last && at.0 < self.last.0.saturating_add(INTERVAL_MS);
        if !is_in_last {
            self.last = interval_start(at, self.zone);
        }
        self.last
    }

    /// The half hours between two instants, each with the milliseconds that lie in it.
    pub(crate) fn split(
        &mut self,
        from: EpochMs,
        to: EpochMs,
    ) -> impl Iterator<Item = (EpochMs, i64)> {
        let mut from = from;
        std::iter::from_fn(move || {
            (from < to).then(|| {
                let start = self.start(from);
                let end = to.min(start + INTERVAL_MS);
                let ms = end - from;
                from = end;
                (start, ms)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// G7: in the time zone, and through the hour that is repeated in autumn.
    #[test]
    fn a_stretch_is_cut_at_half_hours_of_the_time_zone() {
        const HOUR: i64 = 3_600_000;
        const NINE: i64 = 1_772_442_000_000; // 2026-03-02 09:00 UTC
        let parts = |zone: &str, from: i64, to: i64| -> Vec<(i64, i64)> {
            let zone = TimeZone::get(zone).unwrap();
            let mut half_hours = HalfHours::new(&zone);
            let parts = half_hours.split(EpochMs(NINE + from), EpochMs(NINE + to));
            parts.map(|(at, ms)| (at.0 - NINE, ms)).collect()
        };
        assert_eq!(parts("UTC", 5, 5), []);
        assert_eq!(
            parts("UTC", HOUR / 4, HOUR + 7),
            [(0, HOUR / 4), (HOUR / 2, HOUR / 2), (HOUR, 7)]
        );
        // 5 h 45 min ahead of UTC: half hours begin a quarter past.
        assert_eq!(
            parts("Asia/Kathmandu", 0, HOUR / 2),
            [(-HOUR / 4, HOUR / 4), (HOUR / 4, HOUR / 4)]
        );
        let repeated = 1_793_509_200_000 - NINE; // 2026-11-01 05:00 UTC
        let through = parts("America/New_York", repeated, repeated + 2 * HOUR);
        assert_eq!(through.len(), 4);
        assert_eq!(through.iter().map(|(_, ms)| ms).sum::<i64>(), 2 * HOUR);
    }
}
