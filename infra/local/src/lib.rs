//! Trueline on one machine: DynamoDB, S3, and what invokes functions in AWS, all on loopback.
//!
//! The functions and the SDK's clients are those of production; only endpoints and credentials
//! differ. What the embedded services do differently from AWS is worked around here and nowhere
//! else, each time with the reason.
//!
//! [`DynamoDb`] and [`ObjectStore`] are the services, [`clients`] talk to them, [`create_table`]
//! and [`create_bucket`] stand for the deployment, [`EventSource`] hands the table's stream to a
//! function, and [`HttpApi`] hands it requests. [`check`] checks that all is where it should be.

pub mod check;
pub mod clients;
mod deploy;
mod dynamodb;
mod event_source;
mod http_api;
mod http_server;
mod loopback;
mod object_store;
pub mod secrets;
mod stream_reader;
mod stream_records;
mod trueline;
mod webex;

pub use deploy::{create_bucket, create_table};
pub use dynamodb::DynamoDb;
pub use event_source::{EventSource, Mapping};
pub use http_api::HttpApi;
pub use object_store::ObjectStore;
pub use trueline::{
    BUCKET, Services, TABLE, Trueline, bucket, map_stream, serve_ingest, task_table,
};
pub use webex::{Webex, accepted};
