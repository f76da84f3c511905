//! What Webex may answer instead of doing what it was asked.

use functions::watch_subscriptions::subscriptions::{Change, Status, SubscriptionsError};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::webex::Webex;

fn answer(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

fn change() -> Change {
    let (resource_version, status) = ("task:1.0.0".to_owned(), Some(Status::Active));
    Change { resource_version, status, ..Change::default() }
}

#[tokio::test]
async fn a_token_that_expired_is_renewed_once() {
    let webex = Webex::start().await;
    let api = webex.with_refresh();
    api.list().await.unwrap();
    api.list().await.unwrap();
    assert_eq!(webex.state.lock().unwrap().tokens_given, 1);
    webex.state.lock().unwrap().is_expired = true;
    api.list().await.unwrap();
    assert_eq!(webex.state.lock().unwrap().tokens_given, 2);
    webex.fail([answer(401), answer(401)]);
    assert!(matches!(api.list().await, Err(SubscriptionsError::Unauthorized)));
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_says_what_to_do() {
    let webex = Webex::start().await;
    let error = webex.client(json!({ "accessToken": "old" })).list().await.unwrap_err();
    assert!(error.to_string().contains("authorize the integration again"), "{error}");
}

#[tokio::test]
async fn a_scope_that_is_missing_is_named() {
    let webex = Webex::start().await;
    webex.fail([answer(403), answer(403)]);
    let read = webex.with_token().list().await.unwrap_err().to_string();
    assert!(read.contains("the scope cjp:config_read"), "{read}");
    let write = webex.with_token().change("x", &change()).await.unwrap_err().to_string();
    assert!(write.contains("the scope cjp:config_write"), "{write}");
}

#[tokio::test]
async fn a_short_wait_is_waited_for_and_a_long_one_told() {
    let webex = Webex::start().await;
    webex.fail([answer(429).insert_header("retry-after", "1")]);
    let began = std::time::Instant::now();
    webex.with_token().list().await.unwrap();
    assert!(began.elapsed().as_secs() >= 1);
    webex.fail([answer(429).insert_header("retry-after", "3600")]);
    let error = webex.with_token().list().await.unwrap_err().to_string();
    assert_eq!(
        error,
        "Webex asks to wait 3600 s before it may list the subscriptions (429): try again then"
    );
}

#[tokio::test]
async fn failures_pass_or_are_told_after_four_attempts() {
    let webex = Webex::start().await;
    webex.fail([answer(500), answer(503), answer(502)]);
    webex.with_token().list().await.unwrap();
    webex.fail([answer(500), answer(500), answer(500), answer(500)]);
    let error = webex.with_token().list().await.unwrap_err();
    assert!(
        matches!(error, SubscriptionsError::Failed { status: 500, attempts: 4, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn creating_is_not_tried_twice_for_it_might_have_worked() {
    use functions::watch_subscriptions::subscriptions::NewSubscription;
    let webex = Webex::start().await;
    webex.fail([answer(500)]);
    let new = NewSubscription {
        name: "name".to_owned(),
        description: String::new(),
        event_types: vec!["task:new".to_owned()],
        destination_url: "https://hooks.example.com/webhooks".to_owned(),
        resource_version: "task:1.0.0".to_owned(),
        secret: "x".repeat(32),
    };
    let error = webex.with_token().create(&new).await.unwrap_err();
    assert!(matches!(error, SubscriptionsError::Failed { attempts: 1, .. }), "{error}");
    webex.state.lock().unwrap().of_version_1 = 20;
    let error = webex.with_token().create(&new).await.unwrap_err();
    assert!(matches!(error, SubscriptionsError::LimitReached { count: 20 }), "{error}");
}

#[tokio::test]
async fn an_answer_of_another_form_is_an_error_and_is_not_shown() {
    let webex = Webex::start().await;
    webex.fail([answer(200).set_body_string("<html>private</html>")]);
    let error = webex.with_token().list().await.unwrap_err();
    assert!(matches!(error, SubscriptionsError::Malformed { .. }), "{error}");
    assert!(!format!("{error:?}").contains("private"));
}
