//! What is too long to be true, while events are applied.

/// What is too long to be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A2: a wrap-up longer than this is unknown; in milliseconds.
    pub wrapup_ms: i64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { wrapup_ms: 60 * 60 * 1_000 }
    }
}
