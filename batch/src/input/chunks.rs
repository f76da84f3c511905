//! Rows that are only ever added: they grow without being moved.
//!
//! Invariant: chunks are in the order in which rows came, and none but the last one has room.

/// The size of the largest chunk in bytes. Its memory is reused for the tables, chunk by chunk,
/// because fresh memory is slow.
const MOST_BYTES: usize = 32 << 10;

/// Rows in chunks, each twice as large as the one before until they are 32 KiB.
#[derive(Debug)]
pub struct Chunks<T>(Vec<Vec<T>>);

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Chunks(Vec::new())
    }
}

impl<T> Chunks<T> {
    const FEWEST: usize = 4;
    const MOST: usize = MOST_BYTES / size_of::<T>();

    /// Adds a row.
    pub fn push(&mut self, row: T) {
        match self.0.last_mut() {
            Some(chunk) if chunk.len() < chunk.capacity() => chunk.push(row),
            last => {
                let capacity = last.map_or(Self::FEWEST, |last| 2 * last.capacity());
                let mut chunk = Vec::with_capacity(capacity.min(Self::MOST));
                chunk.push(row);
                self.0.push(chunk);
            }
        }
    }

    /// The chunks.
    pub fn slices(&self) -> impl Iterator<Item = &[T]> {
        self.0.iter().map(Vec::as_slice)
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
        assert_eq!(chunks.slices().map(<[u64]>::len).max(), Some(MOST_BYTES / 8));
        assert_eq!(chunks.slices().flatten().count(), 100_000);
    }
}
