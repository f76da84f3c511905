//! `trueline rotate-secret`: at every moment, what Webex signs with is believed.

use std::time::Duration;

use serde_json::json;
use trueline::rotate::{Step, signals, subscriptions};

use crate::secrets_manager::SecretsManager;
use crate::subscribe::wanted;
use crate::webex::Webex;

async fn rotate(
    webex: &Webex,
    secrets: &SecretsManager,
    step: Step,
) -> anyhow::Result<Vec<String>> {
    let (api, mut file) = (webex.with_token(), secrets.read().await);
    let done = subscriptions("trueline", step, &api, &mut file, Duration::ZERO).await;
    // Whatever happened: the secret of each subscription is among those that are believed.
    for there in &webex.state.lock().unwrap().subscriptions {
        let believed = secrets.value()["subscriptions"][there["id"].as_str().unwrap()].clone();
        assert!(believed.as_array().unwrap().contains(&there["secret"]), "{believed}");
    }
    done
}

#[tokio::test]
async fn the_old_secret_is_believed_until_the_rotation_is_finished() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    let before = secrets.value()["subscriptions"]["id-0"][0].clone();
    let lines = rotate(&webex, &secrets, Step::Begin).await.unwrap();
    assert_eq!(lines[0], "trueline-task: has a new secret; the old one is still believed");
    let both = secrets.value()["subscriptions"]["id-0"].clone();
    assert_eq!((&both[0], both.as_array().unwrap().len()), (&before, 2));
    assert_eq!(webex.state.lock().unwrap().subscriptions[0]["secret"], both[1]);

    let again = rotate(&webex, &secrets, Step::Begin).await.unwrap();
    assert_eq!(again, lines);
    assert_eq!(secrets.value()["subscriptions"]["id-0"], both);

    rotate(&webex, &secrets, Step::Finish).await.unwrap();
    assert_eq!(secrets.value()["subscriptions"]["id-0"], json!([both[1]]));
    let lines = rotate(&webex, &secrets, Step::Finish).await.unwrap();
    assert_eq!(lines[0], "trueline-task: no rotation is under way");
}

#[tokio::test]
async fn a_rotation_that_webex_refused_leaves_the_old_secret_and_is_completed_later() {
    let (webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    wanted().run(&webex.with_token(), &mut secrets.read().await).await.unwrap();
    webex.state.lock().unwrap().refuses_changes = true;
    rotate(&webex, &secrets, Step::Begin).await.unwrap_err();
    rotate(&webex, &secrets, Step::Finish).await.unwrap_err();
    let both = secrets.value()["subscriptions"]["id-0"].clone();
    assert_eq!(both.as_array().unwrap().len(), 2);

    webex.state.lock().unwrap().refuses_changes = false;
    rotate(&webex, &secrets, Step::Finish).await.unwrap();
    assert_eq!(secrets.value()["subscriptions"]["id-0"], json!([both[1]]));
}

#[tokio::test]
async fn the_secret_of_signals_is_rotated_in_two_steps() {
    let (_webex, secrets) = (Webex::start().await, SecretsManager::start().await);
    for (step, believed) in
        [(Step::Begin, 1), (Step::Begin, 2), (Step::Begin, 2), (Step::Finish, 1), (Step::Finish, 1)]
    {
        signals(step, &mut secrets.read().await).await.unwrap();
        assert_eq!(secrets.value()["signals"].as_array().unwrap().len(), believed);
    }
}
