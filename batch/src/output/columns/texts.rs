//! Texts that are written out row by row.
//!
//! Invariant: offsets begin with 0, and there is one more of them than values.

use polars::prelude::{ArrowDataType, PolarsResult};
use polars_arrow::array::{Array, ListArray, Utf8Array};
use task_timeline::Identity;

use super::build::{Build, Known};

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
    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(crate) fn last(&self) -> Option<&[u8]> {
        let [.., from, to] = *self.offsets else { return None };
        self.bytes.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)
    }
}

impl Build for Texts {
    type Item<'a> = Option<&'a str>;

    fn push(&mut self, text: Option<&str>) {
        self.bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        self.offsets.push(self.bytes.len().cast_signed() as i64);
        self.known.push(text.is_some());
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
