//! Typed columns that grow row by row and become Arrow arrays, as Parquet wants them.
//!
//! Invariant: `columns!` lists each column of a table once: name, type, and where its value
//! comes from. The order of the list is the order in the file.
//!
//! Texts that repeat are numbered as they come ([`Names`], [`Kinds`], [`Ids`]), so that nobody has to copy
//! them row by row or look for repetitions afterwards: that is a fifth of the second half of a
//! rebuild (BENCHMARKS.md).

use std::borrow::Borrow;
use std::hash::Hash;

use polars::prelude::{ArrowDataType, ArrowTimeUnit, PolarsResult};
use polars_arrow::array::{Array, DictionaryArray, ListArray, PrimitiveArray, Utf8Array};
use polars_arrow::bitmap::{Bitmap, MutableBitmap};
use task_timeline::{EpochMs, Id, Identity};

use crate::interned::Interned;

/// A column that grows.
pub trait Build: Default {
    /// What is added.
    type Item<'a>;

    /// Adds a value.
    fn push(&mut self, item: Self::Item<'_>);

    /// Adds all values of another column.
    fn append(&mut self, more: Self);

    /// The column.
    ///
    /// # Errors
    /// When Arrow finds that something does not fit together: a bug.
    fn finish(self) -> PolarsResult<Box<dyn Array>>;
}

/// Which values of a column are known.
#[derive(Default)]
struct Known(MutableBitmap);

impl Known {
    fn append(&mut self, more: Known) {
        self.0.extend_from_bitmap(&more.0.freeze());
    }

    fn finish(self) -> Option<Bitmap> {
        (self.0.unset_bits() > 0).then(|| self.0.freeze())
    }
}

/// Texts that hardly repeat.
pub struct Texts {
    bytes: Vec<u8>,
    offsets: Vec<i64>,
    known: Known,
}

impl Default for Texts {
    fn default() -> Self {
        Texts { bytes: Vec::new(), offsets: vec![0], known: Known::default() }
    }
}

impl Texts {
    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    fn last(&self) -> Option<&[u8]> {
        let [.., from, to] = *self.offsets else { return None };
        self.bytes.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }
}

impl Build for Texts {
    type Item<'a> = Option<&'a str>;

    fn push(&mut self, text: Option<&str>) {
        self.bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        self.offsets.push(self.bytes.len().cast_signed() as i64);
        self.known.0.push(text.is_some());
    }

    fn append(&mut self, more: Self) {
        let so_far = self.bytes.len().cast_signed() as i64;
        self.bytes.extend(more.bytes);
        self.offsets.extend(more.offsets.into_iter().skip(1).map(|offset| so_far + offset));
        self.known.append(more.known);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        let Texts { bytes, offsets, known } = self;
        let dtype = ArrowDataType::LargeUtf8;
        let texts =
            Utf8Array::<i64>::try_new(dtype, offsets.try_into()?, bytes.into(), known.finish())?;
        Ok(Box::new(texts))
    }
}

/// Texts of which equal ones follow each other: each is kept once, and nobody has to look whether it
/// was there before.
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

/// Numbers of things, instead of the things.
struct Dictionary<T> {
    things: Interned<T>,
    /// The number of the last thing, which is likely to come again.
    last: u32,
    keys: Vec<u32>,
    known: Known,
}

impl<T> Default for Dictionary<T> {
    fn default() -> Self {
        let (keys, known) = (Vec::new(), Known::default());
        Dictionary { things: Interned::default(), last: 0, keys, known }
    }
}

impl<T: Clone + Eq + Hash> Dictionary<T> {
    fn number<Q>(&mut self, thing: &Q) -> u32
    where
        T: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = T> + ?Sized,
    {
        if self.things.get(self.last).is_none_or(|last| last.borrow() != thing) {
            self.last = self.things.number(thing);
        }
        self.last
    }

    /// Adds the thing with that number; 0 is none.
    fn push(&mut self, number: u32) {
        self.keys.push(number.saturating_sub(1));
        self.known.0.push(number > 0);
    }

    fn append(&mut self, more: Self) {
        let numbers: Vec<u32> =
            more.things.things().iter().map(|thing| self.things.number::<T>(thing)).collect();
        let key = |key: u32| numbers.get(key as usize).map_or(0, |number| number - 1);
        self.keys.extend(more.keys.into_iter().map(key));
        self.known.append(more.known);
    }

    fn finish(self, mut push: impl FnMut(&mut Texts, &T)) -> PolarsResult<Box<dyn Array>> {
        let mut texts = Texts::default();
        self.things.things().iter().for_each(|thing| push(&mut texts, thing));
        dictionary(self.keys, self.known, texts)
    }
}

/// Texts that repeat.
#[derive(Default)]
pub struct Names(Dictionary<String>);

impl Build for Names {
    type Item<'a> = Option<&'a str>;

    fn push(&mut self, name: Option<&str>) {
        let number = name.map_or(0, |name| self.0.number(name));
        self.0.push(number);
    }

    fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        self.0.finish(|texts, name| texts.push(Some(name)))
    }
}

/// Names out of a set of a few, which are written in the program: they are known again by
/// their place in memory.
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
        self.known.0.push(kind.is_some());
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

