//! Whatever the order of arrival, a task's state is the fold of its events.

use anyhow::Result;
use local_stack::{Services, Webex, check, serve_ingest};

use crate::traffic::{SECRET, deliver, long_or_short, sample_of, shuffled};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_order_of_the_sample_gives_the_same_state() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let secrets = Webex::secrets(SECRET)?;
    let instance = || serve_ingest(0, services.task_table(), services.bucket(), secrets.clone());
    let (one, other) = (instance().await?, instance().await?);
    let both = [&one, &other].map(|instance| Webex::new(&instance.url(), SECRET));

    let bodies = sample_of("in order");
    deliver(&both[..1], bodies.clone(), 1).await?;
    check::table(&services.task_table(), &bodies).await?;

    let bodies = sample_of("reversed");
    deliver(&both[..1], bodies.iter().rev().cloned().collect(), 1).await?;
    check::table(&services.task_table(), &bodies).await?;

    // Two instances race on the same two tasks.
    for order in 0..long_or_short(200, 50) {
        let bodies = sample_of(&format!("order {order}"));
        deliver(&both, shuffled(&bodies, order), 8).await?;
        check::table(&services.task_table(), &bodies).await?;
    }
    Ok(())
}
