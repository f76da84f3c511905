//! `trueline check`: well only if webhooks can come in, and do.

use std::time::Duration;

use functions::config::Config;
use functions::store::task_table::TaskTable;
use task_timeline::EpochMs;
use trueline::check::{Check, CheckReport};
use wiremock::matchers::{any, body_string_contains};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::sdk::sdk;
use crate::secrets_manager::SecretsManager;
use crate::subscribe::{URL, wanted};
use crate::webex::Webex;

const NOW: EpochMs = EpochMs(1_790_000_600_000);

/// A table whose newest webhook came within ten seconds of 1 790 000 000 000, from every
/// subscription; or one to which nothing came.
pub(crate) async fn table(has_delivered: bool) -> (MockServer, TaskTable) {
    let server = MockServer::start().await;
    let answer = |items: &str| {
        let answer = format!(r#"{{"Items": [{items}]}}"#);
        ResponseTemplate::new(200).set_body_raw(answer, "application/x-amz-json-1.0")
    };
    Mock::given(body_string_contains("ORGANIZATIONS"))
        .respond_with(answer(r#"{"sk": {"S": "org"}}"#))
        .mount(&server)
        .await;
    let pulse = r#"{"sk": {"S": "1790000000000"}, "newest": {"N": "1789999999000"}}"#;
    let pulse = if has_delivered { pulse } else { "" };
    Mock::given(any()).respond_with(answer(pulse)).mount(&server).await;
    let config = Config { table: "table".to_owned(), bucket: String::new() };
    let table = config.task_table(&sdk(&server));
    (server, table)
}

async fn check(webex: &Webex, secrets: &SecretsManager, most_age_s: u64) -> CheckReport {
    let (_dynamodb, table) = table(true).await;
    let most_age = Some(Duration::from_secs(most_age_s));
    let check = Check { destination: URL.to_owned(), most_age };
    check.run(&webex.with_token(), &secrets.read().await, &table, NOW).await.unwrap()
}

#[tokio::test]
async fn all_is_well_after_subscribing_and_with_a_young_webhook() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    let report = check(&webex, &secrets, 600).await;
    assert_eq!(report.faults, 0, "{:?}", report.lines);
    assert_eq!(report.lines.last().unwrap(), "ok    newest webhook: 590 s ago");
    let report = check(&webex, &secrets, 500).await;
    assert_eq!(report.faults, 1);
    assert_eq!(report.lines.last().unwrap(), "FAIL  newest webhook: 590 s ago");
}

#[tokio::test]
async fn everything_that_is_wrong_is_told() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    let report = check(&webex, &secrets, 600).await;
    assert_eq!(report.lines[0], format!("FAIL  task: nothing delivers to {URL}"));
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    let mut file = secrets.read().await;
    file.forget("id-2");
    file.write().await.unwrap();
    {
        let mut state = webex.state.lock().unwrap();
        state.subscriptions[0]["status"] = "inactive".into();
        state.subscriptions[0]["eventTypes"] =
            serde_json::json!(["task:new", "task:parked", "task:ended"]);
        state.subscriptions[1]["eventTypes"] = serde_json::json!(["agent:login"]);
    }
    let report = check(&webex, &secrets, 600).await;
    let faults = report.lines.iter().filter(|line| line.starts_with("FAIL")).collect::<Vec<_>>();
    let expected = [
        "FAIL  trueline-task: inactive",
        "FAIL  trueline-agent: lacks agent:channel_state_change",
        "FAIL  trueline-capture: has no secret here",
    ];
    assert_eq!(faults, expected);
    let warning =
        "warn  trueline-task: could also deliver task:teleported; run `trueline subscribe`";
    assert!(report.lines.iter().any(|line| line == warning), "{:?}", report.lines);
}

#[tokio::test]
async fn a_version_that_ends_is_warned_of() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    webex.state.lock().unwrap().is_old = true;
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    webex.state.lock().unwrap().is_old = false;
    let report = check(&webex, &secrets, 600).await;
    let warning = "warn  trueline-agent: agent:1.0.0 is said to end on 16 December 2026; run \
                   `trueline subscribe`, which adds agent:2.0.0 beside it";
    assert!(report.lines.iter().any(|line| line == warning), "{:?}", report.lines);
    assert_eq!(report.faults, 0);
}
