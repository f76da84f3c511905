//! What is not proven is refused as documented, and changes nothing.

use anyhow::Result;
use functions::config::now;
use local_stack::{BUCKET, Services, TABLE, Webex, clients, serve_ingest};
use reqwest::StatusCode;
use serde_json::{Value, json};
use webhook::Secret;

use crate::traffic::{SECRET, sample_of};

const SUBSCRIPTION: &str = "/com/cisco/wxcc/local-stack";

fn sign(secret: &str, body: &[u8]) -> String {
    Secret::try_from(secret.to_owned()).unwrap().sign(body)
}

/// A delivery, with all that may be wrong with it.
struct Delivery {
    body: Vec<u8>,
    signature: Option<String>,
    timestamp: Option<String>,
}

impl Delivery {
    /// A genuine one of a body that was dispatched `age_ms` ago.
    fn dispatched(age_ms: i64) -> Delivery {
        let mut body: Value = serde_json::from_str(&sample_of("refusals")[0]).unwrap();
        let at = now().0 - age_ms;
        body["source"] = SUBSCRIPTION.into();
        body["comciscotimestamp"] = at.into();
        Delivery { timestamp: Some(at.to_string()), ..Delivery::signed(body.to_string().into()) }
    }

    fn signed(body: Vec<u8>) -> Delivery {
        Delivery { signature: Some(sign(SECRET, &body)), timestamp: None, body }
    }
}

