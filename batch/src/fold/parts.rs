//! The second half of a rebuild: bucket by bucket, sorted rows through the one state machine.
//!
//! Invariant: the tables come out in the order of organization and task, whichever worker folded them.

use std::ops::Range;

use anyhow::Result;
use rayon::ScopeFifo;
use task_timeline::Id;

use crate::fold::part::Part;
use crate::fold::sorted_rows::SortedRows;
use crate::fold::task_folder::{Inputs, TaskFolder};
use crate::input::buckets::BUCKETS;
use crate::input::event_row::EventRow;
use crate::input::intake::Intake;
use crate::pending::Ahead;

/// The parts of a result, in order. Workers fold `ahead` of them before they are asked for.
pub(crate) fn parts<'scope>(
    inputs: Inputs<'scope>,
    workers: &ScopeFifo<'scope>,
    ahead: usize,
) -> impl Iterator<Item = Result<Part>> {
    let ranges = bucket_ranges(inputs.intake).into_iter();
    Ahead::new(workers, ranges.map(move |range| move || range.fold(inputs)), ahead)
}

/// The approximate number of deliveries in a part: enough to be worth a frame, few enough for its
/// memory to be reused soon.
const PART_DELIVERIES: u64 = 1 << 15;

/// Cuts the buckets of each organization into parts. The cuts depend on the archive only.
fn bucket_ranges(intake: &Intake) -> Vec<BucketRange> {
    let parts = (intake.counts.deliveries / PART_DELIVERIES).max(1).next_power_of_two();
    let buckets = BUCKETS / usize::try_from(parts).map_or(BUCKETS, |parts| parts.min(BUCKETS));
    let of_org = |(org, number): (Id, u16)| {
        let first = (0..BUCKETS).step_by(buckets);
        first.map(move |first| BucketRange {
            org: org.clone(),
            number,
            buckets: first..first + buckets,
        })
    };
    intake.orgs.sorted().into_iter().flat_map(of_org).collect()
}

/// Some neighbouring buckets of an organization.
struct BucketRange {
    org: Id,
    number: u16,
    buckets: Range<usize>,
}

impl BucketRange {
    fn fold(&self, inputs: Inputs<'_>) -> Part {
        let mut folder = TaskFolder::new(inputs, &self.org);
        let mut rows = SortedRows::default();
        for bucket in self.buckets.clone() {
            rows.fill(inputs.intake, self.number, bucket);
            let mut tasks: Vec<(Id, &[EventRow])> = rows
                .tasks()
                .filter_map(|rows| Some((inputs.intake.task_id(&rows[0])?, rows)))
                .collect();
            // UUIDs are in order already; other ids are in the order of their hashes.
            tasks.sort_by(|a, b| a.0.cmp(&b.0));
            for (task, rows) in &tasks {
                folder.fold(task, rows);
            }
        }
        folder.finish()
    }
}
