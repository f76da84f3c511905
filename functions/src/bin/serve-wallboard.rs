//! Lambda behind API Gateway: serves the wallboard. See [`functions::serve_wallboard`].

use functions::config::{self, Config};
use functions::log_lines;
use functions::serve_wallboard::ServeWallboard;
use lambda_http::{Body, Error, Request, Response, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    log_lines::start();
    let config = Config::from_env()?;
    let uncertain_after = config::uncertain_after()?;
    let sdk = config::sdk().await;
    let wallboard =
        ServeWallboard::new(config.task_table(&sdk), config.bucket(&sdk), uncertain_after);
    run(service_fn(async |request: Request| -> Result<Response<Body>, Error> {
        Ok(wallboard.handle(&request, config::now()).await)
    }))
    .await
}
