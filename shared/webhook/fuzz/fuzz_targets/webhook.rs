//! Any bytes: no reader panics, and all readers give the same answer.
//!
//! ```sh
//! cd shared/webhook && cargo +nightly fuzz run webhook -- -max_total_time=60
//! ```
#![no_main]

#[path = "../../tests/webhook/properties.rs"]
#[expect(dead_code, reason = "the other target uses the rest")]
mod properties;
mod seeds;

use libfuzzer_sys::fuzz_target;

fuzz_target!(
    init: seeds::write("webhook", |body| {
        // Twice: a mutation of one line then meets the layout of the other.
        [body, b"\n", body].concat()
    }),
    |bytes: &[u8]| {
        properties::readers_agree(bytes);
        properties::bodies_are_read_as_on_their_own(bytes);
        bytes.split(|byte| *byte == b'\n').for_each(properties::readers_agree);
    }
);
