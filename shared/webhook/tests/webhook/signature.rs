//! What proves that a delivery is genuine, and what does not.

use task_timeline::EpochMs;
use webhook::{ProofHeaders, Refusal, Secrets};

use crate::properties::sign;

const BODY: &[u8] = include_bytes!("../../../fixtures/webhooks/task.ended.json");
/// The output of `openssl dgst -sha256 -hmac 'correct horse battery staple 0123'` for the body.
const SIGNATURE: &str = "a69318e91bfa9400f395188a0eb72b6494fa33296eba4c8281378054c51db9f8";
const DISPATCHED: EpochMs = EpochMs(1_790_000_000_333);
const MINUTE_MS: i64 = 60_000;

/// The headers of the fixture.
const SIGNED: ProofHeaders<'static> =
    ProofHeaders { signature: Some(SIGNATURE), timestamp: Some("1790000000333") };

fn secrets() -> Secrets {
    let text = r#"{
        "subscriptions": {
            "3643e2af-41b1-5afa-b519-ec57efd5c123":
                ["the new one, not in use yet 012345", "correct horse battery staple 0123"],
            "another": ["the secret of another subscription"]
        },
        "signals": ["of the flow"]
    }"#;
    serde_json::from_str(text).unwrap()
}

fn verify(body: &[u8], headers: ProofHeaders<'_>, now: EpochMs) -> Result<(), Refusal> {
    secrets().verify_webhook(body, headers, now)
}

#[test]
fn any_active_secret_of_the_subscription_proves_a_delivery() {
    assert_eq!(verify(BODY, SIGNED, DISPATCHED), Ok(()));
    let newer = sign("the new one, not in use yet 012345", BODY);
    let signed = ProofHeaders { signature: Some(&newer), ..SIGNED };
    assert_eq!(verify(BODY, signed, DISPATCHED), Ok(()));
}

#[test]
fn nothing_else_proves_it() {
    let other_subscription = sign("the secret of another subscription", BODY);
    let forged = [
        &SIGNATURE[..62],
        &SIGNATURE[..63],
        &SIGNATURE.to_uppercase(),
        &format!("{SIGNATURE}00"),
        "",
        "no hexadecimal digits",
        &other_subscription,
    ];
    for signature in forged {
        let headers = ProofHeaders { signature: Some(signature), ..SIGNED };
        assert_eq!(verify(BODY, headers, DISPATCHED), Err(Refusal::Forged), "{signature}");
    }
    let mut changed = BODY.to_vec();
    changed[40] ^= 1;
    assert_eq!(verify(&changed, SIGNED, DISPATCHED), Err(Refusal::Forged));
    let unsigned = ProofHeaders { signature: None, ..SIGNED };
    assert_eq!(verify(BODY, unsigned, DISPATCHED), Err(Refusal::Unsigned));
}

#[test]
fn a_subscription_without_a_secret_is_named() {
    let body = br#"{"source": "/com/cisco/wxcc/unheard-of"}"#;
    let subscription = "unheard-of".to_owned();
    let refused = verify(body, SIGNED, DISPATCHED);
    assert_eq!(refused, Err(Refusal::UnknownSubscription { subscription }));
}

#[test]
fn the_dispatch_time_is_bounded_on_both_sides() {
    let after = |ms| verify(BODY, SIGNED, DISPATCHED + ms);
    assert_eq!(after(5 * MINUTE_MS), Ok(()));
    assert_eq!(after(-5 * MINUTE_MS), Ok(()));
    assert_eq!(after(5 * MINUTE_MS + 1), Err(Refusal::TooOld { age_ms: 300_001 }));
    assert_eq!(after(-5 * MINUTE_MS - 1), Err(Refusal::FromTheFuture { ahead_ms: 300_001 }));
}

#[test]
fn the_dispatch_time_of_header_and_body_must_be_the_same() {
    for timestamp in [None, Some("1790000000334"), Some("")] {
        let headers = ProofHeaders { timestamp, ..SIGNED };
        assert_eq!(verify(BODY, headers, DISPATCHED), Err(Refusal::TimestampsDiffer));
    }
}

#[test]
fn a_v1_delivery_has_no_dispatch_time_and_a_v2_one_may_write_it_as_text() {
    let secret = "the secret of another subscription";
    let v1 = br#"{"source": "/com/cisco/wxcc/another", "data": {}}"#;
    let signature = sign(secret, v1);
    let headers = ProofHeaders { signature: Some(&signature), timestamp: None };
    assert_eq!(verify(v1, headers, DISPATCHED), Ok(()));
    let claims_v2 = ProofHeaders { timestamp: SIGNED.timestamp, ..headers };
    assert_eq!(verify(v1, claims_v2, DISPATCHED), Err(Refusal::TimestampsDiffer));

    let v2 = br#"{"comciscotimestamp": "1790000000333", "source": "/com/cisco/wxcc/another"}"#;
    let signature = sign(secret, v2);
    let headers = ProofHeaders { signature: Some(&signature), ..SIGNED };
    assert_eq!(verify(v2, headers, DISPATCHED), Ok(()));
}

#[test]
fn a_body_that_does_not_name_its_subscription_may_be_genuine() {
    let deep = "[".repeat(10_000);
    for body in [deep.as_bytes(), b"\xff\xfe\x00binary", b"", br#"{"source": 7}"#] {
        let signature = sign("the secret of another subscription", body);
        let headers = ProofHeaders { signature: Some(&signature), timestamp: None };
        assert_eq!(verify(body, headers, DISPATCHED), Ok(()));
        let signature = sign("guessed", body);
        let headers = ProofHeaders { signature: Some(&signature), timestamp: None };
        assert_eq!(verify(body, headers, DISPATCHED), Err(Refusal::Forged));
    }
}

#[test]
fn a_signal_carries_its_secret() {
    assert_eq!(secrets().verify_signal(Some("of the flow")), Ok(()));
    assert_eq!(secrets().verify_signal(Some("of the floW")), Err(Refusal::Forged));
    assert_eq!(secrets().verify_signal(None), Err(Refusal::Unsigned));
    assert_eq!(Secrets::default().verify_signal(Some("")), Err(Refusal::Forged));
}

#[test]
fn secrets_are_not_shown_by_debug_and_are_never_empty() {
    let shown = format!("{:?}", secrets());
    assert!(!shown.contains("horse") && !shown.contains("flow"), "{shown}");
    let empty = r#"{"subscriptions": {"one": [""]}}"#;
    assert!(serde_json::from_str::<Secrets>(empty).is_err());
}
