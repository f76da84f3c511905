//! What the program says, on standard output.

use std::fmt::Arguments;
use std::io::{self, Write};
use std::process::exit;

/// Prints a line.
macro_rules! say {
    () => { $crate::say::line(format_args!("")) };
    ($($text:tt)+) => { $crate::say::line(format_args!($($text)+)) };
}
pub(crate) use say;

/// Prints a line. The program ends well where nobody reads on, as before `head`.
pub(crate) fn line(text: Arguments<'_>) {
    if writeln!(io::stdout().lock(), "{text}").is_err() {
        exit(0);
    }
}
