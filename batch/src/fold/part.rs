//! A part of the result: the tasks of some neighbouring buckets.
//!
//! Invariant: tables, counts and shown tasks of a part are about the same tasks.

use task_timeline::{Figures, Id, Record};

use crate::fold::agent_offers::AgentOffers;
use crate::fold::counts::FoldCounts;
use crate::fold::queue_sums::QueueSums;
use crate::fold::visit_rows::VisitRows;
use crate::output::tables::Tables;

/// Up to this many tasks are shown without being asked for.
pub const FEW_TASKS: usize = 4;

/// A task to show.
#[derive(Clone, Debug)]
pub struct ShownTask {
    /// The organization.
    pub org: Id,
    /// The task.
    pub task: Id,
    /// The figures.
    pub figures: Figures,
    /// The details.
    pub record: Record,
}

/// A part of the result: the tasks of some buckets.
pub struct Part {
    /// Their organization.
    pub org: Id,
    /// Their tables.
    pub tables: Tables,
    /// Their visits to queues.
    pub visits: VisitRows,
    /// Sums over their visits to queues.
    pub queue_sums: QueueSums,
    /// Their counts.
    pub counts: FoldCounts,
    /// The offers of their tasks, and of tasks outside the period.
    pub offers: AgentOffers,
    /// Those to show.
    pub shown: Vec<ShownTask>,
}

impl Part {
    /// A part without tasks yet.
    pub(crate) fn new(org: Id) -> Part {
        Part {
            org,
            tables: Tables::default(),
            visits: VisitRows::default(),
            queue_sums: QueueSums::default(),
            counts: FoldCounts::default(),
            offers: AgentOffers::default(),
            shown: Vec::new(),
        }
    }
}
