//! Typed columns that grow row by row and become Arrow arrays, as Parquet wants them.
//!
//! Invariant: appending the columns of parts gives the column of the whole.

mod build;
mod dictionaries;
mod lists;
mod numbers;
mod texts;

pub use self::build::Build;
pub use self::dictionaries::{IdRuns, Ids, Kinds, RepeatedTexts, Runs};
pub use self::lists::Lists;
pub use self::numbers::{Counts, Durations, MaybeDurations, Numbers, Quotients, Times};
pub use self::texts::{Identities, Texts};
