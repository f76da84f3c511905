//! What the function is called for: a batch of the stream, or the schedule.
//!
//! Invariant: a batch that cannot be read is an error, and is never taken for the schedule.

use aws_lambda_events::event::dynamodb;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// What the function is called for.
#[derive(Clone, Debug)]
pub enum Work {
    /// A batch of the table's stream.
    Batch(dynamodb::Event),
    /// Anything else, which is the schedule: deliveries in `spill/` must not wait for the next
    /// batch.
    Schedule,
}

impl<'de> Deserialize<'de> for Work {
    /// A batch that cannot be read is an error and comes again; it must not be taken for the
    /// schedule.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Work, D::Error> {
        let work = Value::deserialize(deserializer)?;
        if work.get("Records").is_none() {
            return Ok(Work::Schedule);
        }
        dynamodb::Event::deserialize(work).map(Work::Batch).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_a_batch_is_the_schedule() {
        let schedule = serde_json::from_str(r#"{"source": "aws.scheduler"}"#);
        assert!(matches!(schedule, Ok(Work::Schedule)));
        let broken = serde_json::from_str::<Work>(r#"{"Records": [{"eventID": 7}]}"#);
        assert!(broken.is_err(), "{broken:?}");
    }
}
