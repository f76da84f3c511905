//! The table, and how its requests are made: what they have in common.
//!
//! Invariant: a write whose condition did not hold is no error, and gives the item that was in its
//! way.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};
use thiserror::Error;

use super::item::{Item, text};
use super::key::{Partition, STATE_KEY};
use crate::store::spent::Meter;

/// The table.
#[derive(Clone, Debug)]
pub struct TaskTable {
    pub(super) client: Client,
    pub(super) name: String,
}

/// Why the table could not be read or written.
#[derive(Debug, Error)]
pub enum TableError {
    /// DynamoDB refused, failed, or did not answer, after all retries.
    #[error("DynamoDB did not {request}")]
    Request {
        /// What was asked for.
        request: &'static str,
        /// Why not.
        #[source]
        source: Box<aws_sdk_dynamodb::Error>,
    },
    /// A timeline has no stored form.
    #[error("a timeline cannot be encoded")]
    Encoding(#[from] task_timeline::StoredError),
}

impl TaskTable {
    /// The table of that name.
    pub fn new(client: Client, name: String) -> TaskTable {
        TaskTable { client, name }
    }

    /// The state item under `pk`. It may be behind by the writes of the last moment.
    pub(super) async fn state_item(
        &self,
        partition: &Partition,
        meter: &Meter,
    ) -> Result<Option<Item>, TableError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("pk", text(partition.key()))
            .key("sk", text(STATE_KEY))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = get.send().await.map_err(|error| request("read the state", error))?;
        meter.read(answer.consumed_capacity());
        Ok(answer.item)
    }

    pub(super) fn put(&self, item: Item) -> PutItemFluentBuilder {
        self.client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
    }
}

/// What became of a conditional write.
pub(super) enum Write {
    Done,
    /// The condition did not hold for this item.
    Conflict(Item),
}

pub(super) fn written(
    what: &'static str,
    answer: Result<PutItemOutput, SdkError<PutItemError>>,
    meter: &Meter,
) -> Result<Write, TableError> {
    match answer {
        Ok(done) => {
            meter.wrote(done.consumed_capacity());
            Ok(Write::Done)
        }
        Err(error) => {
            let error = error.into_service_error();
            if let PutItemError::ConditionalCheckFailedException(failed) = error {
                meter.failed_condition();
                Ok(Write::Conflict(failed.item.unwrap_or_default()))
            } else {
                Err(request(what, error))
            }
        }
    }
}

pub(super) fn request(
    request: &'static str,
    error: impl Into<aws_sdk_dynamodb::Error>,
) -> TableError {
    TableError::Request { request, source: Box::new(error.into()) }
}
