//! Is this delivery genuine? Bytes, headers, secrets and the current time in, a verdict out.
//!
//! Invariant: the time of a comparison never depends on a secret. Until the body is proven
//! genuine, only its claimed sender and dispatch time are read.
//!
//! Source: Cisco's webhook guide: `X-WebexCC-Signature` is the lower-case hexadecimal
//! HMAC-SHA256 of the raw body under the subscription's secret; v2 subscriptions add
//! `X-WebExCC-Timestamp`, equal to `comciscotimestamp` of the body.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use task_timeline::EpochMs;
use thiserror::Error;

use crate::claim::Claim;

/// How far the dispatch time may be from the current time, in either direction; in milliseconds.
pub const TOLERANCE_MS: i64 = 5 * 60 * 1_000;

/// A shared secret. Its `Debug` output does not reveal it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Secret(String);

impl Secret {
    /// The secret itself, to be sent or stored.
    pub fn exposed(&self) -> &str {
        &self.0
    }

    /// The lower-case hexadecimal HMAC-SHA256 of `body`, as Webex signs it.
    pub fn sign(&self, body: &[u8]) -> String {
        let mac = self.mac(body).map(|mac| mac.finalize().into_bytes());
        mac.iter().flatten().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// An empty secret, which would prove nothing.
#[derive(Debug, Error)]
#[error("a secret is empty")]
pub struct EmptySecret;

impl TryFrom<String> for Secret {
    type Error = EmptySecret;

    fn try_from(text: String) -> Result<Secret, EmptySecret> {
        if text.is_empty() { Err(EmptySecret) } else { Ok(Secret(text)) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// All secrets that are active now. There may be several of each kind, for rotation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    /// The secrets of webhook subscriptions, by subscription id.
    pub subscriptions: BTreeMap<String, Vec<Secret>>,
    /// The secrets that a flow may send with a signal.
    #[serde(default)]
    pub signals: Vec<Secret>,
}

/// The headers that prove a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProofHeaders<'a> {
    /// `X-WebexCC-Signature`.
    pub signature: Option<&'a str>,
    /// `X-WebExCC-Timestamp`.
    pub timestamp: Option<&'a str>,
}

/// What is proven of a delivery whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Proof {
    /// The subscription that it names has sent it just now.
    Complete,
    /// Some subscription has sent it, at some time: the body does not say readably by whom and when.
    /// So it may be a recorded delivery that is replayed, and must not count as an event.
    SignatureOnly {
        /// What cannot be read.
        reason: String,
    },
}

/// Why a delivery is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is no signature.
    #[error("the signature is missing")]
    Unsigned,
    /// The signature does not match the body under any active secret.
    #[error("the signature does not match the body under any active secret")]
    Forged,
    /// There is no secret for the subscription that the body names.
    #[error("there is no secret for the subscription {subscription:?}")]
    UnknownSubscription {
        /// Its id, cut to 64 characters.
        subscription: String,
    },
    /// The dispatch times of header and body differ.
    #[error("the timestamps of header and body differ")]
    TimestampsDiffer,
    /// Dispatched too long ago: possibly a recorded delivery that is replayed.
    #[error("the delivery is {age_ms} ms old")]
    TooOld {
        /// How long ago, in milliseconds.
        age_ms: i64,
    },
    /// Dispatched in the future.
    #[error("the delivery is dated {ahead_ms} ms in the future")]
    FromTheFuture {
        /// How far ahead, in milliseconds.
        ahead_ms: i64,
    },
}

impl Secrets {
    /// Checks that `body` was signed with a secret of the subscription that it names, and
    /// dispatched within [`TOLERANCE_MS`] of `now`.
    ///
    /// A body that does not name its subscription, such as an unreadable one, may be signed with any
    /// active secret. If it cannot be read who sent a body and when, only its signature is proven.
    ///
    /// ```
    /// use task_timeline::EpochMs;
    /// use webhook::{Proof, ProofHeaders, Refusal, Secrets};
    ///
    /// let secrets: Secrets =
    ///     serde_json::from_str(r#"{"subscriptions": {"subscription-1": ["a secret"]}}"#)?;
    /// let body = br#"{"source":"/com/cisco/wxcc/subscription-1"}"#;
    /// let signature = "d2b58232e8e038ddede057b27bf74a030e69880fde8e10f848e8f33f4b40cdb4";
    /// let headers = ProofHeaders { signature: Some(signature), timestamp: None };
    /// let now = EpochMs(1_790_000_000_123);
    /// assert_eq!(secrets.verify_webhook(body, headers, now), Ok(Proof::Complete));
    /// assert_eq!(secrets.verify_webhook(b"changed", headers, now), Err(Refusal::Forged));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// # Errors
    /// When one of these conditions does not hold.
    pub fn verify_webhook(
        &self,
        body: &[u8],
        headers: ProofHeaders<'_>,
        now: EpochMs,
    ) -> Result<Proof, Refusal> {
        let signature = headers.signature.ok_or(Refusal::Unsigned)?;
        let signature = hex_bytes(signature).ok_or(Refusal::Forged)?;
        let claim = Claim::read(body);
        let subscription = claim.as_ref().ok().and_then(|claim| claim.subscription.as_deref());
        let proves = |secret: &Secret| secret.signs(body, &signature);
        let genuine = match subscription {
            Some(id) => any(self.subscriptions.get(id).ok_or_else(|| unknown(id))?, proves),
            None => any(self.subscriptions.values().flatten(), proves),
        };
        if !genuine {
            return Err(Refusal::Forged);
        }
        match claim.and_then(|claim| claim.dispatched_at) {
            Ok(dispatched_at) => is_recent(dispatched_at, headers.timestamp, now),
            Err(unreadable) => Ok(Proof::SignatureOnly { reason: unreadable.to_string() }),
        }
    }

