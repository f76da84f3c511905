//! Whose call a task is (T30).

use serde::{Deserialize, Serialize};

/// Whose call it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskKind {
    /// The customer's.
    #[default]
    FromCustomer,
    /// The customer asked on the web or for a date, and is called.
    WebCallback,
    /// The contact centre's own: an outdial, or a campaign's.
    Outdial,
}
