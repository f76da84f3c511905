//! A table's stream, read over the wire, in the shape in which Lambda hands it to a function.
//!
//! Dynoxide has a single shard that never closes. It names an ending sequence number all the same,
//! which would mean "closed" in AWS; only the missing next iterator is taken for the end.

use std::collections::HashMap;
use std::time::SystemTime;

use anyhow::{Context, Result};
use aws_lambda_events::dynamodb::{EventRecord, StreamRecord, StreamViewType, UserIdentity};
use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::types::{self, AttributeValue, Record, ShardIteratorType};
use serde_dynamo::Item;

use crate::clients;

/// A place in the stream of one table.
#[derive(Debug)]
pub(crate) struct StreamReader {
    client: Client,
    stream_arn: String,
    iterator: String,
}

impl StreamReader {
    /// Opens the stream of `table` at its oldest record.
    pub(crate) async fn open(endpoint: &str, table: &str) -> Result<Self> {
        let client = clients::dynamodb_streams(endpoint);
        let described = clients::dynamodb(endpoint).describe_table().table_name(table).send();
        let stream_arn = described
            .await?
            .table
            .and_then(|table| table.latest_stream_arn)
            .with_context(|| format!("the table {table} has no stream"))?;
        let stream = client.describe_stream().stream_arn(&stream_arn).send().await?;
        let shard = stream
            .stream_description
            .and_then(|stream| stream.shards?.into_iter().next()?.shard_id)
            .with_context(|| format!("the stream {stream_arn} has no shard"))?;
        let iterator = client
            .get_shard_iterator()
            .stream_arn(&stream_arn)
            .shard_id(shard)
            .shard_iterator_type(ShardIteratorType::TrimHorizon)
            .send()
            .await?
            .shard_iterator
            .context("no iterator for an open shard")?;
        Ok(Self { client, stream_arn, iterator })
    }

    /// The next records, `limit` at most; none when the reader has caught up.
    pub(crate) async fn read(&mut self, limit: i32) -> Result<Vec<EventRecord>> {
        let read =
            self.client.get_records().shard_iterator(&self.iterator).limit(limit).send().await?;
        let records: Result<_> =
            read.records.unwrap_or_default().into_iter().map(|it| self.record(it)).collect();
        let records = records?;
        self.iterator = read.next_shard_iterator.context("the stream has ended")?;
        Ok(records)
    }

    fn record(&self, record: Record) -> Result<EventRecord> {
        let mut event = EventRecord::default();
        event.aws_region = record.aws_region.unwrap_or_default();
        event.event_id = record.event_id.unwrap_or_default();
        event.event_name = record.event_name.map_or_else(String::new, |it| it.as_str().to_owned());
        event.event_source = record.event_source;
        event.event_source_arn = Some(self.stream_arn.clone());
        event.event_version = record.event_version;
        event.user_identity = record.user_identity.map(|identity| {
            let mut user = UserIdentity::default();
            user.type_ = identity.r#type.unwrap_or_default();
            user.principal_id = identity.principal_id.unwrap_or_default();
            user
        });
        event.change = change(record.dynamodb.context("a record without its change")?)?;
        Ok(event)
    }
}

fn change(record: types::StreamRecord) -> Result<StreamRecord> {
    let mut change = StreamRecord::default();
    if let Some(at) = record.approximate_creation_date_time {
        change.approximate_creation_date_time = SystemTime::try_from(at)?.into();
    }
    change.keys = item(record.keys);
    change.new_image = item(record.new_image);
    change.old_image = item(record.old_image);
    change.sequence_number = record.sequence_number;
    change.size_bytes = record.size_bytes.unwrap_or_default();
    change.stream_view_type = Some(StreamViewType::NewAndOldImages);
    Ok(change)
}

/// A missing image is an empty one, as in the event that Lambda's crate reads.
fn item(attributes: Option<HashMap<String, AttributeValue>>) -> Item {
    attributes.unwrap_or_default().into()
}
