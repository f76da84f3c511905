//! The archive's own format: an object for each batch of events, as the live path writes them.
//!
//! Invariant: what is not a webhook is left out, since it would never have reached an archive.

use std::fs;
use std::mem;
use std::path::PathBuf;

use anyhow::{Context, Result};
use event_archive::{ArchivedEvent, Headers};
use task_timeline::EpochMs;
use webhook::Webhook;

use crate::archive::Delivery;

/// Number of deliveries in an object: as many as Lambda passes on at once.
const BATCH: usize = 10_000;

/// Writes objects one after the other.
pub(crate) struct Objects {
    /// The path of all objects, without number and extension.
    stem: PathBuf,
    number: usize,
    batch: Vec<Delivery>,
}

impl Objects {
    pub(crate) fn new(stem: PathBuf) -> Objects {
        Objects { stem, number: 0, batch: Vec::new() }
    }

    pub(crate) fn push(&mut self, delivery: Delivery) -> Result<()> {
        self.batch.push(delivery);
        if self.batch.len() == BATCH { self.write() } else { Ok(()) }
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        if self.batch.is_empty() { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> Result<()> {
        let batch = mem::take(&mut self.batch);
        let events: Vec<ArchivedEvent<'_>> = batch.iter().filter_map(event).collect();
        let path = self.stem.with_extension(format!("{:05}.parquet", self.number));
        self.number += 1;
        let bytes = event_archive::write(&events)?;
        fs::write(&path, bytes).with_context(|| format!("write {}", path.display()))
    }
}

fn event(delivery: &Delivery) -> Option<ArchivedEvent<'_>> {
    let webhook = Webhook::parse(delivery.line.as_bytes()).ok()?;
    let arrived_at = EpochMs(delivery.arrives_at.cast_signed());
    Some(ArchivedEvent { webhook, arrived_at, headers: Headers::default(), body: &delivery.line })
}
