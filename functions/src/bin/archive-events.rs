//! Lambda on the table's stream, and on a schedule: see [`functions::archive_events`].

use functions::archive_events::{ArchiveEvents, Work};
use functions::config::{self, Config};
use functions::log_lines;
use functions::metrics;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::start();
    let config = Config::from_env()?;
    let sdk = config::sdk().await;
    let archive = ArchiveEvents::new(config.task_table(&sdk), config.bucket(&sdk));
    run(service_fn(async |event: LambdaEvent<Work>| {
        let now = config::now();
        let (response, summary) = archive.handle(&event.payload, now).await;
        summary.log();
        metrics::of_batch(&summary, now).print();
        Ok::<_, Error>(response)
    }))
    .await
}
