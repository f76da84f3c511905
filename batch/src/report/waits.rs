//! How long customers waited, by percentiles, and who was free when they gave up, from
//! `visits.parquet`.
//!
//! Invariant: each percentile is the wait of a visit, and each abandoned visit counts in one kind of
//! staffing.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::DataFrame;
use serde::Serialize;
use task_timeline::{ChannelKind, Staffing};

use super::labels::Labels;
use super::read_columns::{Kinds, MaybeKinds, MaybeMs, Ms, Read, Text};
use crate::fold::visit_result::VisitResult;
use crate::output::row_groups::RowGroups;
use crate::output::run_folder::RunFolder;

/// The columns that the page needs.
const COLUMNS: [&str; 7] =
    ["queue_id", "channel", "left_at", "result", "live_wait_ms", "callback_wait_ms", "staffing"];

/// The waits of the visits to a queue, or to all queues of a kind of channel.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct WaitsRow {
    channel: &'static str,
    /// All queues have no number.
    queue: Option<usize>,
    live: Percentiles,
    callback: Percentiles,
    /// G10: how many visits were abandoned while the agents of the queue were so.
    staffing: BTreeMap<&'static str, u32>,
}

/// V16: percentiles in milliseconds; `None` of no visits.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Percentiles {
    visits: usize,
    p50: Option<i64>,
    p90: Option<i64>,
    p95: Option<i64>,
}

impl Percentiles {
    fn new(mut waits: Vec<i64>) -> Percentiles {
        waits.sort_unstable();
        let [p50, p90, p95] = [50, 90, 95].map(|percent| nearest_rank(&waits, percent));
        Percentiles { visits: waits.len(), p50, p90, p95 }
    }
}

/// V16: the least of the `sorted` values that at least this share of them do not exceed.
fn nearest_rank(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// The waits of some visits, in milliseconds.
#[derive(Clone, Default)]
struct Waits {
    live: Vec<i64>,
    callback: Vec<i64>,
    staffing: BTreeMap<&'static str, u32>,
}

impl Waits {
    fn append(&mut self, more: Waits) {
        self.live.extend(more.live);
        self.callback.extend(more.callback);
        for (staffing, visits) in more.staffing {
            *self.staffing.entry(staffing).or_default() += visits;
        }
    }

    fn row(self, channel: ChannelKind, queue: Option<usize>) -> WaitsRow {
        WaitsRow {
            channel: channel.name(),
            queue,
            live: Percentiles::new(self.live),
            callback: Percentiles::new(self.callback),
            staffing: self.staffing,
        }
    }
}

/// Reads the visits back: a row for each queue of a kind of channel, and before them one for all.
pub(super) fn waits_rows(folder: &RunFolder, queues: &mut Labels) -> Result<Vec<WaitsRow>> {
    let mut groups = RowGroups::open(folder.path("visits.parquet"), &COLUMNS)?;
    let mut waits = BTreeMap::new();
    while let Some(group) = groups.next()? {
        add_group(&mut waits, &group, queues)?;
    }
    Ok(rows(waits))
}

/// By kind of channel and queue; of visits to no queue nothing counts here.
type ByQueue = BTreeMap<(ChannelKind, usize), Waits>;

fn add_group(waits: &mut ByQueue, group: &DataFrame, queues: &mut Labels) -> Result<()> {
    let queue = Text::new(group.column("queue_id")?)?;
    let channel = Kinds::<ChannelKind>::new(group.column("channel")?)?;
    let left_at = MaybeMs::new(group.column("left_at")?)?;
    let result = MaybeKinds::<VisitResult>::new(group.column("result")?)?;
    let live_wait_ms = Ms::new(group.column("live_wait_ms")?)?;
    let callback_wait_ms = Ms::new(group.column("callback_wait_ms")?)?;
    let staffing = MaybeKinds::<Staffing>::new(group.column("staffing")?)?;
    for row in 0..group.height() {
        let Some(queue) = queues.number(queue.get(row)) else { continue };
        let Some(result) = result.get(row) else { continue };
        let waits = waits.entry((channel.get(row), queue)).or_default();
        match result {
            VisitResult::Answered | VisitResult::Abandoned => {
                waits.live.push(live_wait_ms.get(row));
            }
            VisitResult::Callback if left_at.get(row).is_some() => {
                waits.callback.push(callback_wait_ms.get(row));
            }
            VisitResult::Callback
            | VisitResult::Short
            | VisitResult::Transferred
            | VisitResult::System
            | VisitResult::Open
            | VisitResult::AbandonedInFlow => {}
        }
        if let Some(staffing) = staffing.get(row) {
            *waits.staffing.entry(staffing.name()).or_default() += 1;
        }
    }
    Ok(())
}

fn rows(waits: ByQueue) -> Vec<WaitsRow> {
    let mut all: BTreeMap<ChannelKind, Waits> = BTreeMap::new();
    for ((channel, _), of_queue) in &waits {
        all.entry(*channel).or_default().append(of_queue.clone());
    }
    let all = all.into_iter().map(|(channel, waits)| waits.row(channel, None));
    let each = waits.into_iter().map(|((channel, queue), waits)| waits.row(channel, Some(queue)));
    all.chain(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentiles(waits: &[i64]) -> [Option<i64>; 3] {
        let Percentiles { p50, p90, p95, .. } = Percentiles::new(waits.to_vec());
        [p50, p90, p95]
    }

    /// V16.
    #[test]
    fn percentiles_are_waits_by_nearest_rank() {
        assert_eq!(percentiles(&[]), [None; 3]);
        assert_eq!(percentiles(&[7]), [Some(7); 3]);
        assert_eq!(percentiles(&[50, 15, 40, 20, 35]), [35, 50, 50].map(Some));
        let hundred: Vec<i64> = (1..=100).rev().collect();
        assert_eq!(percentiles(&hundred), [50, 90, 95].map(Some));
        let twenty: Vec<i64> = (1..=20).collect();
        assert_eq!(percentiles(&twenty), [10, 18, 19].map(Some));
    }

    /// V16.
    #[test]
    fn queues_of_a_kind_of_channel_are_taken_together() {
        let of = |live: &[i64], free: u32| Waits {
            live: live.to_vec(),
            callback: Vec::new(),
            staffing: BTreeMap::from([("available", free)]),
        };
        let waits = BTreeMap::from([
            ((ChannelKind::Telephony, 0), of(&[1, 2], 1)),
            ((ChannelKind::Telephony, 1), of(&[3], 2)),
            ((ChannelKind::Email, 1), of(&[900], 0)),
        ]);
        let shown = rows(waits).into_iter().map(|row| {
            (row.channel, row.queue, row.live.visits, row.live.p50, row.staffing["available"])
        });
        assert_eq!(
            shown.collect::<Vec<_>>(),
            [
                ("telephony", None, 3, Some(2), 3),
                ("email", None, 1, Some(900), 0),
                ("telephony", Some(0), 2, Some(1), 1),
                ("telephony", Some(1), 1, Some(3), 2),
                ("email", Some(1), 1, Some(900), 0),
            ]
        );
    }
}
