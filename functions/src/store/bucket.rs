//! The S3 bucket: the archive, and the two places for deliveries that cannot be stored as usual.
//!
//! | prefix | one object for each | until |
//! |---|---|---|
//! | `events/date=<createdTime>/` | batch of events and date | kept |
//! | `spill/` | delivery while DynamoDB failed | replayed |
//! | `quarantine/` | body of a genuine delivery that cannot be read | looked at by people |
//! | `gaps/date=<begin>/` | stretch of time without a subscription ([`Gap`](aws_account::gap::Gap)) | kept |
//!
//! `spill/` and `quarantine/` hold bodies exactly as received; what else is known of them is in the
//! object's metadata.
//!
//! Invariant: keys follow from content, so that a second attempt writes the same object.

mod deliveries;
mod key;
mod objects;
mod versions;

pub use self::deliveries::{RawDelivery, Spilled};
pub use self::key::{date, digest};
pub use self::objects::{Bucket, BucketError, NAMES};
pub use self::versions::{ObjectContent, ObjectVersion};
