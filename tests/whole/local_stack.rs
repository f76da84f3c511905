//! The stack itself keeps what AWS promises, where the functions rely on it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Result, bail};
use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use aws_sdk_s3::primitives::ByteStream;
use lambda_http::{Body, Response};
use local_stack::{EventSource, HttpApi, clients};
use serde_dynamo::AttributeValue;

use crate::faults::{Fate, Faults};
use crate::stack::{BUCKET, Stack, TABLE, item};

async fn put(stack: &Stack, sk: &str) -> Result<()> {
    stack.table().put_item().table_name(TABLE).set_item(Some(item("T", sk))).send().await?;
    Ok(())
}

/// The sort keys of the records that a function was handed, invocation by invocation.
type Seen = Arc<Mutex<Vec<Vec<String>>>>;

fn sort_keys(event: &Event) -> Vec<String> {
    event.records.iter().map(|record| sort_key(record).to_owned()).collect()
}

fn sort_key(record: &EventRecord) -> &str {
    let Some(AttributeValue::S(key)) = record.change.keys.get("sk") else { panic!("{record:?}") };
    key
}

#[tokio::test]
async fn of_eight_conditional_puts_of_one_item_one_succeeds() -> Result<()> {
    let stack = Stack::start().await?;
    let puts = (0..8).map(|_| {
        let put = stack.table().put_item().table_name(TABLE).set_item(Some(item("T", "S")));
        tokio::spawn(put.condition_expression("attribute_not_exists(pk)").send())
    });
    let mut winners = 0;
    for put in puts.collect::<Vec<_>>() {
        match put.await? {
            Ok(_) => winners += 1,
            Err(error) => {
                assert!(error.as_service_error().unwrap().is_conditional_check_failed_exception())
            }
        }
    }
    assert_eq!(winners, 1);
    Ok(())
}

#[tokio::test]
async fn of_eight_conditional_puts_of_one_object_one_succeeds() -> Result<()> {
    let stack = Stack::start().await?;
    let puts = (0..8).map(|writer| {
        let put = stack.bucket().put_object().bucket(BUCKET).key("latest.json").if_none_match("*");
        tokio::spawn(put.body(ByteStream::from(vec![writer; 100_000])).send())
    });
    let mut winners = 0;
    for put in puts.collect::<Vec<_>>() {
        match put.await? {
            Ok(_) => winners += 1,
            Err(error) => assert_eq!(error.raw_response().unwrap().status().as_u16(), 412),
        }
    }
    assert_eq!(winners, 1);
    Ok(())
}

#[tokio::test]
async fn items_and_objects_survive_a_restart() -> Result<()> {
    let stack = Stack::start().await?;
    put(&stack, "S").await?;
    let body = ByteStream::from_static(b"kept");
    stack.bucket().put_object().bucket(BUCKET).key("spill/a/b").body(body).send().await?;

    let stack = stack.restart().await?;
    let read = stack.table().get_item().table_name(TABLE).set_key(Some(item("T", "S")));
    assert_eq!(read.send().await?.item, Some(item("T", "S")));
    let read = stack.bucket().get_object().bucket(BUCKET).key("spill/a/b").send().await?;
    assert_eq!(read.body.collect().await?.to_vec(), b"kept");
    Ok(())
}

#[tokio::test]
async fn a_mapping_that_is_killed_hands_the_batch_over_again() -> Result<()> {
    let stack = Stack::start().await?;
    let (entered, mut entries) = tokio::sync::mpsc::unbounded_channel();
    let hangs = move |_| {
        entered.send(()).unwrap();
        std::future::pending::<Result<DynamoDbEventResponse>>()
    };
    let mapping = EventSource::default().start(&stack.dynamodb, TABLE, hangs).await?;
    put(&stack, "E#1").await?;
    entries.recv().await;
    mapping.stop().await;

    let stack = stack.restart().await?;
    let seen = Seen::default();
    let sees = seen.clone();
    let takes = move |event: Event| {
        sees.lock().unwrap().push(sort_keys(&event));
        async { anyhow::Ok(DynamoDbEventResponse::default()) }
    };
    let mapping = EventSource::default().start(&stack.dynamodb, TABLE, takes.clone()).await?;
    mapping.drained().await?;
    assert_eq!(*seen.lock().unwrap(), [["E#1"]]);

    mapping.stop().await;
    let mapping = EventSource::default().start(&stack.dynamodb, TABLE, takes).await?;
    mapping.drained().await?;
    assert_eq!(seen.lock().unwrap().len(), 1, "a record that was taken came again");
    Ok(())
}

