//! How it is known what happened.

use serde::{Deserialize, Serialize};

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

impl Basis {
    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Observed => "observed",
            Basis::Inferred => "inferred",
            Basis::Reconciled => "reconciled",
        }
    }

    /// The basis of that name.
    pub fn from_name(name: &str) -> Option<Basis> {
        [Basis::Observed, Basis::Inferred, Basis::Reconciled]
            .into_iter()
            .find(|basis| basis.name() == name)
    }
}
