//! The sending side: a delivery as Webex makes it, for tests and for trying things out.

use serde_json::{Map, Value};
use task_timeline::EpochMs;

use crate::signature::Secret;

/// A webhook as a v2 subscription posts it.
#[derive(Clone, Debug)]
pub struct SignedDelivery {
    /// The body, signed as it is.
    pub body: String,
    /// The headers that prove it, by name.
    pub headers: [(&'static str, String); 3],
}

impl SignedDelivery {
    /// The event with this envelope, dispatched by `subscription` and signed at `at`. Whatever it
    /// says of its own dispatch is replaced; the event stays the same.
    pub fn new(
        mut envelope: Map<String, Value>,
        subscription: &str,
        secret: &Secret,
        at: EpochMs,
    ) -> SignedDelivery {
        envelope.insert("source".to_owned(), format!("/com/cisco/wxcc/{subscription}").into());
        envelope.insert("comciscotimestamp".to_owned(), at.0.into());
        let body = Value::Object(envelope).to_string();
        let headers = [
            ("x-webexcc-signature", secret.sign(body.as_bytes())),
            ("x-webexcc-timestamp", at.to_string()),
            ("x-webexcc-webhook-version", "task:1.0.0".to_owned()),
        ];
        SignedDelivery { body, headers }
    }
}
