//! What Lambda's event source mapping does: it hands a table's stream to a function, in batches.
//!
//! At least once and in order: a record is deleted when the function has taken it, and a batch that
//! fails is handed over again until it succeeds. Nothing is skipped.

mod consumer;
mod mapping;
mod options;

pub use self::mapping::Mapping;
pub use self::options::EventSource;
