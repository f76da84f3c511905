//! Things that repeat, with a small number for each.
//!
//! Invariant: numbers count up from 1 in the order in which things first came.

use std::borrow::Borrow;
use std::hash::Hash;

use hashbrown::HashMap;

/// Things with a small number each; 0 is free for none.
#[derive(Debug)]
pub(crate) struct Interned<T> {
    numbers: HashMap<T, u32>,
    things: Vec<T>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Interned { numbers: HashMap::new(), things: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Interned<T> {
    /// The number of a thing.
    pub(crate) fn number<Q>(&mut self, thing: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        if let Some(&number) = self.numbers.get(thing) {
            return number;
        }
        self.things.push(thing.to_owned());
        let number = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        self.numbers.insert(thing.to_owned(), number);
        number
    }

    /// The thing with that number.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        self.things.get((number as usize).wrapping_sub(1))
    }

    /// All things, from number 1 on.
    pub(crate) fn things(&self) -> &[T] {
        &self.things
    }
}
