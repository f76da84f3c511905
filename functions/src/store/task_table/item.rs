//! Items: how values stand in attributes.
//!
//! Invariant: an attribute that is missing or of another type reads as none, never as an error.

use std::collections::HashMap;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use task_timeline::EpochMs;

use super::key::Partition;
use crate::store::retention::DAY_MS;

pub(super) type Item = HashMap<String, AttributeValue>;

pub(super) fn item(partition: &Partition, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(partition.key())), ("sk".to_owned(), text(sk))])
}

pub(super) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(super) fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(super) fn bytes(value: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(value))
}

pub(super) fn expires(from: EpochMs, days: i64) -> AttributeValue {
    number((from + days * DAY_MS).0 / 1_000)
}

pub(super) fn time(item: &Item, name: &str) -> Option<EpochMs> {
    item.get(name).and_then(parsed).map(EpochMs)
}

pub(super) fn parsed<T: FromStr>(value: &AttributeValue) -> Option<T> {
    value.as_n().ok()?.parse().ok()
}
