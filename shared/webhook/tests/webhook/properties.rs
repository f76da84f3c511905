//! What holds for every input: the tests check it on mutated fixtures, the fuzz targets on
//! whatever they find.
//!
//! Invariant: only the public API is called, so a rewrite of the readers needs no change here.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use task_timeline::EpochMs;
use webhook::{
    BodyTexts, Json, Layouts, ProofHeaders, Refusal, Secret, Secrets, TOLERANCE_MS, Webhook,
    WebhookError,
};

/// The subscription that the fixtures name.
pub const SUBSCRIPTION: &str = "3643e2af-41b1-5afa-b519-ec57efd5c123";
/// Another subscription of the same organization.
const OTHER_SUBSCRIPTION: &str = "another";
const OTHER_SECRET: &str = "the secret of another subscription";

/// Checks that the body is read as `serde_json` reads it, whichever reader takes it.
pub fn readers_agree(body: &[u8]) {
    let parsed = Webhook::parse(body).map_err(with_cause);
    let tree = serde_json::from_slice::<Json<'_>>(body).map_err(WebhookError::NotJson);
    let slow = match &tree {
        Ok(tree) => Webhook::from_json(tree).map_err(with_cause),
        Err(error) => Err(with_cause(error)),
    };
    assert_eq!(parsed, slow, "{}", String::from_utf8_lossy(body));
}

/// Checks that the bodies of the text, with blanks between them, make up the text, and that each is
/// read as on its own: first while its layout is learnt, then, in the second round, along the known
/// layouts.
pub fn bodies_are_read_as_on_their_own(text: &[u8]) {
    let mut layouts = Layouts::default();
    let expected: Vec<&[u8]> = BodyTexts::new(text, 1).map(<[u8]>::trim_ascii).collect();
    let without_blanks = |text: &[u8]| -> Vec<u8> {
        text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect()
    };
    assert_eq!(without_blanks(&expected.concat()), without_blanks(text));
    for round in ["first", "second"] {
        let mut bodies = BodyTexts::new(text, 1);
        for expected in &expected {
            let Some((body, webhook)) = layouts.read(&mut bodies) else {
                panic!("{round} round: the last bodies are missing");
            };
            let shown = String::from_utf8_lossy(body);
            assert_eq!(body, *expected, "{round} round: {shown}");
            let alone = Webhook::parse(body).map_err(with_cause);
            assert_eq!(webhook.map_err(with_cause), alone, "{round} round: {shown}");
        }
        assert!(layouts.read(&mut bodies).is_none(), "{round} round: there are too many bodies");
    }
}

/// One delivery to verify.
pub struct Delivery<'a> {
    pub body: &'a [u8],
    pub headers: ProofHeaders<'a>,
    /// A secret of [`SUBSCRIPTION`].
    pub secret: &'a str,
    pub now: EpochMs,
}

/// Checks that the delivery is accepted if its signature is the HMAC of the body under a secret
/// of the subscription that the body names, and it was dispatched just now; and that nothing else
/// is. Tries the signature of the delivery, the right one, one with a wrong digit, and that of
/// another subscription.
pub fn only_the_right_signature_is_accepted(delivery: &Delivery<'_>) {
    let Ok(secret) = Secret::try_from(delivery.secret.to_owned()) else {
        assert_eq!(delivery.secret, "");
        return;
    };
    let other = Secret::try_from(OTHER_SECRET.to_owned()).ok();
    let secrets = Secrets {
        subscriptions: BTreeMap::from([
            (SUBSCRIPTION.to_owned(), vec![secret]),
            (OTHER_SUBSCRIPTION.to_owned(), other.into_iter().collect()),
        ]),
        signals: Vec::new(),
    };
    let right = sign(delivery.secret, delivery.body);
    let wrong_digit = if right.starts_with('0') { "1" } else { "0" };
    let wrong = format!("{wrong_digit}{}", &right[1..]);
    let of_other = sign(OTHER_SECRET, delivery.body);
    let signatures = [delivery.headers.signature, Some(&right), Some(&wrong), Some(&of_other)];
    for signature in signatures {
        let headers = ProofHeaders { signature, ..delivery.headers };
        let verdict = secrets.verify_webhook(delivery.body, headers, delivery.now);
        let signed_by = |secret| signature == Some(&*sign(secret, delivery.body));
        check_verdict(delivery, &verdict, signed_by(delivery.secret), signed_by(OTHER_SECRET));
    }
}

/// `own` and `other` say which secrets give the signature.
fn check_verdict(delivery: &Delivery<'_>, verdict: &Result<(), Refusal>, own: bool, other: bool) {
    let proven = !matches!(
        verdict,
        Err(Refusal::Unsigned | Refusal::Forged | Refusal::UnknownSubscription { .. })
    );
    let body = String::from_utf8_lossy(delivery.body);
    assert!(!proven || own || other, "{verdict:?} without a secret: {body}");
    // What else a body says counts only if it is beyond doubt.
    let Some(claim) = claim(delivery.body) else { return };
    let expected = match claim.subscription.as_deref() {
        Some(SUBSCRIPTION) => own,
        Some(OTHER_SUBSCRIPTION) => other,
        Some(_) => false,
        None => own || other,
    };
    assert_eq!(proven, expected, "{verdict:?} for {:?}: {body}", claim.subscription);
    if proven {
        let sent = claim.dispatched_at.as_deref().unwrap_or_default();
        let same = sent == delivery.headers.timestamp.unwrap_or_default();
        let recent = sent.is_empty()
            || sent.parse::<i64>().is_ok_and(|sent| {
                (i128::from(delivery.now.0) - i128::from(sent)).abs() <= i128::from(TOLERANCE_MS)
            });
        assert_eq!(verdict.is_ok(), same && recent, "{verdict:?} for {sent:?}: {body}");
    }
}

/// Whom a body names as its sender, and when it says that it was sent.
struct Claim {
    subscription: Option<String>,
    dispatched_at: Option<String>,
}

/// `None` if the body is no object, or says either more than once.
fn claim(body: &[u8]) -> Option<Claim> {
    let Ok(Json::Object(members)) = serde_json::from_slice(body) else { return None };
    let count = |wanted| members.iter().filter(|(key, _)| key == wanted).count();
    if count("source") > 1 || count("comciscotimestamp") > 1 {
        return None;
    }
    let value = |wanted| members.iter().find(|(key, _)| key == wanted).map(|(_, value)| value);
    let subscription = match value("source") {
        Some(Json::Text(source)) => source.rsplit('/').next().map(str::to_owned),
        _ => None,
    };
    let dispatched_at = match value("comciscotimestamp") {
        Some(Json::Text(text)) => Some(text.to_string()),
        Some(Json::Number(number)) => number.as_i64().map(|number| number.to_string()),
        _ => None,
    };
    Some(Claim { subscription, dispatched_at })
}

/// Lower-case hexadecimal HMAC-SHA256, computed without the code under test.
pub fn sign(secret: &str, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()) else {
        panic!("HMAC takes keys of any length");
    };
    mac.update(body);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn with_cause(error: impl std::borrow::Borrow<WebhookError>) -> String {
    let error = error.borrow();
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
