//! The columns of `tasks`, `segments`, `offers` and `corrections` that the page needs.
//!
//! Invariant: a column is listed once; a name that is not known is an error.

use anyhow::Result;
use polars::prelude::DataFrame;
use task_timeline::{
    Basis, CallbackOutcome, ChannelKind, Direction, OfferOutcome, Outcome, Party, Phase, Rule,
};

use super::read_columns::{Count, Kinds, MaybeKinds, MaybeMs, Ms, Read, Text};
use super::window::Columns;

/// Declares the columns of a file that the page needs, and a row of them.
macro_rules! rows {
    ($(#[$doc:meta])* $columns:ident of $row:ident in $file:literal {
        $($name:ident: $column:ty,)+
    }) => {
        pub(super) struct $columns {
            $($name: $column,)+
        }

        $(#[$doc])*
        pub(super) struct $row<'a> {
            $(pub(super) $name: <$column as Read>::Item<'a>,)+
        }

        impl Columns for $columns {
            const FILE: &str = $file;
            const NAMES: &[&str] = &["org_id", "task_id", $(stringify!($name)),+];

            fn new(frame: &DataFrame) -> Result<$columns> {
                Ok($columns { $($name: <$column>::new(frame.column(stringify!($name))?)?,)+ })
            }
        }

        impl $columns {
            pub(super) fn row(&self, row: usize) -> $row<'_> {
                $row { $($name: self.$name.get(row),)+ }
            }
        }
    };
}

rows! {
    /// The figures of a task.
    Tasks of Task in "tasks.parquet" {
        channel: Kinds<ChannelKind>,
        direction: MaybeKinds<Direction>,
        started_at: Ms,
        ended_at: MaybeMs,
        outcome: Kinds<Outcome>,
        terminating_party: MaybeKinds<Party>,
        reason: Text,
        callback: Kinds<CallbackOutcome>,
        false_ends: Count,
        live_wait_ms: Ms,
        naive_parked_at: MaybeMs,
        naive_connect_at: MaybeMs,
        naive_connected_at: MaybeMs,
        naive_ended_at: MaybeMs,
        naive_live_wait_ms: MaybeMs,
        naive_talk_ms: MaybeMs,
        naive_outcome: Kinds<Outcome>,
    }
}

rows! {
    /// A stretch of the customer's time.
    Segments of Segment in "segments.parquet" {
        phase: Kinds<Phase>,
        started_at: Ms,
        ended_at: MaybeMs,
        queue_id: Text,
        basis: Kinds<Basis>,
    }
}

rows! {
    /// An offer to an agent.
    Offers of Offer in "offers.parquet" {
        offered_at: Ms,
        agent_id: Text,
        answered_at: MaybeMs,
        customer_connected_at: MaybeMs,
        released_at: MaybeMs,
        outcome: Kinds<OfferOutcome>,
    }
}

rows! {
    /// A row of the ledger.
    Corrections of Correction in "corrections.parquet" {
        rule: Kinds<Rule>,
        at: Ms,
        said: Text,
        is: Text,
    }
}
