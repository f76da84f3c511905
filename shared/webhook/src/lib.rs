//! What Webex Contact Center sends: the bytes of a webhook in, a [`Webhook`] with its event out.
//!
//! A delivery is first proven genuine ([`Secrets::verify_webhook`]), then read
//! ([`Webhook::parse`]). [`Layouts`] reads the many bodies of a file and is several times faster.
//!
//! Two readers pass the members of a body to the same interpretation, `reading`: `fast` reads
//! compact JSON without escapes, `slow` is `serde_json` and reads everything. Tests and a fuzz
//! target check that both give the same answer.
//!
//! ```
//! let body = br#"{"type":"task:parked","comciscoorgid":"org-1","data":{
//!     "taskId":"task-1","queueId":"billing","createdTime":1790000000123}}"#;
//! let webhook = webhook::Webhook::parse(body)?;
//! assert_eq!(webhook.event.kind.name(), "task:parked");
//! assert_eq!(webhook.event.queue, task_timeline::Id::new("billing"));
//! # Ok::<(), webhook::WebhookError>(())
//! ```

mod claim;
mod envelope;
mod fast;
mod field;
mod interned;
mod member;
mod parse;
mod plain;
mod reading;
mod seen_fields;
mod signature;
mod signed_delivery;
mod slow;

pub use envelope::{CLOCK_TOLERANCE_MS, Webhook, WebhookError};
pub use fast::body_texts::{BodyTexts, MAX_BODY_BYTES};
pub use fast::layout::Layouts;
pub use plain::says_null;
pub use signature::{EmptySecret, Proof, ProofHeaders, Refusal, Secret, Secrets, TOLERANCE_MS};
pub use signed_delivery::SignedDelivery;
pub use slow::json::Json;
