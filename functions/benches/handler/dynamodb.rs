//! A DynamoDB that answers at once, with what it is told to answer.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{Credentials, Region, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::http::{Response, StatusCode};
use functions::config::{impatient, persistent};
use functions::store::task_table::TaskTable;

/// Answers each `GetItem` with the same text until it is told another, and each write with an
/// empty object.
#[derive(Clone, Debug, Default)]
pub(crate) struct Canned {
    item: Arc<Mutex<String>>,
}

impl Canned {
    pub(crate) fn answer(&self, item: &str) {
        item.clone_into(&mut self.item.lock().unwrap());
    }

    /// The table, by a client as the functions have it but for the wire.
    pub(crate) fn table(&self) -> TaskTable {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version_latest()
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("key", "secret", None, None, "benchmark"))
            .timeout_config(impatient())
            .retry_config(persistent())
            .http_client(self.http_client());
        TaskTable::new(aws_sdk_dynamodb::Client::from_conf(config.build()), "table".to_owned())
    }

    fn http_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_settings, _components| connector.clone())
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = match target.ends_with("GetItem") {
            true => self.item.lock().unwrap().clone(),
            false => "{}".to_owned(),
        };
        let ok = StatusCode::try_from(200).unwrap();
        HttpConnectorFuture::ready(Ok(Response::new(ok, body.into())))
    }
}
