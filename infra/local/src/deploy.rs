//! What the deployment's template creates in AWS: the table and the bucket.
//!
//! Both calls may be repeated: what is already there stays as it is.

use std::time::Duration;

use anyhow::{Context, Result};
use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_dynamodb::client::Waiters;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    TimeToLiveSpecification, TimeToLiveStatus,
};
use aws_sdk_s3::Client as S3;
use functions::store::task_table::LIVE_INDEX;

/// The attribute that holds when an item expires, in seconds.
const EXPIRES: &str = "expires";

/// Creates the table unless it exists: keys `pk` and `sk`, the index [`LIVE_INDEX`] by the
/// attribute of the same name with `projected` attributes, a stream with both images, and expiry.
///
/// # Errors
///
/// When DynamoDB refuses.
pub async fn create_table(dynamodb: &DynamoDb, name: &str, projected: &[&str]) -> Result<()> {
    let created = dynamodb
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_attribute_definitions(Some(vec![string("pk")?, string("sk")?, string(LIVE_INDEX)?]))
        .set_key_schema(Some(keys("pk", "sk")?))
        .global_secondary_indexes(live_index(projected)?)
        .stream_specification(
            StreamSpecification::builder()
                .stream_enabled(true)
                .stream_view_type(StreamViewType::NewAndOldImages)
                .build()?,
        )
        .send()
        .await;
    if let Err(error) = created
        && !error.as_service_error().is_some_and(|error| error.is_resource_in_use_exception())
    {
        return Err(error).with_context(|| format!("cannot create the table {name}"));
    }
    let active = dynamodb.wait_until_table_exists().table_name(name);
    active.wait(Duration::from_secs(30)).await?;
    expire(dynamodb, name).await
}

/// Creates the bucket unless it exists.
///
/// # Errors
///
/// When S3 refuses.
pub async fn create_bucket(s3: &S3, name: &str) -> Result<()> {
    match s3.create_bucket().bucket(name).send().await {
        Err(error)
            if !error.as_service_error().is_some_and(|error| {
                error.is_bucket_already_exists() || error.is_bucket_already_owned_by_you()
            }) =>
        {
            Err(error).with_context(|| format!("cannot create the bucket {name}"))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Asked for only where it is off: DynamoDB refuses to turn it on twice.
async fn expire(dynamodb: &DynamoDb, table: &str) -> Result<()> {
    let answer = dynamodb.describe_time_to_live().table_name(table).send().await?;
    let status = answer.time_to_live_description.and_then(|expiry| expiry.time_to_live_status);
    if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
        return Ok(());
    }
    let specification =
        TimeToLiveSpecification::builder().enabled(true).attribute_name(EXPIRES).build()?;
    dynamodb
        .update_time_to_live()
        .table_name(table)
        .time_to_live_specification(specification)
        .send()
        .await?;
    Ok(())
}

fn live_index(projected: &[&str]) -> Result<GlobalSecondaryIndex> {
    let attributes = projected.iter().map(|&name| name.to_owned()).collect();
    let projection = Projection::builder()
        .projection_type(ProjectionType::Include)
        .set_non_key_attributes(Some(attributes));
    Ok(GlobalSecondaryIndex::builder()
        .index_name(LIVE_INDEX)
        .set_key_schema(Some(keys(LIVE_INDEX, "pk")?))
        .projection(projection.build())
        .build()?)
}

fn string(name: &str) -> Result<AttributeDefinition> {
    let attribute = AttributeDefinition::builder().attribute_name(name);
    Ok(attribute.attribute_type(ScalarAttributeType::S).build()?)
}

fn keys(hash: &str, range: &str) -> Result<Vec<KeySchemaElement>> {
    let key = |name, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    Ok(vec![key(hash, KeyType::Hash)?, key(range, KeyType::Range)?])
}
