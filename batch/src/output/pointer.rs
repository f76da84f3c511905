//! The pointer to the last complete run: `latest.json`, below the outputs.
//!
//! Invariant: what is written as a pointer can be read as one.

use anyhow::{Context, Result};
use serde_json::{Value, json};

/// The name of the pointer.
pub(crate) const POINTER: &str = "latest.json";

/// The content of a pointer to `run`.
pub(crate) fn pointer_to(run: &str) -> String {
    json!({ "run": run }).to_string()
}

/// The run that a pointer leads to.
pub(crate) fn pointed_to(content: &[u8]) -> Result<String> {
    let pointer: Value = serde_json::from_slice(content)?;
    Ok(pointer["run"].as_str().with_context(|| format!("{POINTER} names no run"))?.to_owned())
}
