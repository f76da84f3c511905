//! Instants as Webex writes them: whole milliseconds since 1970 in UTC.
//!
//! Invariant: an [`EpochMs`] made by [`EpochMs::plausible`] has exactly thirteen digits.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct EpochMs(pub i64);

impl EpochMs {
    /// The earliest instant that an event may carry: 2001-09-09, the first one of thirteen digits.
    pub const EARLIEST: EpochMs = EpochMs(1_000_000_000_000);
    /// The latest instant that an event may carry: 2100-01-01.
    pub const LATEST: EpochMs = EpochMs(4_102_444_800_000);

    /// `value` as an instant, or `None` where no contact centre can have sent it.
    ///
    /// Catches seconds and microseconds given for milliseconds.
    pub fn plausible(value: i64) -> Option<EpochMs> {
        (Self::EARLIEST.0..Self::LATEST.0).contains(&value).then_some(EpochMs(value))
    }
}

impl Add<i64> for EpochMs {
    type Output = EpochMs;

    /// The instant `duration_ms` later.
    fn add(self, duration_ms: i64) -> EpochMs {
        EpochMs(self.0 + duration_ms)
    }
}

impl Sub for EpochMs {
    type Output = i64;

    /// Milliseconds from `earlier` to `self`.
    fn sub(self, earlier: EpochMs) -> i64 {
        self.0 - earlier.0
    }
}

impl fmt::Display for EpochMs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
