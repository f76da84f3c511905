//! A delivery that comes again is counted: live, in the archive, and in the rebuild.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use functions::store::task_table::{MOST_REPEATS, Partition};
use local_stack::{Trueline, Webex, check, clients};
use webhook::Webhook;

use crate::one_fold::tasks_of;
use crate::traffic::{SECRET, deliver, sample_of};

/// Delivers `bodies`, one after the other, each at a moment of its own.
async fn deliver_slowly(webex: &Webex, bodies: &[String]) -> Result<()> {
    for body in bodies {
        deliver(std::slice::from_ref(webex), vec![body.clone()], 1).await?;
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    Ok(())
}

/// How many deliveries of each event there were, or are known of.
type Counts = BTreeMap<u128, usize>;

fn count(identities: impl IntoIterator<Item = u128>) -> Counts {
    identities.into_iter().fold(Counts::new(), |mut counts, identity| {
        *counts.entry(identity).or_default() += 1;
        counts
    })
}

fn identity(body: &str) -> Result<u128> {
    Ok(Webhook::parse(body.as_bytes())?.event.identity.0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repeats_are_counted_live_and_in_the_rebuild_of_the_archive() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    let webex = Webex::new(&trueline.url(), SECRET);
    let bodies = sample_of("repeats");
    deliver_slowly(&webex, &bodies).await?;
    trueline.archived().await?;
    // Some come again, some twice; a flood is cut off.
    let again: Vec<_> = bodies.iter().step_by(3).chain(bodies.iter().step_by(7)).cloned().collect();
    let flood = vec![bodies[1].clone(); MOST_REPEATS + 5];
    deliver_slowly(&webex, &again).await?;
    deliver_slowly(&webex, &flood).await?;
    trueline.archived().await?;
    check::table(&trueline.services.task_table(), &bodies).await?;

    let mut expected =
        count(bodies.iter().chain(&again).map(|body| identity(body)).collect::<Result<Vec<_>>>()?);
    *expected.get_mut(&identity(&bodies[1])?).context("delivered")? = 1 + MOST_REPEATS;
    let mut live = Vec::new();
    for partition in partitions(&bodies)? {
        let session = trueline.services.task_table().session();
        let deliveries = session.deliveries(&partition).await?;
        live.extend(deliveries.into_iter().map(|delivery| delivery.event.identity.0));
    }
    assert_eq!(count(live), expected);

    let s3 = clients::s3(&trueline.services.object_store.endpoint());
    let (_, tasks) = tasks_of("s3://trueline/events", s3, &folder.path().join("out")).await?;
    let rebuilt: u32 = tasks.column("duplicates")?.u32()?.iter().flatten().sum();
    let repeats: usize = expected.values().map(|deliveries| deliveries - 1).sum();
    assert_eq!(usize::try_from(rebuilt)?, repeats);
    trueline.stop().await
}

/// Where the events are stored, each once.
fn partitions(bodies: &[String]) -> Result<Vec<Partition>> {
    let mut partitions = Vec::new();
    for body in bodies {
        let partition = Partition::from_webhook(&Webhook::parse(body.as_bytes())?);
        if !partitions.contains(&partition) {
            partitions.push(partition);
        }
    }
    Ok(partitions)
}
