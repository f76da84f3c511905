//! The segments of a task while its events are applied.
//!
//! Invariant: what went to the sink touches, never overlaps, and none of it has zero length.

use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::segment::{Phase, PhaseSums, Segment};
use crate::sink::Sink;
use crate::time::EpochMs;

/// The segments of a task while it is being told: one open, some before it, and the sums of all
/// that went to the sink.
///
/// The last closed segment is kept back because a stay of zero length in between may turn out
/// to have been none: then the segment goes on. While a callback may be withdrawn (T28), all since
/// the request are kept back as well, up to [`MOST_KEPT`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SegmentLog {
    emitted: u32,
    sums: PhaseSums,
    closed: Vec<Segment>,
    open: Option<Segment>,
}

/// More closed segments than this are not kept back; it bounds the stored state.
const MOST_KEPT: usize = 4;

impl SegmentLog {
    /// The segment that goes on.
    pub(crate) fn open(&self) -> Option<&Segment> {
        self.open.as_ref()
    }

    /// P2: begins `next` where the open segment ends, unless that only goes on. Segments since
    /// `kept_since` may still be reinterpreted.
    pub(crate) fn enter(
        &mut self,
        next: Segment,
        kept_since: Option<EpochMs>,
        sink: &mut impl Sink,
    ) {
        if self.open.as_ref().is_some_and(|open| open.continues(&next)) {
            return;
        }
        self.close(next.started_at, kept_since, sink);
        self.open = Some(self.go_on(next));
    }

    /// The segment before, if `next` only goes on with it.
    fn go_on(&mut self, next: Segment) -> Segment {
        let goes_on = |closed: &mut Segment| {
            closed.ended_at == Some(next.started_at) && closed.continues(&next)
        };
        match self.closed.pop_if(goes_on) {
            Some(closed) => Segment { ended_at: next.ended_at, ..closed },
            None => next,
        }
    }

    /// Ends the open segment.
    pub(crate) fn close(&mut self, at: EpochMs, kept_since: Option<EpochMs>, sink: &mut impl Sink) {
        let Some(open) = self.open.take().filter(|open| open.started_at < at) else { return };
        let is_certain =
            |closed: &Segment| kept_since.is_none_or(|since| closed.ended_at < Some(since));
        let certain = self.closed.iter().take_while(|closed| is_certain(closed)).count();
        self.flush(certain.max((self.closed.len() + 1).saturating_sub(MOST_KEPT)), sink);
        self.closed.push(Segment { ended_at: Some(at), ..open });
    }

    /// T28: the waits for a callback since `since` were on the line after all.
    pub(crate) fn requeue(&mut self, since: EpochMs) {
        let open = self.open.take();
        for mut segment in std::mem::take(&mut self.closed).into_iter().chain(open) {
            if segment.phase == Phase::CallbackWait && segment.started_at >= since {
                (segment.phase, segment.basis) = (Phase::Queued, Basis::Observed);
            }
            let segment = self.go_on(segment);
            match segment.ended_at {
                Some(_) => self.closed.push(segment),
                None => self.open = Some(segment),
            }
        }
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
        self.enter(truth, None, sink);
    }

    /// Says that the end of the last closed segment was inferred.
    pub(crate) fn infer_end(&mut self) {
        if let Some(closed) = self.closed.last_mut() {
            closed.basis = Basis::Inferred;
        }
    }

    /// Hands out all that is left and returns the sums of the closed segments.
    pub(crate) fn finish(mut self, sink: &mut impl Sink) -> PhaseSums {
        self.flush(self.closed.len(), sink);
        if let Some(open) = self.open.take() {
            sink.segment(Segment { seq: self.emitted, ..open });
        }
        self.sums
    }

    /// Hands out the first `count` closed segments.
    fn flush(&mut self, count: usize, sink: &mut impl Sink) {
        for closed in self.closed.drain(..count) {
            self.sums.add(&closed);
            sink.segment(Segment { seq: self.emitted, ..closed });
            self.emitted += 1;
        }
    }
}
