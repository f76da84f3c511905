//! Which organizations there are: those that ever sent an event.

use task_timeline::Id;

use super::item::{Item, text};
use super::session::{Session, request};
use super::table::TableError;

/// Where organizations are listed.
const ORGANIZATIONS: &str = "ORGANIZATIONS";

impl Session {
    /// Lists an organization among those that there are.
    ///
    /// # Errors
    /// When it is not certain that it is listed.
    pub async fn list_organization(&self, org: &Id) -> Result<(), TableError> {
        let (pk, sk) = (text(ORGANIZATIONS), text(&org.to_string()));
        let item = Item::from([("pk".to_owned(), pk), ("sk".to_owned(), sk)]);
        let done = self.put(item).send().await;
        let done = done.map_err(|error| request("list the organization", error))?;
        self.meter.wrote(done.consumed_capacity());
        Ok(())
    }

    /// All organizations that ever sent an event.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn organizations(&self) -> Result<Vec<Id>, TableError> {
        let query = self
            .query()
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(ORGANIZATIONS));
        let mut pages = query.into_paginator().send();
        let mut organizations = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| request("list the organizations", error))?;
            self.meter.read(page.consumed_capacity());
            let names = page.items().iter().filter_map(|item| item.get("sk")?.as_s().ok());
            organizations.extend(names.filter_map(|name| Id::new(name)));
        }
        Ok(organizations)
    }
}
