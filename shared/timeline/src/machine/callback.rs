//! What is known of a task's callback.
//!
//! Invariant: only a callback that was asked for, and never dialled, can be withdrawn (T28).

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::machine::stage::Moment;
use crate::time::EpochMs;

/// What is known of a callback.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Callback {
    /// Nobody asked for one.
    #[default]
    NotAsked,
    /// The customer asked for one, and nobody has dialled yet.
    Asked {
        /// How the request is known.
        basis: Basis,
        /// Since when the customer is off the line.
        since: Moment,
    },
    /// The customer asked for one, but is being offered live.
    Withdrawn {
        /// How the request is known.
        basis: Basis,
    },
    /// The customer is to be called back.
    Pending(Basis),
    /// The customer was called back, and answered.
    Completed(Basis),
}

impl Callback {
    /// Whether the customer is to be called back.
    pub(super) fn is_pending(self) -> bool {
        match self {
            Callback::Asked { .. } | Callback::Pending(_) => true,
            Callback::NotAsked | Callback::Withdrawn { .. } | Callback::Completed(_) => false,
        }
    }

    /// Since when waits may turn out to have been on the line after all (T28).
    pub(super) fn may_be_withdrawn_since(self) -> Option<EpochMs> {
        match self {
            Callback::Asked { since, .. } => Some(since.at),
            Callback::NotAsked
            | Callback::Withdrawn { .. }
            | Callback::Pending(_)
            | Callback::Completed(_) => None,
        }
    }

    /// The same, now that the contact centre calls the customer.
    pub(super) fn dialled(self) -> Callback {
        match self {
            Callback::Asked { basis, .. } => Callback::Pending(basis),
            Callback::NotAsked
            | Callback::Withdrawn { .. }
            | Callback::Pending(_)
            | Callback::Completed(_) => self,
        }
    }
}
