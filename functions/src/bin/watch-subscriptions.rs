//! Lambda on a schedule: see [`functions::watch_subscriptions`].

use functions::config::{self, Config, WatchConfig};
use functions::log_lines;
use functions::metrics;
use functions::watch_subscriptions::WatchSubscriptions;
use functions::watch_subscriptions::subscriptions::Subscriptions;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::start();
    let (config, watch) = (Config::from_env()?, WatchConfig::from_env()?);
    let sdk = config::sdk().await;
    let secrets = aws_sdk_secretsmanager::Client::new(&sdk);
    let (table, bucket) = (config.task_table(&sdk), config.bucket(&sdk));
    let function = WatchSubscriptions::new(table, bucket, watch.destination);
    run(service_fn(async |_schedule: LambdaEvent<Value>| {
        let now = config::now();
        // The credentials are read each time: new ones take effect without a deployment.
        let api = Subscriptions::open(&watch.api, &secrets, &watch.webex).await;
        let summary = function.watch(api, now).await?;
        summary.log();
        metrics::of_watch(&summary, now).print();
        Ok::<_, Error>(())
    }))
    .await
}
