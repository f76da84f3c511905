//! Typed columns that grow row by row and become a Polars frame.
//!
//! Invariant: `columns!` lists each column of a table once: name, type, and where its value
//! comes from. The order of the list is the order in the file.

use polars::prelude::*;
use task_timeline::{EpochMs, Id, Identity};

/// A column that grows.
pub trait Build: Default {
    /// What is added.
    type Item<'a>;

    /// Adds a value.
    fn push(&mut self, item: Self::Item<'_>);

    /// The column.
    fn finish(self, name: &str) -> Column;
}

/// Ids as text.
pub struct Ids(StringChunkedBuilder);

impl Default for Ids {
    fn default() -> Self {
        Ids(StringChunkedBuilder::new(PlSmallStr::EMPTY, 0))
    }
}

impl Build for Ids {
    type Item<'a> = Option<&'a Id>;

    fn push(&mut self, id: Option<&Id>) {
        match id {
            Some(id) => self.0.append_value(id.as_text(&mut [0; 36])),
            None => self.0.append_null(),
        }
    }

    fn finish(self, name: &str) -> Column {
        self.0.finish().with_name(name.into()).into_column()
    }
}

/// Texts and names of things.
pub struct Texts(StringChunkedBuilder);

impl Default for Texts {
    fn default() -> Self {
        Texts(StringChunkedBuilder::new(PlSmallStr::EMPTY, 0))
    }
}

impl Build for Texts {
    type Item<'a> = Option<&'a str>;

    fn push(&mut self, text: Option<&str>) {
        self.0.append_option(text);
    }

    fn finish(self, name: &str) -> Column {
        self.0.finish().with_name(name.into()).into_column()
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

    fn finish(self, name: &str) -> Column {
        UInt32Chunked::from_vec(name.into(), self.0).into_column()
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

    fn finish(self, name: &str) -> Column {
        Int64Chunked::from_vec(name.into(), self.0).into_column()
    }
}

/// Milliseconds that may be unknown.
pub struct MaybeDurations(PrimitiveChunkedBuilder<Int64Type>);

impl Default for MaybeDurations {
    fn default() -> Self {
        MaybeDurations(PrimitiveChunkedBuilder::new(PlSmallStr::EMPTY, 0))
    }
}

impl Build for MaybeDurations {
    type Item<'a> = Option<i64>;

    fn push(&mut self, duration_ms: Option<i64>) {
        self.0.append_option(duration_ms);
    }

    fn finish(self, name: &str) -> Column {
        self.0.finish().with_name(name.into()).into_column()
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

    fn finish(self, name: &str) -> Column {
        let since_1970 = self.0.0.finish().with_name(name.into());
        since_1970.into_datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC)).into_column()
    }
}

/// Lists of identities, in hexadecimal.
pub struct Identities(ListStringChunkedBuilder);

impl Default for Identities {
    fn default() -> Self {
        Identities(ListStringChunkedBuilder::new(PlSmallStr::EMPTY, 0, 0))
    }
}

impl Build for Identities {
    type Item<'a> = &'a [Identity];

    fn push(&mut self, identities: &[Identity]) {
        let hex: Vec<String> = identities.iter().map(Identity::to_string).collect();
        self.0.append_values_iter(hex.iter().map(String::as_str));
    }

    fn finish(mut self, name: &str) -> Column {
        self.0.finish().with_name(name.into()).into_column()
    }
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
            /// How many rows there are.
            pub fn height(&self) -> usize {
                self.height
            }

            /// Adds a row.
            pub fn push(&mut self, $row: &$row_type) {
                self.height += 1;
                $(self.$name.push($value);)+
            }

            /// The rows as a frame.
            ///
            /// # Errors
            /// When Polars finds columns of different lengths: a bug.
            pub fn into_frame(self) -> polars::prelude::PolarsResult<polars::prelude::DataFrame> {
                let columns = vec![$(self.$name.finish(stringify!($name)),)+];
                polars::prelude::DataFrame::new(self.height, columns)
            }
        }
    };
}
pub(crate) use columns;