/// The number of a thing, of which there are fewer than rows.
fn key(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn dictionary(keys: Vec<u32>, known: Known, things: Texts) -> PolarsResult<Box<dyn Array>> {
    let keys = PrimitiveArray::from_vec(keys).with_validity(known.finish());
    Ok(Box::new(DictionaryArray::try_from_keys(keys, things.finish()?, false)?))
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

/// Ids as mere texts, for frames: the Polars of this workspace knows no dictionaries.
#[derive(Default)]
pub struct IdTexts(Texts);

impl Build for IdTexts {
    type Item<'a> = Option<&'a Id>;

    fn push(&mut self, id: Option<&Id>) {
        let mut buffer = [0; 36];
        self.0.push(id.map(|id| id.as_text(&mut buffer)));
    }

    fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        self.0.finish()
    }
}

/// Counts and places.
#[derive(Default)]
pub struct Counts(Vec<u32>);

impl Build for Counts {
    type Item<'a> = u32;

    fn push(&mut self, count: u32) {
        self.0.push(count);
    }

    fn append(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        Ok(Box::new(PrimitiveArray::from_vec(self.0)))
    }
}

/// Milliseconds that are always known.
#[derive(Default)]
pub struct Durations(Vec<i64>);

impl Build for Durations {
    type Item<'a> = i64;

    fn push(&mut self, duration_ms: i64) {
        self.0.push(duration_ms);
    }

    fn append(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        Ok(Box::new(PrimitiveArray::from_vec(self.0)))
    }
}

/// Milliseconds that may be unknown.
#[derive(Default)]
pub struct MaybeDurations {
    durations_ms: Vec<i64>,
    known: Known,
}

impl MaybeDurations {
    fn array(self) -> PrimitiveArray<i64> {
        PrimitiveArray::from_vec(self.durations_ms).with_validity(self.known.finish())
    }
}

impl Build for MaybeDurations {
    type Item<'a> = Option<i64>;

    fn push(&mut self, duration_ms: Option<i64>) {
        self.durations_ms.push(duration_ms.unwrap_or_default());
        self.known.0.push(duration_ms.is_some());
    }

    fn append(&mut self, more: Self) {
        self.durations_ms.extend(more.durations_ms);
        self.known.append(more.known);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        Ok(Box::new(self.array()))
    }
}

/// Instants in UTC.
#[derive(Default)]
pub struct Times(MaybeDurations);

impl Build for Times {
    type Item<'a> = Option<EpochMs>;

    fn push(&mut self, at: Option<EpochMs>) {
        self.0.push(at.map(|at| at.0));
    }

    fn append(&mut self, more: Self) {
        self.0.append(more.0);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        let dtype = ArrowDataType::Timestamp(ArrowTimeUnit::Millisecond, Some("UTC".into()));
        Ok(Box::new(self.0.array().to(dtype)))
    }
}

/// Lists of identities, in hexadecimal.
pub struct Identities {
    texts: Texts,
    offsets: Vec<i64>,
}

impl Default for Identities {
    fn default() -> Self {
        Identities { texts: Texts::default(), offsets: vec![0] }
    }
}

impl Build for Identities {
    type Item<'a> = &'a [Identity];

    fn push(&mut self, identities: &[Identity]) {
        for identity in identities {
            self.texts.push(Some(identity.as_text(&mut [0; 32])));
        }
        let so_far = self.offsets.last().copied().unwrap_or_default();
        self.offsets.push(so_far + identities.len().cast_signed() as i64);
    }

    fn append(&mut self, more: Self) {
        let so_far = self.offsets.last().copied().unwrap_or_default();
        self.offsets.extend(more.offsets.into_iter().skip(1).map(|offset| so_far + offset));
        self.texts.append(more.texts);
    }

    fn finish(self) -> PolarsResult<Box<dyn Array>> {
        let dtype = ListArray::<i64>::default_datatype(ArrowDataType::LargeUtf8);
        let offsets = self.offsets.try_into()?;
        Ok(Box::new(ListArray::try_new(dtype, offsets, self.texts.finish()?, None)?))
    }
}

/// Rows of a table, column by column.
pub trait Table: Default {
    /// How many rows there are.
    fn height(&self) -> usize;

    /// Adds all rows of another table.
    fn append(&mut self, more: Self);

    /// The columns, by name.
    ///
    /// # Errors
    /// When Arrow finds that something does not fit together: a bug.
    fn into_arrays(self) -> PolarsResult<Vec<(&'static str, Box<dyn Array>)>>;
}

/// Declares a table: for each column its name, its type, and its value in a row.
macro_rules! columns {
    (
        $(#[$doc:meta])*
        $table:ident of $row_type:ty as $row:ident {
            $($name:ident: $column:ident = $value:expr,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Default)]
        pub struct $table {
            height: usize,
            $($name: $column,)+
        }

        impl $table {
            /// Adds a row.
            pub fn push(&mut self, $row: &$row_type) {
                self.height += 1;
                $(self.$name.push($value);)+
            }
        }

        impl $crate::output::columns::Table for $table {
            fn height(&self) -> usize {
                self.height
            }

            fn append(&mut self, more: Self) {
                self.height += more.height;
                $(self.$name.append(more.$name);)+
            }

            fn into_arrays(
                self,
            ) -> polars::prelude::PolarsResult<
                Vec<(&'static str, Box<dyn polars_arrow::array::Array>)>,
            > {
                Ok(vec![$((stringify!($name), self.$name.finish()?),)+])
            }
        }
    };
}
pub(crate) use columns;
