//! What is remembered of each subscription between two checks, and when the newest webhook came.
//!
//! Invariant: the time moves only when the subscription was seen active, so while it is not, it
//! says where the gap begins.

use aws_account::gap::Gap;
use task_timeline::EpochMs;

use super::item::{Item, number, text, time};
use super::session::{Session, request};
use super::table::TableError;

const WATCH: &str = "WATCH";

/// What is remembered of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// When it was last seen active.
    pub seen_active: EpochMs,
    /// The gap since then, if it is not over.
    pub gap: Option<Gap>,
    /// When the last gap that is over ended.
    pub gap_ended: Option<EpochMs>,
}

impl Session {
    /// What is remembered of the subscription to a resource.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn watched(&self, resource: &str) -> Result<Option<Watched>, TableError> {
        let get = self.table.client.get_item().table_name(&self.table.name);
        let get = get.key("pk", text(WATCH)).key("sk", text(resource)).consistent_read(true);
        let answer = get.send().await.map_err(|error| request("read what was seen", error))?;
        let read = |item: Item| {
            let gap = item.get("gap").and_then(|gap| gap.as_s().ok());
            let gap = gap.and_then(|gap| serde_json::from_str(gap).ok());
            let gap_ended = time(&item, "gap_ended");
            Some(Watched { seen_active: time(&item, "seen")?, gap, gap_ended })
        };
        Ok(answer.item.and_then(read))
    }

    /// Remembers the subscription to a resource.
    ///
    /// # Errors
    /// When it is not certain that it is remembered.
    pub async fn remember(&self, resource: &str, watched: &Watched) -> Result<(), TableError> {
        let mut item = Item::from([
            ("pk".to_owned(), text(WATCH)),
            ("sk".to_owned(), text(resource)),
            ("seen".to_owned(), number(watched.seen_active.0)),
        ]);
        item.extend(watched.gap.as_ref().map(|gap| ("gap".to_owned(), text(&gap.json()))));
        item.extend(watched.gap_ended.map(|ended| ("gap_ended".to_owned(), number(ended.0))));
        let done = self.put(item).send().await;
        done.map(drop).map_err(|error| request("keep what was seen", error))
    }

    /// When the last gap of a resource ended, if there was one. It may be a moment out of date.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn gap_ended(&self, resource: &str) -> Result<Option<EpochMs>, TableError> {
        let query = self
            .query()
            .key_condition_expression("pk = :pk AND sk = :sk")
            .expression_attribute_values(":pk", text(WATCH))
            .expression_attribute_values(":sk", text(resource));
        let page = query.send().await.map_err(|error| request("read the last gap", error))?;
        self.meter.read(page.consumed_capacity());
        Ok(page.items().first().and_then(|item| time(item, "gap_ended")))
    }

    /// When the newest webhook came, if it came within a day: that long pulses stay.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn newest_arrival(&self, now: EpochMs) -> Result<Option<EpochMs>, TableError> {
        let mut newest = None;
        for org in self.organizations().await? {
            newest = newest.max(self.pulse(&org, now).await?.last);
        }
        Ok(newest)
    }
}
