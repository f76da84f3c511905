//! `trueline subscribe`: made once, in an order in which no delivery can be refused.

use std::time::Duration;

use serde_json::json;
use trueline::subscribe::{PARKED, Subscribe, delete, finish_move, list};

use crate::check::table;
use crate::secrets_manager::SecretsManager;
use crate::webex::Webex;

pub(crate) const URL: &str = "https://hooks.example.com/webhooks";

pub(crate) fn wanted() -> Subscribe {
    Subscribe {
        name: "trueline".to_owned(),
        destination: URL.to_owned(),
        dry_run: false,
        known_after: Duration::ZERO,
    }
}

#[tokio::test]
async fn each_resource_gets_a_subscription_whose_secret_is_believed() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    let lines = wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    assert_eq!(lines[0], "task: Trueline does not know task:teleported; archived only");
    assert_eq!(lines[1], "create trueline-task (task:1.0.0, 4 types)");
    let state = webex.state.lock().unwrap();
    let types: Vec<_> = state.subscriptions.iter().map(|it| it["eventTypes"].clone()).collect();
    let expected = [
        json!(["task:new", "task:parked", "task:ended", "task:teleported"]),
        json!(["agent:login", "agent:channel_state_change"]),
        json!(["capture:available"]),
    ];
    assert_eq!(types, expected);
    for subscription in &state.subscriptions {
        assert_eq!(subscription["destinationUrl"], URL);
        let believed = &secrets.value()["subscriptions"][subscription["id"].as_str().unwrap()];
        assert_eq!(believed, &json!([subscription["secret"]]));
    }
}

#[tokio::test]
async fn a_subscription_is_parked_until_its_secret_is_stored() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    let changes = webex.changes();
    assert_eq!(changes.len(), 6);
    let parked = format!("{URL}{PARKED}");
    assert!(changes[..3].iter().all(|it| it.starts_with("POST") && it.contains(&parked)));
    assert!(changes[3..].iter().all(|it| it.starts_with("PATCH") && !it.contains(PARKED)));
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_says_so() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    let (before, _) = (secrets.value(), webex.changes());
    let lines = wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    assert_eq!(webex.changes(), Vec::<String>::new());
    assert_eq!(secrets.value(), before);
    assert_eq!(lines[1], "trueline-task: as it should be, 4 types");
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_says_what_it_would() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    let dry = Subscribe { dry_run: true, ..wanted() };
    let lines = dry.run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    assert_eq!(lines[3], "would create trueline-capture (capture:1.0.0, 1 types)");
    assert_eq!(webex.changes(), Vec::<String>::new());
    assert!(secrets.value().is_null());
}

#[tokio::test]
async fn what_went_wrong_since_is_put_right() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    webex.changes();
    {
        let mut state = webex.state.lock().unwrap();
        state.subscriptions[0]["status"] = "inactive".into();
        state.subscriptions[1]["eventTypes"] = json!(["agent:login", "agent:logout"]);
        state.subscriptions[2]["destinationUrl"] = "https://elsewhere.example.com/webhooks".into();
    }
    let lines = wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    assert_eq!(lines[1], "change trueline-task: make active");
    assert_eq!(lines[2], "change trueline-agent: deliver 3 types");
    assert_eq!(lines[3], format!("change trueline-capture: deliver to {URL}"));
    assert_eq!(webex.changes().len(), 3);
}

#[tokio::test]
async fn types_that_webex_lists_and_refuses_are_left_out() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    webex.state.lock().unwrap().refuses_unknown = true;
    let told = "trueline-task: Webex refused the types that Trueline does not know (unknown event \
                type); they are left out";
    let known = json!(["task:new", "task:parked", "task:ended"]);
    for _run in ["creates", "changes"] {
        let lines = wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
        assert!(lines.iter().any(|line| line == told), "{lines:?}");
        assert_eq!(webex.state.lock().unwrap().subscriptions[0]["eventTypes"], known);
    }
}

