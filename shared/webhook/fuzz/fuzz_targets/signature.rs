//! Any headers, body, secret and time: verification does not panic, and accepts the right HMAC
//! only.
//!
//! ```sh
//! cd shared/webhook && cargo +nightly fuzz run signature -- -max_total_time=60
//! ```
//!
//! An input is secret, signature, timestamp, time of day and body, separated by the byte `FF`,
//! which is no part of a text. From the left, any of them may be missing.
#![no_main]

#[path = "../../tests/webhook/properties.rs"]
#[expect(dead_code, reason = "the other target uses the rest")]
mod properties;
mod seeds;

use libfuzzer_sys::fuzz_target;
use properties::Delivery;
use task_timeline::EpochMs;
use webhook::ProofHeaders;

const SECRET: &str = "correct horse battery staple 0123";

fuzz_target!(
    init: seeds::write("signature", |body| {
        let signature = properties::sign(SECRET, body);
        let head = format!("{SECRET}|{signature}|1790000000333|1790000000333|");
        let head = head.bytes().map(|byte| if byte == b'|' { 0xff } else { byte });
        head.chain(body.iter().copied()).collect()
    }),
    |bytes: &[u8]| {
        let mut parts = bytes.rsplitn(5, |byte| *byte == 0xff);
        let body = parts.next().unwrap_or_default();
        let mut text = || parts.next().and_then(|part| str::from_utf8(part).ok());
        let now = text().and_then(|now| now.parse().ok()).unwrap_or(1_790_000_000_333);
        let headers = ProofHeaders { timestamp: text(), signature: text() };
        let secret = text().unwrap_or(SECRET);
        let delivery = Delivery { body, headers, secret, now: EpochMs(now) };
        properties::only_the_right_signature_is_accepted(&delivery);
    }
);