    /// Checks the secret that a flow sent with a signal.
    ///
    /// # Errors
    /// When the secret is missing or not active.
    pub fn verify_signal(&self, secret: Option<&str>) -> Result<(), Refusal> {
        let secret = secret.ok_or(Refusal::Unsigned)?;
        let equals = |active: &Secret| active.0.as_bytes().ct_eq(secret.as_bytes()).into();
        if any(&self.signals, equals) { Ok(()) } else { Err(Refusal::Forged) }
    }
}

impl Secret {
    fn signs(&self, body: &[u8], signature: &[u8]) -> bool {
        self.mac(body).is_some_and(|mac| mac.verify_slice(signature).is_ok())
    }

    /// Always there: HMAC accepts keys of any length.
    fn mac(&self, body: &[u8]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).ok()?;
        mac.update(body);
        Some(mac)
    }
}

/// Whether any secret passes. All are tried, so that the time does not reveal which one did.
fn any<'s>(
    secrets: impl IntoIterator<Item = &'s Secret>,
    passes: impl Fn(&Secret) -> bool,
) -> bool {
    secrets.into_iter().fold(false, |passed, secret| passes(secret) | passed)
}

fn unknown(subscription: &str) -> Refusal {
    Refusal::UnknownSubscription { subscription: subscription.chars().take(64).collect() }
}

/// Checks the dispatch time of the body, which v1 subscriptions do not send, and that the header
/// gives the same.
fn is_recent(
    dispatched_at: Option<EpochMs>,
    header: Option<&str>,
    now: EpochMs,
) -> Result<Proof, Refusal> {
    let in_body = dispatched_at.map(|at| at.to_string());
    if in_body.unwrap_or_default() != header.unwrap_or_default() {
        return Err(Refusal::TimestampsDiffer);
    }
    let age_ms = dispatched_at.map_or(0, |at| now.0.saturating_sub(at.0));
    if age_ms > TOLERANCE_MS {
        return Err(Refusal::TooOld { age_ms });
    }
    if age_ms < -TOLERANCE_MS {
        return Err(Refusal::FromTheFuture { ahead_ms: age_ms.saturating_neg() });
    }
    Ok(Proof::Complete)
}

/// Decodes pairs of lower-case hexadecimal digits.
fn hex_bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs.iter().map(|&[high, low]| Some(digit(high)? << 4 | digit(low)?));
    bytes.collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty())
}
