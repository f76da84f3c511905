//! Which event it is, and where it stands among the events of its task.
//!
//! Invariant: the order of a task's events is total, and depends on what the events say, never on
//! how or when they arrived.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::HEX;
use crate::time::EpochMs;

/// I4: the place of an event in the order of its task: time, then rank, then identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// When it happened.
    pub at: EpochMs,
    /// [`EventType::rank`](crate::EventType::rank), which breaks ties.
    pub rank: u8,
    /// The last resort.
    pub identity: Identity,
}

/// Which event it is: a 128-bit hash over organization, type and canonical data.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity(pub u128);

impl Identity {
    /// 32 hexadecimal digits, in `buffer`.
    pub fn as_text(self, buffer: &mut [u8; 32]) -> &str {
        for (byte, digits) in self.0.to_be_bytes().iter().zip(buffer.as_chunks_mut().0) {
            *digits = HEX[usize::from(*byte)];
        }
        std::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_text(&mut [0; 32]))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
