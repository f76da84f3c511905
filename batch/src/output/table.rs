//! Tables, column by column.
//!
//! Invariant: `columns!` lists each column of a table once: name, type, and where its value
//! comes from. The order of the list is the order in the file.

use polars::prelude::PolarsResult;
use polars_arrow::array::Array;

/// Rows of a table, column by column.
pub trait Table: Default {
    /// How many rows there are.
    fn height(&self) -> usize;

    /// Adds all rows of another table.
    fn append(&mut self, more: Self);

    /// The columns, by name.
    ///
    /// # Errors
    /// When Arrow finds an inconsistency: a bug.
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

        impl $crate::output::table::Table for $table {
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
