//! What proves that a delivery is genuine, and what does not.

use task_timeline::EpochMs;
use webhook::{Proof, ProofHeaders, Refusal, Secrets, Webhook};

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

fn verify(body: &[u8], headers: ProofHeaders<'_>, now: EpochMs) -> Result<Proof, Refusal> {
    secrets().verify_webhook(body, headers, now)
}

#[test]
fn any_active_secret_of_the_subscription_proves_a_delivery() {
    assert_eq!(verify(BODY, SIGNED, DISPATCHED), Ok(Proof::Complete));
    let newer = sign("the new one, not in use yet 012345", BODY);
    let signed = ProofHeaders { signature: Some(&newer), ..SIGNED };
    assert_eq!(verify(BODY, signed, DISPATCHED), Ok(Proof::Complete));
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
    assert_eq!(after(5 * MINUTE_MS), Ok(Proof::Complete));
    assert_eq!(after(-5 * MINUTE_MS), Ok(Proof::Complete));
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
    assert_eq!(verify(v1, headers, DISPATCHED), Ok(Proof::Complete));
    let claims_v2 = ProofHeaders { timestamp: SIGNED.timestamp, ..headers };
    assert_eq!(verify(v1, claims_v2, DISPATCHED), Err(Refusal::TimestampsDiffer));

    let v2 = br#"{"comciscotimestamp": "1790000000333", "source": "/com/cisco/wxcc/another"}"#;
    let signature = sign(secret, v2);
    let headers = ProofHeaders { signature: Some(&signature), ..SIGNED };
    assert_eq!(verify(v2, headers, DISPATCHED), Ok(Proof::Complete));
}

/// The verdict on a body that the other subscription has signed, with and without a timestamp header.
fn signed_by_another(body: &[u8]) -> [Result<Proof, Refusal>; 2] {
    let signature = sign("the secret of another subscription", body);
    let signed = ProofHeaders { signature: Some(&signature), timestamp: None };
    let guessed = sign("guessed", body);
    let forged = ProofHeaders { signature: Some(&guessed), ..signed };
    assert_eq!(verify(body, forged, DISPATCHED), Err(Refusal::Forged));
    [None, SIGNED.timestamp]
        .map(|timestamp| verify(body, ProofHeaders { timestamp, ..signed }, DISPATCHED))
}

#[test]
fn a_body_that_does_not_name_its_subscription_may_be_genuine() {
    for source in ["null", "\"\"", "\"NULL\"", "\"/com/cisco/wxcc/\""] {
        let body = format!(r#"{{"source": {source}, "comciscotimestamp": 1790000000333}}"#);
        let verdicts = signed_by_another(body.as_bytes());
        assert_eq!(verdicts, [Err(Refusal::TimestampsDiffer), Ok(Proof::Complete)], "{body}");
    }
}

#[test]
fn a_body_that_cannot_be_read_is_proven_by_its_signature_only() {
    let deep = "[".repeat(10_000);
    let with_time = |time: &str| format!(r#"{{"comciscotimestamp": {time}}}"#);
    let cases: &[(&[u8], &str)] = &[
        (b"", "the body is not JSON"),
        (br#"{"source": "/com/cisco/wxcc/another", "comciscotimest"#, "the body is not JSON"),
        (b"\xef\xbb\xbf{}", "the body is not JSON"),
        (br#"{"\ud800": 1}"#, "the body is not JSON"),
        (b"\xff\xfe\x00binary", "the body is not JSON"),
        (deep.as_bytes(), "the body is not JSON"),
        (b"7", "the body is a number, not an object"),
        (br#"{"source": 7}"#, "`source` is a number, not a string"),
    ];
    for (body, reason) in cases {
        let expected = Ok(Proof::SignatureOnly { reason: (*reason).to_owned() });
        let shown = String::from_utf8_lossy(body);
        assert_eq!(signed_by_another(body), [expected.clone(), expected], "{shown:.80}");
    }
    let times = [
        "1790000000333.0",
        "1.5",
        "\"abc\"",
        "1e3",
        "-5",
        "7",
        "18446744073709551615",
        "true",
        "{}",
    ];
    for time in times {
        let body = with_time(time);
        for verdict in signed_by_another(body.as_bytes()) {
            assert!(matches!(verdict, Ok(Proof::SignatureOnly { .. })), "{body}: {verdict:?}");
        }
    }
}

#[test]
fn a_body_without_a_readable_time_still_belongs_to_the_subscription_that_it_names() {
    let body = |subscription| {
        format!(r#"{{"source": "/wxcc/{subscription}", "comciscotimestamp": "yesterday"}}"#)
    };
    for verdict in signed_by_another(body("another").as_bytes()) {
        assert!(matches!(verdict, Ok(Proof::SignatureOnly { .. })), "{verdict:?}");
    }
    let own = "3643e2af-41b1-5afa-b519-ec57efd5c123";
    assert_eq!(
        signed_by_another(body(own).as_bytes()),
        [Err(Refusal::Forged), Err(Refusal::Forged)]
    );
}

/// I10: whichever value a reader takes, no other subscription and no other time is proven with it.
#[test]
fn what_a_body_says_twice_of_its_dispatch_is_not_proven() {
    let (own, another) = ("3643e2af-41b1-5afa-b519-ec57efd5c123", "another");
    for key in ["source", r"sour\u0063e", r"\u0073ource"] {
        for (first, last) in [(own, another), (another, own), (another, another)] {
            let body = format!(r#"{{"source": "/wxcc/{first}", "{key}": "/wxcc/{last}"}}"#);
            let reason = "`source` is there twice".to_owned();
            let expected = Ok(Proof::SignatureOnly { reason });
            assert_eq!(signed_by_another(body.as_bytes()), [expected.clone(), expected], "{body}");
            assert!(Webhook::parse(body.as_bytes()).is_err());
        }
    }
    for (first, last) in [("1790000000333", "1"), ("1", "1790000000333"), ("null", "1790000000333")]
    {
        let body = format!(r#"{{"comciscotimestamp": {first}, "comciscotimest\u0061mp": {last}}}"#);
        let reason = "`comciscotimestamp` is there twice".to_owned();
        let expected = Ok(Proof::SignatureOnly { reason });
        assert_eq!(signed_by_another(body.as_bytes()), [expected.clone(), expected], "{body}");
    }
}

#[test]
fn what_other_objects_and_other_keys_say_is_no_claim() {
    let other = r#""source": "/wxcc/nobody", "comciscotimestamp": 1"#;
    let body = format!(
        r#"{{"Source": "/wxcc/nobody", "COMCISCOTIMESTAMP": 1, "data": {{{other}}}, "x": [{{{other}}}],
            "source": "/wxcc/another", "comciscotimestamp": 1790000000333}}"#
    );
    let verdicts = signed_by_another(body.as_bytes());
    assert_eq!(verdicts, [Err(Refusal::TimestampsDiffer), Ok(Proof::Complete)]);
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
