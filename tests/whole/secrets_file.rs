//! The local stack takes all secrets in its file, and says what is wrong with a bad one.

use std::fs;

use anyhow::Result;
use functions::config::now;
use functions::ingest_webhook::signals::SECRET_HEADER;
use local_stack::{Trueline, Webex, accepted, secrets};
use serde_json::{Map, Value, json};
use task_timeline::Id;
use webhook::{Secret, SignedDelivery};

/// A start of the demo, then two subscriptions, of which one is being given a new secret, and a flow.
const SECRETS: &str = r#"{
    "subscriptions": { "local-stack": ["the old one", "the new one"], "agents": ["of agents"] },
    "signals": ["the old one of flows", "of flows"]
}"#;

/// The status of the answer to an event of a task that `subscription` has signed with `secret`.
async fn status(url: &str, subscription: &str, secret: &str) -> Result<u16> {
    let data = json!({ "taskId": "t", "createdTime": now().0 });
    let envelope = Map::from_iter([
        ("type".to_owned(), "task:new".into()),
        ("comciscoorgid".to_owned(), "o".into()),
        ("data".to_owned(), data),
    ]);
    let secret = Secret::try_from(secret.to_owned())?;
    let signed = SignedDelivery::new(envelope, subscription, &secret, now());
    let post = reqwest::Client::new().post(format!("{url}/webhooks")).body(signed.body);
    let post =
        signed.headers.into_iter().fold(post, |post, (name, value)| post.header(name, value));
    Ok(post.send().await?.status().as_u16())
}

/// The status of the answer to a signal with `secret`.
async fn status_of_signal(url: &str, secret: &str) -> Result<u16> {
    let post = reqwest::Client::new().post(format!("{url}/signals/callback-requested"));
    let post = post.header(SECRET_HEADER, secret).body(r#"{"orgId":"o","taskId":"t"}"#);
    Ok(post.send().await?.status().as_u16())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_secret_in_the_file_is_taken_and_no_other() -> Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join(secrets::FILE), SECRETS)?;
    let secrets = secrets::load(folder.path())?;
    let trueline = Trueline::start(folder.path(), 0, secrets.clone()).await?;
    let url = trueline.url();
    for (subscription, secret, expected) in [
        ("local-stack", "the old one", 200),
        ("local-stack", "the new one", 200),
        ("agents", "of agents", 200),
        ("agents", "the new one", 401),
        ("local-stack", "of flows", 401),
        ("another", "the new one", 401),
    ] {
        let answer = status(&url, subscription, secret).await?;
        assert_eq!(answer, expected, "{subscription}: {secret}");
    }
    for (secret, expected) in
        [("the old one of flows", 200), ("of flows", 200), ("the new one", 401)]
    {
        assert_eq!(status_of_signal(&url, secret).await?, expected, "{secret}");
    }
    // The demo's own sender keeps to the file too.
    let webex = Webex::with_secrets(&url, &secrets)?;
    let org = Id::new("o").unwrap();
    accepted(webex.signal_callback(&org, "t", now()).await?).await?;
    trueline.stop().await
}

#[test]
fn a_file_is_made_once_and_kept() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let made = secrets::load(folder.path())?;
    assert_eq!(secrets::load(folder.path())?, made);
    Webex::with_secrets("", &made)?;
    Ok(())
}

#[test]
fn a_bad_file_is_named_with_the_place_and_without_secrets() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join(secrets::FILE);
    let whole: Value = serde_json::from_str(SECRETS)?;
    for (text, place) in [
        (String::new(), "see line 1, column "),
        (SECRETS.replace("},", "}"), "see line 3, column "),
        (SECRETS.replace("signals", "signal"), "see line 3, column "),
        (SECRETS.replace(r#""of agents""#, r#""""#), "see line 2, column "),
        (whole["subscriptions"].to_string(), "see line 1, column "),
    ] {
        fs::write(&file, &text)?;
        let error = format!("{:#}", secrets::load(folder.path()).unwrap_err());
        let named = format!("{} is not JSON like ", file.display());
        assert!(error.starts_with(&named) && error.contains(place), "{error}\n{text}");
        assert!(!error.contains("old one") && !error.contains("of agents"), "{error}");
    }
    let error = |text: &str| -> String {
        let secrets = serde_json::from_str(text).unwrap();
        Webex::with_secrets("", &secrets).unwrap_err().to_string()
    };
    let lacks = "there is no secret for the subscription local-stack";
    assert_eq!(error(r#"{"subscriptions": {"agents": ["s"]}}"#), lacks);
    let lacks = "there is no secret for signals";
    assert_eq!(error(r#"{"subscriptions": {"local-stack": ["s"]}}"#), lacks);
    Ok(())
}
