//! What requests cost: capacity units as DynamoDB reports them, and how many requests there were.

use std::sync::Mutex;
use std::sync::PoisonError;

use aws_sdk_dynamodb::types::ConsumedCapacity;
use serde::Serialize;

/// Capacity and requests of one delivery, or of one batch.
///
/// DynamoDB does not report the capacity of a write whose condition failed; it costs what it
/// would have cost, and is counted in `failed_conditions`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spent {
    /// Read units.
    pub read_units: f64,
    /// Write units of the table itself.
    pub write_units: f64,
    /// Write units of the index of live tasks.
    pub index_write_units: f64,
    /// Requests made.
    pub requests: u32,
    /// Requests that had to wait for the one before.
    pub round_trips: u32,
    /// Writes whose condition did not hold.
    pub failed_conditions: u32,
}

/// Adds up what requests cost, also those that run at the same time.
#[derive(Debug, Default)]
pub struct Meter(Mutex<Spent>);

impl Meter {
    /// What has been spent so far.
    pub fn spent(&self) -> Spent {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn read(&self, capacity: Option<&ConsumedCapacity>) {
        self.add(|spent| spent.read_units += units(capacity));
    }

    pub(crate) fn wrote(&self, capacity: Option<&ConsumedCapacity>) {
        let index: f64 = capacity
            .and_then(ConsumedCapacity::global_secondary_indexes)
            .map_or(0.0, |indexes| indexes.values().filter_map(|one| one.capacity_units).sum());
        self.add(|spent| {
            spent.write_units += units(capacity) - index;
            spent.index_write_units += index;
        });
    }

    pub(crate) fn failed_condition(&self) {
        self.add(|spent| spent.failed_conditions += 1);
    }

    /// A step begins that waits for the steps before it.
    pub(crate) fn round_trip(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).round_trips += 1;
    }

    fn add(&self, change: impl FnOnce(&mut Spent)) {
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        spent.requests += 1;
        change(&mut spent);
    }
}

fn units(capacity: Option<&ConsumedCapacity>) -> f64 {
    capacity.and_then(|capacity| capacity.capacity_units).unwrap_or_default()
}
