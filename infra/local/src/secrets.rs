//! The secret of a local stack: created on its first start, and kept in its folder for people who
//! want to sign webhooks of their own.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use aws_account::secret::new_secret;
use serde_json::Value;

use crate::webex::{SUBSCRIPTION, secrets_json};

/// The file's name, in the folder of the stack. Its format is that of Secrets Manager's secret.
pub const FILE: &str = "secrets.json";

/// The secret of the subscription `local-stack`, and of signals.
///
/// # Errors
///
/// When the file cannot be read, or not be made.
pub fn secret(folder: &Path) -> Result<String> {
    let file = folder.join(FILE);
    if !file.exists() {
        fs::write(&file, format!("{:#}\n", secrets_json(&new_secret()?)))?;
    }
    let text = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let secrets: Value = serde_json::from_slice(&text)?;
    let secret = secrets["subscriptions"][SUBSCRIPTION][0].as_str();
    let lacks = || format!("{} lacks a secret for the subscription {SUBSCRIPTION}", file.display());
    Ok(secret.with_context(lacks)?.to_owned())
}
