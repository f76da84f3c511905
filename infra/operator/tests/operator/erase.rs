//! `trueline erase` in a bucket that keeps versions: no version that tells the person is left.

use functions::config::Config;
use task_timeline::EpochMs;
use trueline::erase::Erase;
use wiremock::matchers::{header_exists, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::sdk::sdk;

const KEY: &str = "/kept/quarantine/1.json";
const TELLS: &str = r#"{"data": {"origin": "+15550100101"}}"#;

/// A bucket with one object in two versions, and an empty table.
async fn services() -> MockServer {
    let server = MockServer::start().await;
    let xml = |content: &str| {
        let xml = format!(r#"<?xml version="1.0" encoding="UTF-8"?>{content}"#);
        ResponseTemplate::new(200).set_body_raw(xml, "application/xml")
    };
    let version = |id: &str, latest: bool| {
        format!(
            "<Version><Key>quarantine/1.json</Key><VersionId>{id}</VersionId>\
             <IsLatest>{latest}</IsLatest></Version>"
        )
    };
    let result = |versions: String| {
        xml(&format!(
            "<ListVersionsResult><IsTruncated>false</IsTruncated>{versions}</ListVersionsResult>"
        ))
    };
    let both = result(version("v2", true) + &version("v1", false));
    let get = || Mock::given(method("GET")).and(path("/kept/"));
    get()
        .and(query_param("list-type", "2"))
        .respond_with(xml("<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>"))
        .mount(&server)
        .await;
    get().and(query_param("prefix", "quarantine/")).respond_with(both).mount(&server).await;
    get()
        .and(query_param_is_missing("list-type"))
        .respond_with(result(String::new()))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(KEY))
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("x-amz-meta-reason", "unreadable")
                .set_body_string(TELLS),
        )
        .mount(&server)
        .await;
    Mock::given(method("PUT"))
        .and(path(KEY))
        .and(header_exists("x-amz-meta-reason"))
        .respond_with(ResponseTemplate::new(200))
        .expect(1)
        .mount(&server)
        .await;
    for version in ["v1", "v2"] {
        Mock::given(method("DELETE"))
            .and(path(KEY))
            .and(query_param("versionId", version))
            .respond_with(ResponseTemplate::new(204))
            .expect(1)
            .mount(&server)
            .await;
    }
    let scanned = ResponseTemplate::new(200)
        .set_body_raw(r#"{"Items": [], "Count": 0}"#, "application/x-amz-json-1.0");
    Mock::given(method("POST")).and(path("/")).respond_with(scanned).mount(&server).await;
    server
}

#[tokio::test]
async fn older_versions_are_deleted_for_good() {
    let server = services().await;
    let sdk = sdk(&server);
    let config = Config { table: "table".to_owned(), bucket: "kept".to_owned() };
    let erase = Erase {
        subject: "+15550100101".parse().unwrap(),
        replacement: "erased".to_owned(),
        dry_run: false,
        salt: "salt".to_owned(),
    };
    let (table, bucket) = (config.task_table(&sdk), config.bucket(&sdk));
    let receipt = erase.run(&table, &bucket, EpochMs(1_790_000_000_000)).await.unwrap();
    let counts = receipt.bucket["quarantine/"];
    assert_eq!((counts.searched, counts.rewritten, counts.versions_deleted), (2, 1, 2));
    let requests = server.received_requests().await.unwrap();
    let put = requests.iter().rfind(|request| request.method.as_str() == "PUT").unwrap();
    let written = String::from_utf8_lossy(&put.body).into_owned();
    assert!(written.contains("erased") && !written.contains("555"), "{written}");
}
