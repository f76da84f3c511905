//! Secrets Manager, as far as it is used: one secret, read and written.

use std::sync::{Arc, Mutex};

use aws_sdk_secretsmanager::Client;
use serde_json::{Value, json};
use trueline::secret_file::SecretFile;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::sdk::sdk;

/// A running stand-in.
pub(crate) struct SecretsManager {
    server: MockServer,
    value: Arc<Mutex<Option<String>>>,
}

struct Service(Arc<Mutex<Option<String>>>);

impl SecretsManager {
    /// With a secret that has no value yet.
    pub(crate) async fn start() -> SecretsManager {
        let server = MockServer::start().await;
        let value = Arc::new(Mutex::new(None));
        Mock::given(any()).respond_with(Service(Arc::clone(&value))).mount(&server).await;
        SecretsManager { server, value }
    }

    pub(crate) async fn read(&self) -> SecretFile {
        let client = Client::new(&sdk(&self.server));
        SecretFile::read(client, "secrets").await.unwrap()
    }

    /// What it holds.
    pub(crate) fn value(&self) -> Value {
        let value = self.value.lock().unwrap();
        value.as_ref().map(|text| serde_json::from_str(text).unwrap()).unwrap_or_default()
    }
}

impl Respond for Service {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let target = request.headers.get("x-amz-target").unwrap().to_str().unwrap().to_owned();
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        assert_eq!(body["SecretId"], "secrets");
        let mut value = self.0.lock().unwrap();
        let (status, answer) = match (target.as_str(), &*value) {
            ("secretsmanager.GetSecretValue", Some(text)) => {
                (200, json!({ "Name": "secrets", "SecretString": text }))
            }
            ("secretsmanager.GetSecretValue", None) => {
                (400, json!({ "__type": "ResourceNotFoundException", "Message": "no value" }))
            }
            ("secretsmanager.PutSecretValue", _) => {
                *value = body["SecretString"].as_str().map(str::to_owned);
                (200, json!({ "Name": "secrets" }))
            }
            _ => (400, json!({ "__type": "InvalidRequestException", "Message": target })),
        };
        ResponseTemplate::new(status).set_body_raw(answer.to_string(), "application/x-amz-json-1.1")
    }
}
