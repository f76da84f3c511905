//! Lambda behind API Gateway: takes webhooks and signals. See [`functions::ingest_webhook`].

use functions::config::{self, Config};
use functions::ingest_webhook::IngestWebhook;
use functions::log_lines;
use functions::metrics;
use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::start();
    let config = Config::from_env()?;
    let sdk = config::sdk().await;
    let secrets = config::secrets(&sdk).await?;
    let ingest = IngestWebhook::new(config.task_table(&sdk), config.bucket(&sdk), secrets);
    run(service_fn(async |request: Request| -> Result<Response<Body>, Error> {
        let handled = ingest.handle(&request, config::now()).await;
        handled.summary.log();
        metrics::of_delivery(&handled.summary).print();
        Ok(handled.response)
    }))
    .await
}