/// A genuine body that was cut off on its way.
fn half_a_body() -> Vec<u8> {
    let mut body = Delivery::dispatched(0).body;
    body.truncate(body.len() / 2);
    body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_answer_as_documented_and_change_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let (table, bucket) = (services.task_table(), services.bucket());
    let ingest = serve_ingest(0, table, bucket, Webex::secrets(SECRET)?).await?;
    let genuine = || Delivery::dispatched(0);
    let unsigned = |body: &[u8]| Delivery { signature: None, ..Delivery::signed(body.to_vec()) };
    let forged =
        |body: Vec<u8>| Delivery { signature: Some(sign("guessed", &body)), timestamp: None, body };
    let half = |signature: Option<String>| signature.map(|hex| hex[..40].to_owned());
    let large = vec![b' '; 1024 * 1024];
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();

    let cases = [
        ("no signature", unsigned(&genuine().body), 401),
        (
            "wrong secret",
            Delivery { timestamp: genuine().timestamp, ..forged(genuine().body) },
            401,
        ),
        ("signature of another body", Delivery { body: b"{}".to_vec(), ..genuine() }, 401),
        (
            "truncated signature",
            Delivery { signature: half(genuine().signature), ..genuine() },
            401,
        ),
        ("no timestamp", Delivery { timestamp: None, ..genuine() }, 401),
        (
            "another timestamp",
            Delivery { timestamp: Some(now().to_string() + "0"), ..genuine() },
            401,
        ),
        ("old", Delivery::dispatched(301_000), 403),
        ("future", Delivery::dispatched(-302_000), 403),
        ("1 MiB", Delivery::signed(large), 413),
        ("deep JSON", forged(deep), 401),
        ("binary", forged(vec![0xff; 1_000]), 401),
        ("half a body", Delivery { timestamp: genuine().timestamp, ..forged(half_a_body()) }, 401),
        ("nothing", unsigned(b""), 401),
    ];
    let client = reqwest::Client::new();
    for (name, delivery, status) in cases {
        let mut request = client.post(format!("{}/webhooks", ingest.url())).body(delivery.body);
        for (header, value) in [
            ("x-webexcc-signature", delivery.signature),
            ("x-webexcc-timestamp", delivery.timestamp),
        ] {
            request =
                value.into_iter().fold(request, |request, value| request.header(header, value));
        }
        let answer = request.send().await?;
        assert_eq!(answer.status(), StatusCode::from_u16(status)?, "{name}");
        let told: Value = serde_json::from_slice(&answer.bytes().await?)?;
        assert_eq!(told["outcome"], "refused", "{name}");
    }

    for (method, path, status) in
        [("POST", "/", 404), ("GET", "/webhooks", 405), ("PUT", "/webhooks", 405)]
    {
        let request = client.request(method.parse()?, format!("{}{path}", ingest.url()));
        assert_eq!(request.send().await?.status(), status, "{method} {path}");
    }

    let items = clients::dynamodb(&services.dynamodb.endpoint()).scan().table_name(TABLE).send();
    assert_eq!(items.await?.count, 0);
    let objects = clients::s3(&services.object_store.endpoint()).list_objects_v2().bucket(BUCKET);
    assert_eq!(objects.send().await?.contents().len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn genuine_but_unreadable_deliveries_are_kept() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let (table, bucket) = (services.task_table(), services.bucket());
    let ingest = serve_ingest(0, table, bucket, Webex::secrets(SECRET)?).await?;
    let event = |more: &str| {
        format!(
            r#"{{"source":"{SUBSCRIPTION}","type":"task:new","comciscoorgid":"o",
                "data":{{"taskId":"t","createdTime":1790000000123}}{more}}}"#
        )
    };
    let no_task =
        json!({"source": SUBSCRIPTION, "type": "task:new", "comciscoorgid": "o", "data": {}});
    let mut with_mark = b"\xef\xbb\xbf".to_vec();
    with_mark.extend(Delivery::dispatched(0).body);
    let unreadable = [
        no_task.to_string().into_bytes(),
        b"[".repeat(100_000),
        vec![0xff, 0xfe, 0x00],
        half_a_body(),
        with_mark,
        event(r#","\ud800":1"#).into_bytes(),
        Vec::new(),
        // What it says of its dispatch cannot be read, or is there twice.
        event(r#","comciscotimestamp":1.5"#).into_bytes(),
        event(r#","comciscotimestamp":"abc""#).into_bytes(),
        event(r#","comciscotimestamp":1,"comciscotimest\u0061mp":1790000000333"#).into_bytes(),
        event(r#","sour\u0063e":"/com/cisco/wxcc/another""#).into_bytes(),
    ];
    let client = reqwest::Client::new();
    for (number, body) in unreadable.iter().enumerate() {
        // As a v1 and as a v2 subscription sends it, and once more when somebody has recorded it.
        let at = now().0;
        for timestamp in [None, Some(at), Some(at - 3_600_000)] {
            if number == 0 && timestamp.is_some() {
                continue;
            }
            let mut request = client.post(format!("{}/webhooks", ingest.url()));
            if let Some(timestamp) = timestamp {
                request = request.header("x-webexcc-timestamp", timestamp.to_string());
            }
            let request = request.header("x-webexcc-signature", sign(SECRET, body));
            let answer = request.body(body.clone()).send().await?;
            let status = answer.status();
            let told: Value = serde_json::from_slice(&answer.bytes().await?)?;
            let shown = String::from_utf8_lossy(body);
            assert_eq!(
                (status.as_u16(), &told["outcome"]),
                (200, &"quarantined".into()),
                "{shown:.200}"
            );
        }
    }
    // Each body is there once, exactly as it was.
    let bucket = services.bucket();
    let mut kept = Vec::new();
    for key in bucket.keys("quarantine/").await? {
        kept.extend(bucket.object(&key).await?);
    }
    let mut expected = unreadable.to_vec();
    expected.sort();
    kept.sort();
    assert_eq!(kept, expected);
    let items = clients::dynamodb(&services.dynamodb.endpoint()).scan().table_name(TABLE).send();
    assert_eq!(items.await?.count, 0);
    Ok(())
}

/// What the rebuild reads, this reads too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn digits_in_a_text_and_null_in_words_are_taken_as_meant() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let services = Services::start(folder.path()).await?;
    let (table, bucket) = (services.task_table(), services.bucket());
    let ingest = serve_ingest(0, table, bucket, Webex::secrets(SECRET)?).await?;
    for (time, outcome) in
        [(json!(1_790_000_000_123_i64), "applied"), (json!("1790000000123"), "duplicate")]
    {
        let data = json!({"taskId": "t", "createdTime": time, "queueId": "NULL"});
        let body =
            json!({"source": SUBSCRIPTION, "type": "task:new", "comciscoorgid": "o", "data": data});
        let body = body.to_string().into_bytes();
        let request = reqwest::Client::new().post(format!("{}/webhooks", ingest.url()));
        let request = request.header("x-webexcc-signature", sign(SECRET, &body)).body(body);
        let told: Value = serde_json::from_slice(&request.send().await?.bytes().await?)?;
        assert_eq!(told["outcome"], outcome);
    }
    Ok(())
}
