//! Where the details of a timeline go as soon as they are certain.
//!
//! Invariant: what went to a sink is never taken back; only an offer's wrap-up may follow it.

use crate::correction::Correction;
use crate::offer::Offer;
use crate::segment::Segment;

/// Takes what [`Timeline::apply`](crate::Timeline::apply) finds out. The timeline itself keeps
/// only what later events can still change.
pub trait Sink {
    /// A segment that will not change any more.
    fn segment(&mut self, segment: Segment);
    /// An offer that will not change any more, but for its wrap-up.
    fn offer(&mut self, offer: Offer);
    /// `wrapup_ms` more of wrap-up for the offer `seq`, which was handed out before.
    fn wrap_up(&mut self, seq: u32, wrapup_ms: i64);
    /// Something that was corrected.
    fn correction(&mut self, correction: Correction);
}

/// The live path keeps the state alone.
impl Sink for () {
    fn segment(&mut self, _: Segment) {}
    fn offer(&mut self, _: Offer) {}
    fn wrap_up(&mut self, _: u32, _: i64) {}
    fn correction(&mut self, _: Correction) {}
}
