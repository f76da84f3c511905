//! What a target starts from: the fixtures, in the compact form in which Webex posts bodies.
//!
//! Invariant: the corpus is made anew from `shared/fixtures`, no copy of them is kept in git.

use std::fs;
use std::path::Path;

/// Writes an input for each fixture to the corpus of the target. `input` makes it of the body.
pub fn write(target: &str, input: impl Fn(&[u8]) -> Vec<u8>) {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = own.join("corpus").join(target);
    fs::create_dir_all(&corpus).expect("the corpus is a folder");
    for entry in fs::read_dir(own.join("../../fixtures/webhooks")).expect("there are fixtures") {
        let path = entry.expect("the fixtures can be listed").path();
        let text = fs::read(&path).expect("a fixture can be read");
        let body: serde_json::Value = serde_json::from_slice(&text).expect("a fixture is JSON");
        let name = path.file_stem().expect("a fixture has a name");
        fs::write(corpus.join(name), input(body.to_string().as_bytes()))
            .expect("a seed is written");
    }
}
