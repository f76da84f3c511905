//! Panics of the Parquet reader as errors.
//!
//! Invariant: a panic ends the read of a part of a file, and nothing else. It prints nothing; all other
//! panics of the process print what they did before.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::read_error::ReadError;

thread_local! {
    /// Whether a panic of this thread becomes an error.
    static IS_CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// The Parquet reader of Polars (0.55) panics on some damaged files. This turns the panic into an
/// error: nothing is left half done, because what was being decoded is dropped.
pub(crate) fn contained<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    static HOOK: Once = Once::new();
    HOOK.call_once(silence_contained);
    let outside = IS_CONTAINED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    IS_CONTAINED.set(outside);
    read.unwrap_or_else(|_panic| Err(ReadError::damaged("it cannot be decoded")))
}

fn silence_contained() {
    let print = take_hook();
    set_hook(Box::new(move |panic| {
        if !IS_CONTAINED.get() {
            print(panic);
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_contained_panic_prints_nothing_and_others_do() {
        static PRINTED: AtomicUsize = AtomicUsize::new(0);
        set_hook(Box::new(|_panic| {
            PRINTED.fetch_add(1, Ordering::Relaxed);
        }));
        let error = contained(|| -> Result<(), ReadError> { panic!("a decoder's") }).unwrap_err();
        assert_eq!(error.to_string(), "the file is damaged");
        assert_eq!(PRINTED.load(Ordering::Relaxed), 0);
        assert!(catch_unwind(|| panic!("another")).is_err());
        assert_eq!(PRINTED.load(Ordering::Relaxed), 1);
    }
}
