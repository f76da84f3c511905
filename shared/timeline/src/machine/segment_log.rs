//! The segments of a task while its events are applied.
//!
//! Invariant: what went to the sink touches, never overlaps, and none of it has zero length.

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::segment::{Phase, PhaseSums, Segment};
use crate::sink::Sink;
use crate::time::EpochMs;

/// The segments of a task while it is being told: one open, the one before it, and the sums of
/// all that went to the sink.
///
/// The last closed segment is kept back because a stay of zero length in between may turn out
/// to have been none: then the segment goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentLog {
    emitted: u32,
    sums: PhaseSums,
    closed: Option<Segment>,
    open: Option<Segment>,
}

impl SegmentLog {
    /// The segment that goes on.
    pub(crate) fn open(&self) -> Option<&Segment> {
        self.open.as_ref()
    }

    /// P2: begins `next` where the open segment ends, unless that only goes on.
    pub(crate) fn enter(&mut self, next: Segment, sink: &mut impl Sink) {
        if self.open.as_ref().is_some_and(|open| open.continues(&next)) {
            return;
        }
        let at = next.started_at;
        self.close(at, sink);
        let goes_on = |closed: &mut Segment| closed.ended_at == Some(at) && closed.continues(&next);
        self.open = match self.closed.take_if(goes_on) {
            Some(closed) => Some(Segment { ended_at: None, ..closed }),
            None => Some(next),
        };
    }

    /// Ends the open segment.
    pub(crate) fn close(&mut self, at: EpochMs, sink: &mut impl Sink) {
        let Some(open) = self.open.take().filter(|open| open.started_at < at) else { return };
        self.flush(sink);
        self.closed = Some(Segment { ended_at: Some(at), ..open });
    }

    /// Turns the open segment, from `since` on, into what it really was.
    pub(crate) fn reinterpret(
        &mut self,
        since: EpochMs,
        phase: Phase,
        basis: Basis,
        sink: &mut impl Sink,
    ) {
        let Some(open) = self.open.take() else { return };
        let started_at = since.max(open.started_at);
        let truth = Segment { phase, basis, started_at, ..open.clone() };
        self.open = Some(open).filter(|open| open.started_at < started_at);
        self.enter(truth, sink);
    }

    /// Says that the end of the last closed segment was inferred.
    pub(crate) fn infer_end(&mut self) {
        if let Some(closed) = &mut self.closed {
            closed.basis = Basis::Inferred;
        }
    }

    /// Hands out all that is left and returns the sums of the closed segments.
    pub(crate) fn finish(mut self, sink: &mut impl Sink) -> PhaseSums {
        self.flush(sink);
        if let Some(open) = self.open.take() {
            sink.segment(Segment { seq: self.emitted, ..open });
        }
        self.sums
    }

    fn flush(&mut self, sink: &mut impl Sink) {
        if let Some(closed) = self.closed.take() {
            self.sums.add(&closed);
            sink.segment(Segment { seq: self.emitted, ..closed });
            self.emitted += 1;
        }
    }
}
