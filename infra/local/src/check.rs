//! What must hold when deliveries have stopped, whatever happened before: for tests.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use aws_sdk_s3::Client as S3;
use event_archive::Archive;
use functions::store::task_table::{Partition, TaskTable};
use task_timeline::{Identity, Limits, Timeline};
use webhook::Webhook;

use crate::trueline::BUCKET;

/// Checks that the table holds each event in `bodies` once and, of their tasks and agents, no
/// other; and that the state of each task is the fold of its events.
///
/// # Errors
///
/// When that is not so.
pub async fn table(table: &TaskTable, bodies: &[String]) -> Result<()> {
    let session = table.session();
    for (partition, identities) in expected(bodies)? {
        let events = session.events(&partition).await?;
        let stored: Vec<_> = events.iter().map(|delivery| delivery.event.identity).collect();
        ensure!(
            stored.len() == identities.len() && BTreeSet::from_iter(stored) == identities,
            "{partition:?} does not hold its events, each once"
        );
        if partition.is_task() {
            let state = session.state(&partition).await?;
            let fold = Timeline::fold(events, Limits::default(), &mut ());
            ensure!(state.timeline == fold, "{partition:?}: {:?}\nis not {fold:?}", state.timeline);
        }
    }
    Ok(())
}

/// Checks that the archive holds each event in `bodies`, however often, and no other.
///
/// # Errors
///
/// When that is not so, or the archive cannot be read.
pub async fn archive(s3: &S3, bodies: &[String]) -> Result<()> {
    let mut archived = BTreeSet::new();
    let mut pages = s3.list_objects_v2().bucket(BUCKET).prefix("events/").into_paginator().send();
    while let Some(page) = pages.next().await {
        for key in page?.contents().iter().filter_map(|object| object.key()) {
            let object = s3.get_object().bucket(BUCKET).key(key).send().await?;
            let archive = Archive::open(object.body.collect().await?.to_vec())?;
            for group in 0..archive.groups() {
                for event in archive.events(group)?.iter() {
                    let event = event.map_err(|row| row.error)?;
                    archived.insert(event.webhook.event.identity);
                }
            }
        }
    }
    let expected: BTreeSet<_> = expected(bodies)?.into_values().flatten().collect();
    let missing = expected.difference(&archived).count();
    let others = archived.difference(&expected).count();
    ensure!(missing + others == 0, "in the archive {missing} are missing, {others} too many");
    Ok(())
}

/// The identities of the events in `bodies`, by where they are stored.
fn expected(bodies: &[String]) -> Result<BTreeMap<Partition, BTreeSet<Identity>>> {
    let mut expected: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for body in bodies {
        let webhook = Webhook::parse(body.as_bytes())?;
        expected
            .entry(Partition::from_webhook(&webhook))
            .or_default()
            .insert(webhook.event.identity);
    }
    Ok(expected)
}