#[tokio::test]
async fn a_move_to_a_newer_version_keeps_the_older_one_until_the_newer_one_delivers() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    let api = webex.with_token();
    webex.state.lock().unwrap().is_old = true;
    wanted().run(&api, &mut secrets.read().await).await.unwrap();
    webex.state.lock().unwrap().is_old = false;
    let names = || -> Vec<_> {
        let state = webex.state.lock().unwrap();
        let agents = state.subscriptions.iter().filter(|it| it.to_string().contains("agent:"));
        agents.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(), ["trueline-agent"]);
    let (old, new) = ("trueline-agent", "trueline-agent-2.0.0");
    let finish = async |delivered: bool| {
        let (_dynamodb, table) = table(delivered).await;
        finish_move("trueline", &api, &mut secrets.read().await, &table.session()).await.unwrap()
    };
    let early = finish(true).await;
    let told =
        "trueline-agent stays: none of agent:2.0.0 is active; run `trueline subscribe` first";
    assert_eq!((early.is_finished, early.lines), (false, vec![told.to_owned()]));

    // The newer one delivers beside the older one, which is not touched; a second run changes nothing.
    let lines = wanted().run(&api, &mut secrets.read().await).await.unwrap();
    let both = "trueline-agent: is of agent:1.0.0; once one of agent:2.0.0 has delivered, \
                `trueline subscribe --finish-move` deletes it";
    assert_eq!(lines[2], both);
    assert_eq!(lines[4], "create trueline-agent-2.0.0 (agent:2.0.0, 2 types)");
    assert_eq!(names(), [old, new]);
    webex.changes();
    wanted().run(&api, &mut secrets.read().await).await.unwrap();
    assert_eq!(webex.changes(), Vec::<String>::new());

    let waiting = finish(false).await;
    let told = "trueline-agent stays: trueline-agent-2.0.0 has not delivered yet; run this again \
                after an agent has changed state";
    assert_eq!((waiting.is_finished, waiting.lines), (false, vec![told.to_owned()]));
    assert_eq!(names(), [old, new]);
    let finished = finish(true).await;
    let told = vec!["deleted trueline-agent (agent:1.0.0)".to_owned()];
    assert_eq!((finished.is_finished, finished.lines), (true, told));
    assert_eq!(names(), [new]);
    assert_eq!(secrets.value()["subscriptions"].as_object().unwrap().len(), 3);
    assert_eq!(
        finish(true).await.lines[0],
        "nothing to finish: no subscription is of an older version"
    );
    assert_eq!(delete("trueline", &api, &mut secrets.read().await, false).await.unwrap().len(), 3);
}

/// The run before died between making the subscription and storing its secret.
#[tokio::test]
async fn a_subscription_whose_secret_is_lost_gets_a_new_one() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    let mut file = secrets.read().await;
    assert!(file.forget("id-1"));
    file.write().await.unwrap();
    let lines = wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    assert_eq!(lines[3], "change trueline-agent: give a new secret");
    let secret = webex.state.lock().unwrap().subscriptions[1]["secret"].clone();
    assert_eq!(secrets.value()["subscriptions"]["id-1"], json!([secret]));
}

#[tokio::test]
async fn no_more_than_twenty_subscriptions_are_tried() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    webex.state.lock().unwrap().of_version_1 = 18;
    let refused = wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap_err();
    let told = refused.to_string();
    assert!(told.starts_with("the organization has 18 subscriptions and may have 20"), "{told}");
    assert_eq!(webex.changes(), Vec::<String>::new());
}

#[tokio::test]
async fn what_was_made_is_listed_and_deleted_with_its_secrets() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    let api = webex.with_token();
    wanted().run(&api, &mut secrets.read().await).await.unwrap();
    let lines = list(&api).await.unwrap();
    assert_eq!(lines[0], "trueline-task  active  task:1.0.0  4 types");
    assert_eq!(lines[9], "3 of at most 20 subscriptions, 0 of them of version 1");
    let lines = delete("trueline", &api, &mut secrets.read().await, false).await.unwrap();
    assert_eq!(lines.len(), 3);
    assert!(webex.state.lock().unwrap().subscriptions.is_empty());
    assert_eq!(secrets.value()["subscriptions"], json!({}));
    let lines = delete("trueline", &api, &mut secrets.read().await, false).await.unwrap();
    assert_eq!(lines, ["nothing to delete: no subscription is called trueline-…"]);
}
