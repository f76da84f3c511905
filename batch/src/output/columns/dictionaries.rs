//! Texts that repeat: each is kept once, and rows hold its number.
//!
//! Texts are numbered as they arrive. Copying them row by row and finding repetitions afterwards
//! would take a fifth of the second half of a rebuild (BENCHMARKS.md).

use std::borrow::Borrow;
use std::hash::Hash;

use polars::prelude::PolarsResult;
use polars_arrow::array::{Array, DictionaryArray, PrimitiveArray};
use task_timeline::Id;

use super::build::{Build, Known};
use super::texts::Texts;
use crate::interned::Interned;

/// Texts where equal ones follow each other: each run is kept once, without a look-up.
#[derive(Default)]
pub struct Runs {
    texts: Texts,
    keys: Vec<u32>,
}

impl Build for Runs {
    type Item<'a> = &'a str;

    fn push(&mut self, text: &str) {
        if self.texts.last() != Some(text.as_bytes()) {
            self.texts.push(Some(text));
        }
        self.keys.push(key(self.texts.len() - 1));
    }

    fn append(&mut self, more: Self) {
        let so_far = key(self.texts.len());
        self.texts.append(more.texts);
        self.keys.extend(more.keys.into_iter().map(|key| so_far + key));
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        dictionary(self.keys, Known::default(), self.texts)
    }
}

/// Numbers of values, in place of the values.
struct Dictionary<T> {
    values: Interned<T>,
    /// The number of the last value, which is likely to repeat.
    last: u32,
    keys: Vec<u32>,
    known: Known,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        let (keys, known) = (Vec::new(), Known::default());
        Dictionary { values: Interned::default(), last: 0, keys, known }
    }
}

impl<T: Clone + Eq + Hash> Dictionary<T> {
    fn number<Q>(&mut self, value: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        if self.values.get(self.last).is_none_or(|last| last.borrow() != value) {
            self.last = self.values.number(value);
        }
        self.last
    }

    /// Adds the value with that number; 0 means none.
    fn push(&mut self, number: u32) {
        self.keys.push(number.saturating_sub(1));
        self.known.push(number > 0);
    }

    fn append(&mut self, more: Self) {
        let numbers: Vec<u32> =
            more.values.values().iter().map(|value| self.values.number::<T>(value)).collect();
        let key = |key: u32| numbers.get(key as usize).map_or(0, |number| number - 1);
        self.keys.extend(more.keys.into_iter().map(key));
        self.known.append(more.known);
    }

    fn finish(self, mut push: impl FnMut(&mut Texts, &T)) -> PolarsResult<Box<dyn Array>> {
        let mut texts = Texts::default();
        self.values.values().iter().for_each(|value| push(&mut texts, value));
        dictionary(self.keys, self.known, texts)
    }
}

/// Texts that repeat.
#[derive(Default)]
pub struct RepeatedTexts(Dictionary<String>);

impl Build for RepeatedTexts {
    type Item<'a> = Option<&'a str>;

    fn push(&mut self, text: Option<&str>) {
        let number = text.map_or(0, |text| self.0.number(text));
        self.0.push(number);
    }

    fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        self.0.finish(|texts, text| texts.push(Some(text)))
    }
}

/// Ids that repeat.
#[derive(Default)]
pub struct Ids(Dictionary<Id>);

impl Build for Ids {
    type Item<'a> = Option<&'a Id>;

    fn push(&mut self, id: Option<&Id>) {
        let number = id.map_or(0, |id| self.0.number(id));
        self.0.push(number);
    }

    fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        self.0.finish(|texts, id| texts.push(Some(id.as_text(&mut [0; 36]))))
    }
}

/// Ids where equal ones follow each other: each run is kept once, without a look-up.
#[derive(Default)]
pub struct IdRuns {
    last: Option<Id>,
    texts: Texts,
    keys: Vec<u32>,
    known: Known,
}

impl Build for IdRuns {
    type Item<'a> = Option<&'a Id>;

    fn push(&mut self, id: Option<&Id>) {
        if let Some(id) = id
            && self.last.as_ref() != Some(id)
        {
            self.texts.push(Some(id.as_text(&mut [0; 36])));
            self.last = Some(id.clone());
        }
        self.keys.push(key(self.texts.len().saturating_sub(1)));
        self.known.push(id.is_some());
    }

    fn append(&mut self, more: Self) {
        let so_far = key(self.texts.len());
        self.texts.append(more.texts);
        self.keys.extend(more.keys.into_iter().map(|key| so_far + key));
        self.known.append(more.known);
        self.last = more.last;
    }

    fn finish(mut self) -> PolarsResult<Box<dyn Array>> {
        if self.texts.len() == 0 {
            self.texts.push(Some("")); // what keys of unknown values point to
        }
        let last = key(self.texts.len() - 1);
        let keys = self.keys.into_iter().map(|key| key.min(last)).collect();
        dictionary(keys, self.known, self.texts)
    }
}

/// Names out of a small fixed set, as constants of the program: they are recognised by their
/// address.
#[derive(Default)]
pub struct Kinds {
    kinds: Vec<&'static str>,
    keys: Vec<u32>,
    known: Known,
}

impl Kinds {
    fn key(&mut self, kind: &'static str) -> u32 {
        let same_place = |other: &&str| std::ptr::eq(*other, kind);
        let place = self.kinds.iter().position(same_place);
        let place = place.or_else(|| self.kinds.iter().position(|other| *other == kind));
        let place = place.unwrap_or_else(|| {
            self.kinds.push(kind);
            self.kinds.len() - 1
        });
        key(place)
    }
}

impl Build for Kinds {
    type Item<'a> = Option<&'static str>;

    fn push(&mut self, kind: Option<&'static str>) {
        let key = kind.map_or(0, |kind| self.key(kind));
        self.keys.push(key);
        self.known.push(kind.is_some());
    }

    fn append(&mut self, more: Self) {
        let keys: Vec<u32> = more.kinds.into_iter().map(|kind| self.key(kind)).collect();
        let key = |key: u32| keys.get(key as usize).copied().unwrap_or_default();
        self.keys.extend(more.keys.into_iter().map(key));
        self.known.append(more.known);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        let mut texts = Texts::default();
        self.kinds.iter().for_each(|kind| texts.push(Some(kind)));
        dictionary(self.keys, self.known, texts)
    }
}

/// The key of a value; there are fewer values than rows.
fn key(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn dictionary(keys: Vec<u32>, known: Known, values: Texts) -> PolarsResult<Box<dyn Array>> {
    let keys = PrimitiveArray::from_vec(keys).with_validity(known.finish());
    Ok(Box::new(DictionaryArray::try_from_keys(keys, values.finish()?, false)?))
}
