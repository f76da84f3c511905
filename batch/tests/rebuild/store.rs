//! An S3 on loopback: buckets are folders, objects are files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Handle, Runtime};

const KEY: &str = "key";
const SECRET: &str = "secret";
const REGION: &str = "eu-central-1";

/// What happens before a request (method, path) is answered.
type Incident = Box<dyn FnMut(&str, &str) + Send>;

/// A running S3 with one bucket, `bucket`.
pub struct Store {
    pub endpoint: String,
    folder: TempDir,
    incident: Arc<Mutex<Incident>>,
    runtime: Runtime,
}

impl Store {
    pub fn start() -> Store {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bucket")).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single(KEY, SECRET));
        let service = service.build();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let incident: Arc<Mutex<Incident>> = Arc::new(Mutex::new(Box::new(|_, _| {})));
        let before = incident.clone();
        runtime.spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (service, before) = (service.clone(), before.clone());
                tokio::spawn(async move {
                    let answer = service_fn(move |request: Request<Incoming>| {
                        before.lock().unwrap()(request.method().as_str(), request.uri().path());
                        Service::call(&service, request)
                    });
                    let server = Builder::new(TokioExecutor::new());
                    let _closed = server.serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Store { endpoint, folder, incident, runtime }
    }

    /// The file that is this object.
    pub fn path(&self, key: &str) -> PathBuf {
        self.folder.path().join("bucket").join(key)
    }

    pub fn put(&self, key: &str, content: &[u8]) {
        put_file(&self.path(key), content);
    }

    pub fn get(&self, key: &str) -> Vec<u8> {
        std::fs::read(self.path(key)).unwrap()
    }

    /// From now on this happens before each request.
    pub fn before_each(&self, incident: impl FnMut(&str, &str) + Send + 'static) {
        *self.incident.lock().unwrap() = Box::new(incident);
    }

    /// Runs the program as a shell would, with the settings in its environment.
    pub fn program(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rebuild-timelines"));
        command
            .args(arguments)
            .env("AWS_ENDPOINT_URL_S3", &self.endpoint)
            .env("AWS_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET);
        command
    }

    /// A client, and the runtime that it lives in.
    pub fn client(&self) -> (Client, Handle) {
        let config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(Credentials::new(KEY, SECRET, None, None, "test"))
            .endpoint_url(&self.endpoint)
            .force_path_style(true)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .region(Region::from_static(REGION));
        (Client::from_conf(config.build()), self.runtime.handle().clone())
    }
}

/// Writes an object past the server.
pub fn put_file(path: &Path, content: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// Forgets the checksums that the stand-in keeps beside its buckets, so that files may be changed.
pub fn forget_checksums(root: &Path) {
    for file in std::fs::read_dir(root).unwrap() {
        let file = file.unwrap();
        if file.file_name().to_string_lossy().ends_with(".internal.json") {
            std::fs::remove_file(file.path()).unwrap();
        }
    }
}
