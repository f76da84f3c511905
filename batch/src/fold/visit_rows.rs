//! Rows of `visits.parquet` while it is not known yet who was free.
//!
//! Invariant: every abandoned visit gets an answer, and no other one.

use task_timeline::{ChannelKind, EpochMs, Id, Staffing};

use crate::fold::staffing::QueueStaff;
use crate::fold::visit_result::VisitResult;
use crate::fold::visits::Visit;
use crate::output::table::Table;
use crate::output::tables::{TaskItem, Visits};

/// The visits of some tasks. Who was free when a caller left is known when all agents are.
#[derive(Default)]
pub struct VisitRows {
    table: Visits,
    abandoned: Vec<Abandoned>,
}

/// A visit that the customer abandoned.
struct Abandoned {
    row: usize,
    org: Id,
    queue: Id,
    channel: ChannelKind,
    left_at: EpochMs,
}

impl VisitRows {
    /// Adds a visit.
    pub(crate) fn push(&mut self, visit: &TaskItem<'_, Visit<'_>>) {
        let Visit { result, queue, left_at, channel, .. } = *visit.item;
        if let (Some(VisitResult::Abandoned), Some(queue), Some(left_at)) = (result, queue, left_at)
        {
            let (row, org, queue) = (self.table.height(), visit.org.clone(), queue.clone());
            self.abandoned.push(Abandoned { row, org, queue, channel, left_at });
        }
        self.table.push(visit);
    }

    /// G10: the table, now that it is known what all agents did. Of agents on other channels than
    /// the telephone that is not asked.
    pub(crate) fn complete(self, staff: &QueueStaff) -> Visits {
        let VisitRows { mut table, abandoned } = self;
        let mut answers = abandoned.into_iter().peekable();
        table.set_staffing(|row| {
            let abandoned = answers.next_if(|next| next.row == row)?;
            let Abandoned { org, queue, channel, left_at, .. } = abandoned;
            Some(match channel {
                ChannelKind::Telephony => staff.at(&org, &queue, left_at),
                ChannelKind::Chat
                | ChannelKind::Email
                | ChannelKind::Social
                | ChannelKind::Other => Staffing::Unknown,
            })
        });
        table
    }
}
