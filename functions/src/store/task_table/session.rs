//! A session: the requests that belong together, and what they cost.
//!
//! Invariants:
//! - What requests cost adds up in one place, also where they run at the same time.
//! - A write whose condition did not hold is no error, and gives the item that was in its way.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure};

use super::item::{Item, text};
use super::key::{Partition, STATE_KEY};
use super::table::{TableError, TaskTable};
use crate::store::spent::{Meter, Spent};

/// The requests of one delivery, one batch or one command, which counts what they cost.
#[derive(Debug)]
pub struct Session {
    pub(super) table: TaskTable,
    pub(super) meter: Meter,
}

/// What became of a conditional write.
pub(super) enum Write {
    /// It is written.
    Done,
    /// The condition did not hold for this item.
    Conflict(Item),
}

impl TaskTable {
    /// A session that has spent nothing yet.
    pub fn session(&self) -> Session {
        Session { table: self.clone(), meter: Meter::default() }
    }
}

impl Session {
    /// What the session has spent so far.
    pub fn spent(&self) -> Spent {
        self.meter.spent()
    }

    /// A step begins that waits for the steps before it.
    pub(crate) fn round_trip(&self) {
        self.meter.round_trip();
    }

    /// The state item under `pk`. The writes of the last moment may be missing.
    pub(super) async fn state_item(
        &self,
        partition: &Partition,
    ) -> Result<Option<Item>, TableError> {
        let get = self
            .table
            .client
            .get_item()
            .table_name(&self.table.name)
            .key("pk", text(partition.key()))
            .key("sk", text(STATE_KEY))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let answer = get.send().await.map_err(|error| request("read the state", error))?;
        self.meter.read(answer.consumed_capacity());
        Ok(answer.item)
    }

    /// A query of the table, to be given its condition.
    pub(super) fn query(&self) -> QueryFluentBuilder {
        self.table
            .client
            .query()
            .table_name(&self.table.name)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// A write of `item`, to be given its condition.
    pub(super) fn put(&self, item: Item) -> PutItemFluentBuilder {
        self.table
            .client
            .put_item()
            .table_name(&self.table.name)
            .set_item(Some(item))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .return_consumed_capacity(ReturnConsumedCapacity::Indexes)
    }

    /// Sends a write that may have a condition.
    pub(super) async fn write(
        &self,
        put: PutItemFluentBuilder,
        what: &'static str,
    ) -> Result<Write, TableError> {
        match put.send().await {
            Ok(done) => {
                self.meter.wrote(done.consumed_capacity());
                Ok(Write::Done)
            }
            Err(error) => {
                let error = error.into_service_error();
                if let PutItemError::ConditionalCheckFailedException(failed) = error {
                    self.meter.failed_condition();
                    Ok(Write::Conflict(failed.item.unwrap_or_default()))
                } else {
                    Err(request(what, error))
                }
            }
        }
    }
}

/// The error of a request that failed.
pub(super) fn request(
    request: &'static str,
    error: impl Into<aws_sdk_dynamodb::Error>,
) -> TableError {
    TableError::Request { request, source: Box::new(error.into()) }
}
