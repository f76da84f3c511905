//! The secrets of a local stack, in its folder. They are created on its first start, for people who want
//! to sign webhooks of their own.
//!
//! Invariant: the stack takes all that the file holds, as `ingest-webhook` takes the secret in AWS.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use aws_account::secret::new_secret;
use functions::ingest_webhook::secret_store::secrets_in;
use webhook::Secrets;

use crate::webex::secrets_json;

/// The file's name, in the folder of the stack. Its format is that of Secrets Manager's secret.
pub const FILE: &str = "secrets.json";

/// The secrets in the file; without one, it is made, with a new secret for the subscription
/// `local-stack` and for signals.
///
/// # Errors
///
/// When the file cannot be read, or not be made, or is not of that format.
pub fn load(folder: &Path) -> Result<Secrets> {
    let file = folder.join(FILE);
    if !file.exists() {
        fs::write(&file, format!("{:#}\n", secrets_json(&new_secret()?)))?;
    }
    let origin = file.display().to_string();
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {origin}"))?;
    Ok(secrets_in(&text, &origin)?)
}
