//! Rows that are only ever added: they grow without being moved.
//!
//! Invariant: chunks are in the order in which rows came, and none but the last one has room.

/// The size of the largest chunk in bytes. Its memory is reused for the tables, chunk by chunk,
/// because fresh memory is slow.
const MOST_BYTES: usize = 32 << 10;

/// Rows in chunks, each twice as large as the one before until they are 32 KiB.
#[derive(Debug)]
pub struct Chunks<T> {
    full: Vec<Vec<T>>,
    /// The one that grows. It is found without a look at the others.
    last: Vec<T>,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Chunks { full: Vec::new(), last: Vec::new() }
    }
}

impl<T> Chunks<T> {
    const FEWEST: usize = 4;
    const MOST: usize = MOST_BYTES / size_of::<T>();

    /// Adds a row.
    pub fn push(&mut self, row: T) {
        if self.last.len() == self.last.capacity() {
            self.begin_chunk();
        }
        self.last.push(row);
    }

    #[cold]
    fn begin_chunk(&mut self) {
        let capacity = (2 * self.last.capacity()).clamp(Self::FEWEST, Self::MOST);
        let full = std::mem::replace(&mut self.last, Vec::with_capacity(capacity));
        self.full.push(full);
    }

    /// The chunks.
    pub fn slices(&self) -> impl Iterator<Item = &[T]> {
        self.full.iter().chain([&self.last]).map(Vec::as_slice)
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.slices().map(<[T]>::len).sum()
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.slices().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_order() {
        let mut chunks = Chunks::default();
        (0..100_000u64).for_each(|row| chunks.push(row));
        assert!(chunks.iter().copied().eq(0..100_000));
        assert_eq!(chunks.count(), 100_000);
        assert_eq!(chunks.slices().map(<[u64]>::len).max(), Some(MOST_BYTES / 8));
        assert_eq!(chunks.slices().flatten().count(), 100_000);
    }
}
