//! Seeded chance: every random choice of the generator comes from a [`Dice`].
//!
//! Invariant: a throw depends only on the seed, the stream, the index and the earlier throws in
//! that stream. It uses integer arithmetic only, so an archive has the same bytes on every machine.

use std::ops::RangeInclusive;

/// The purpose of a stream of throws. Separate streams keep choices independent: turning a quirk
/// off must not change a story.
#[derive(Clone, Copy, Debug)]
pub enum Stream {
    /// The organization: its queues, agents and subscriptions.
    Org = 1,
    /// The ids of tasks.
    TaskId,
    /// When each task starts.
    Start,
    /// What happens in a task.
    Story,
    /// How its webhooks are delivered.
    Quirks,
    /// The shifts of an agent.
    Shifts,
}

/// A small, fast generator of random numbers (SplitMix64).
#[derive(Clone, Debug)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// The dice of one stream, for one index (a task's number) in it.
    pub fn new(seed: u64, stream: Stream, index: u64) -> Self {
        let state = mix(mix(mix(seed).wrapping_add(stream as u64)).wrapping_add(index));
        Dice { state }
    }

    /// Dice that throw independently of these from now on.
    pub fn fork(&mut self) -> Self {
        Dice { state: self.bits() }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// 128 random bits.
    pub fn wide_bits(&mut self) -> u128 {
        u128::from(self.bits()) << 64 | u128::from(self.bits())
    }

    /// A number in the range, all equally likely.
    pub fn between(&mut self, range: RangeInclusive<u64>) -> u64 {
        let (low, high) = range.into_inner();
        low + self.bits() % (high - low + 1)
    }

    /// A number in the range, mostly small, like the durations of calls.
    pub fn skewed(&mut self, range: RangeInclusive<u64>) -> u64 {
        let throws = [(); 3].map(|()| self.between(range.clone()));
        throws.into_iter().fold(u64::MAX, u64::min)
    }

    /// `time`, moved by up to `most` in either direction.
    pub fn around(&mut self, time: u64, most: u64) -> u64 {
        (time + self.between(0..=2 * most)).saturating_sub(most)
    }

    /// True in `rate` of all throws, from 0 (never) to 1 (always).
    pub fn chance(&mut self, rate: f64) -> bool {
        let unit = (self.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        unit < rate
    }

    /// A position in a list of this length.
    pub fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.bits() % length).unwrap_or_default()
    }

    /// One item of the list, which must not be empty.
    pub fn pick<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.index(items.len())]
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_streams_differ() {
        let throws = |stream, index| {
            let mut dice = Dice::new(7, stream, index);
            [dice.bits(), dice.bits()]
        };
        assert_eq!(throws(Stream::Story, 3), throws(Stream::Story, 3));
        assert_ne!(throws(Stream::Story, 3), throws(Stream::Quirks, 3));
        assert_ne!(throws(Stream::Story, 3), throws(Stream::Story, 4));
    }

    #[test]
    fn rates_and_ranges_are_kept() {
        let mut dice = Dice::new(1, Stream::Story, 0);
        assert!((0..1000).all(|_| !dice.chance(0.0) && dice.chance(1.0)));
        assert!((0..1000).all(|_| (5..=9).contains(&dice.skewed(5..=9))));
        assert!((0..1000).all(|_| (60..=140).contains(&dice.around(100, 40))));
        let hits = (0..10_000).filter(|_| dice.chance(0.25)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
    }
}
