//! How it is known what happened.

use serde::{Deserialize, Serialize};

use crate::output_names::output_names;

/// How it is known what happened.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Basis {
    /// An event said so at the time.
    #[default]
    Observed,
    /// Later events leave no other reading.
    Inferred,
    /// The Search API said so.
    Reconciled,
}

output_names! {
    Basis {
        Observed = "observed",
        Inferred = "inferred",
        Reconciled = "reconciled",
    }
}
