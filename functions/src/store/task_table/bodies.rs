//! The bodies of stored events, for erasing a person from them.
//!
//! Invariant: an event keeps its key, and in it its place and identity; only the text of its body
//! is replaced, and only where it is still the text that was read.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::AttributeValue;

use super::item::text;
use super::session::{Session, request};
use super::table::TableError;

/// The body of a stored event, and its key.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredBody {
    /// Its body.
    pub body: String,
    pk: String,
    sk: String,
}

/// Some bodies, and where to continue.
#[derive(Default)]
pub struct Page {
    /// The bodies.
    pub bodies: Vec<StoredBody>,
    /// How many items were looked at.
    pub items: usize,
    next: Option<HashMap<String, AttributeValue>>,
}

impl Page {
    /// Whether there are more.
    pub fn is_last(&self) -> bool {
        self.next.is_none()
    }
}

impl Session {
    /// The bodies after those of `page`, or the first ones. All of them are the whole table, which
    /// is read at half a read unit for each 4 KiB.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn bodies(&self, page: Option<Page>) -> Result<Page, TableError> {
        let scan = self
            .table
            .client
            .scan()
            .table_name(&self.table.name)
            .projection_expression("pk, sk, body")
            .set_exclusive_start_key(page.and_then(|page| page.next));
        let answer = scan.send().await.map_err(|error| request("read the bodies", error))?;
        let items = answer.items.unwrap_or_default();
        let bodies = items.iter().filter_map(|item| {
            let text = |name: &str| item.get(name)?.as_s().ok().cloned();
            Some(StoredBody { body: text("body")?, pk: text("pk")?, sk: text("sk")? })
        });
        Ok(Page { bodies: bodies.collect(), items: items.len(), next: answer.last_evaluated_key })
    }

    /// Replaces the body of a stored event, unless it has changed or expired since it was read.
    ///
    /// # Errors
    /// When it is not certain that it is replaced.
    pub async fn exchange_body(&self, stored: &StoredBody, body: &str) -> Result<(), TableError> {
        let update = self
            .table
            .client
            .update_item()
            .table_name(&self.table.name)
            .key("pk", text(&stored.pk))
            .key("sk", text(&stored.sk))
            .update_expression("SET body = :new")
            .condition_expression("body = :old")
            .expression_attribute_values(":new", text(body))
            .expression_attribute_values(":old", text(&stored.body));
        match update.send().await.map_err(|error| error.into_service_error()) {
            Ok(_) | Err(UpdateItemError::ConditionalCheckFailedException(_)) => Ok(()),
            Err(error) => Err(request("exchange a body", error)),
        }
    }
}
