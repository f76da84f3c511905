//! Secrets that senders sign with.

/// A new secret: 32 random bytes as 64 hexadecimal digits. Webex takes 32 to 256 characters.
///
/// # Errors
/// When the machine has no randomness.
pub fn new_secret() -> Result<String, getrandom::Error> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}