#[tokio::test]
async fn a_batch_goes_on_from_its_first_failure() -> Result<()> {
    let stack = Stack::start().await?;
    for sk in ["E#1", "E#2", "S", "E#3", "E#4"] {
        put(&stack, sk).await?;
    }
    let seen = Seen::default();
    let sees = seen.clone();
    let function = move |event: Event| {
        let mut seen = sees.lock().unwrap();
        seen.push(sort_keys(&event));
        let mut response = DynamoDbEventResponse::default();
        let invocation = seen.len();
        if invocation == 2 {
            for failed in [3, 2] {
                let mut failure = DynamoDbBatchItemFailure::default();
                failure.item_identifier = event.records[failed].change.sequence_number.clone();
                response.batch_item_failures.push(failure);
            }
        }
        async move {
            match invocation {
                1 => bail!("not yet"),
                3 => panic!("not yet either"),
                _ => Ok(response),
            }
        }
    };
    let source = EventSource {
        window: Duration::from_millis(50),
        filter: |record| sort_key(record) != "S",
        ..EventSource::default()
    };
    let mapping = source.start(&stack.dynamodb, TABLE, function).await?;
    mapping.drained().await?;
    let all = vec!["E#1", "E#2", "E#3", "E#4"];
    let rest = vec!["E#3", "E#4"];
    assert_eq!(*seen.lock().unwrap(), [all.clone(), all, rest.clone(), rest]);
    Ok(())
}

#[tokio::test]
async fn a_function_gets_requests_as_from_api_gateway() -> Result<()> {
    let api = HttpApi::start(0, |request| async move {
        assert_ne!(request.uri().path(), "/panics");
        let kind = match request.body() {
            Body::Text(_) => "text",
            Body::Binary(_) => "binary",
            Body::Empty | _ => "none",
        };
        Response::new(Body::from(kind))
    })
    .await?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let post = |path: &str, body: Vec<u8>| client.post(api.url() + path).body(body).send();
    assert_eq!(post("/", b"{}".to_vec()).await?.text().await?, "text");
    assert_eq!(post("/", vec![0xff]).await?.text().await?, "binary");
    assert_eq!(post("/", Vec::new()).await?.text().await?, "none");
    assert_eq!(post("/", vec![b' '; 11 << 20]).await?.status(), 413);
    assert_eq!(post("/panics", Vec::new()).await?.status(), 500);
    api.stop().await
}

const REFUSALS: &[Fate] = &[Fate::Throttle, Fate::Fail, Fate::Drop];

#[tokio::test]
async fn the_clients_retry_through_random_faults() -> Result<()> {
    let stack = Stack::start().await?;
    let dynamodb = Faults::before(stack.dynamodb.endpoint()).await?;
    let s3 = Faults::before(stack.object_store.endpoint()).await?;
    dynamodb.at_random(5, 0.2, REFUSALS);
    s3.at_random(5, 0.2, REFUSALS);
    let table = clients::dynamodb(&dynamodb.endpoint());
    let bucket = clients::s3(&s3.endpoint());
    for n in 0..4 {
        let key = format!("events/date=2022-10-14/{n} {n}");
        table.put_item().table_name(TABLE).set_item(Some(item("T", &key))).send().await?;
        let body = ByteStream::from_static(b"body");
        bucket.put_object().bucket(BUCKET).key(&key).body(body).send().await?;
        assert_eq!(
            bucket.head_object().bucket(BUCKET).key(&key).send().await?.content_length,
            Some(4)
        );
        bucket.get_object().bucket(BUCKET).key(&key).send().await?;
    }
    assert!(dynamodb.take_counts().values().sum::<usize>() > 4, "nothing was refused");
    assert!(s3.take_counts().values().sum::<usize>() > 12, "nothing was refused");
    assert_eq!(bucket.list_objects_v2().bucket(BUCKET).send().await?.key_count, Some(4));
    Ok(())
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_has_happened() -> Result<()> {
    let stack = Stack::start().await?;
    let faults = Faults::before(stack.dynamodb.endpoint()).await?;
    faults.once(Fate::LoseAnswer, |call| call.writes("S"));
    let put = clients::dynamodb(&faults.endpoint()).put_item().table_name(TABLE);
    let put = put.set_item(Some(item("T", "S"))).condition_expression("attribute_not_exists(pk)");
    let error = put.send().await.unwrap_err();
    assert!(error.as_service_error().unwrap().is_conditional_check_failed_exception());
    assert_eq!(faults.take_counts()["PutItem"], 2);

    let faults = Faults::before(stack.object_store.endpoint()).await?;
    faults.once(Fate::LoseAnswer, |call| call.path.ends_with("latest.json"));
    let put = clients::s3(&faults.endpoint()).put_object().bucket(BUCKET).key("latest.json");
    let error = put.if_none_match("*").send().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 412);
    Ok(())
}

#[tokio::test]
async fn a_request_that_hangs_and_is_given_up_has_not_happened() -> Result<()> {
    let stack = Stack::start().await?;
    let faults = Faults::before(stack.dynamodb.endpoint()).await?;
    faults.always(Fate::Hang(Duration::from_millis(100)));
    let put = clients::dynamodb(&faults.endpoint()).put_item().table_name(TABLE);
    let put = put.set_item(Some(item("T", "S"))).send();
    assert!(tokio::time::timeout(Duration::from_millis(50), put).await.is_err());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let read = stack.table().get_item().table_name(TABLE).set_key(Some(item("T", "S")));
    assert_eq!(read.send().await?.item, None);
    Ok(())
}
