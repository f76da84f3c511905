//! Values that repeat, each stored once under a small number.
//!
//! Invariant: numbers count up from 1, in the order in which values first appear.

use std::borrow::Borrow;
use std::hash::Hash;

use hashbrown::HashMap;

/// Values with a small number each; 0 is left free for "none".
#[derive(Debug)]
pub(crate) struct Interned<T> {
    numbers: HashMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Interned { numbers: HashMap::new(), values: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// The number of a value, which is added if it is new.
    pub(crate) fn number<Q>(&mut self, value: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(&number) = self.numbers.get(value) {
            return number;
        }
        self.values.push(value.to_owned());
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.numbers.insert(value.to_owned(), number);
        number
    }

    /// The value with that number.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.values.get((number as usize).wrapping_sub(1))
    }

    /// All values, from number 1 on.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }
}
