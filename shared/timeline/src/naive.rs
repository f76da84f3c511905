//! What the webhooks say at face value, for comparison.

use crate::outcome::Outcome;
use crate::time::EpochMs;

/// The figures that the webhooks alone would give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naive {
    /// The first `task:parked`.
    pub parked_at: Option<EpochMs>,
    /// The first `task:connect`.
    pub connect_at: Option<EpochMs>,
    /// The first `task:connected`.
    pub connected_at: Option<EpochMs>,
    /// The first `task:ended`.
    pub ended_at: Option<EpochMs>,
    /// From the first `task:parked` to the first `task:connect` or `task:ended` after it; `None`
    /// without a park, and while neither came.
    pub live_wait_ms: Option<i64>,
    /// From the first `task:connected` to the first `task:ended`; `None` without both, in
    /// that order.
    pub talk_ms: Option<i64>,
    /// Handled, abandoned, failed or open.
    pub outcome: Outcome,
}
