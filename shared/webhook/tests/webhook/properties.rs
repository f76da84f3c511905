//! What holds for every input: the tests check it on mutated fixtures, the fuzz targets on
//! whatever they find.
//!
//! Invariant: only the public API is called, so a rewrite of the readers needs no change here.

use std::collections::BTreeMap;

use hmac::{Hmac, Mac};
use task_timeline::EpochMs;
use webhook::{
    BodyTexts, Json, Layouts, Proof, ProofHeaders, Refusal, Secret, Secrets, TOLERANCE_MS, Webhook,
    WebhookError, says_null,
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
/// is. A delivery whose body says neither readably is accepted for its signature only. Tries the
/// signature of the delivery, the right one, one with a wrong digit, and that of
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
fn check_verdict(
    delivery: &Delivery<'_>,
    verdict: &Result<Proof, Refusal>,
    own: bool,
    other: bool,
) {
    let proven = !matches!(
        verdict,
        Err(Refusal::Unsigned | Refusal::Forged | Refusal::UnknownSubscription { .. })
    );
    let body = String::from_utf8_lossy(delivery.body);
    let claim = claim(delivery.body);
    let subscription = claim.as_ref().and_then(|claim| claim.subscription.as_deref());
    let expected = match subscription {
        Some(SUBSCRIPTION) => own,
        Some(OTHER_SUBSCRIPTION) => other,
        Some(_) => false,
        None => own || other,
    };
    assert_eq!(proven, expected, "{verdict:?} for {subscription:?}: {body}");
    let is_complete = matches!(verdict, Ok(Proof::Complete));
    let dispatched_at = claim.as_ref().and_then(|claim| claim.dispatched_at);
    if let (true, Some(dispatched_at)) = (proven, dispatched_at) {
        let sent = dispatched_at.map(|at| at.to_string()).unwrap_or_default();
        let same = sent == delivery.headers.timestamp.unwrap_or_default();
        let recent = dispatched_at.is_none_or(|at| {
            (i128::from(delivery.now.0) - i128::from(at.0)).abs() <= i128::from(TOLERANCE_MS)
        });
        assert_eq!(is_complete, same && recent, "{verdict:?} for {sent:?}: {body}");
    } else if proven {
        assert!(matches!(verdict, Ok(Proof::SignatureOnly { .. })), "{verdict:?}: {body}");
    }
    // What is stored is what was proven.
    if let (true, Ok(webhook)) = (is_complete, Webhook::parse(delivery.body)) {
        assert_eq!(webhook.subscription(), subscription, "{body}");
        assert_eq!(Some(webhook.dispatched_at), dispatched_at, "{body}");
    }
}

/// Whom a body names as its sender, and when it says that it was sent.
struct Claim {
    subscription: Option<String>,
    /// `None` if it is there but no time.
    dispatched_at: Option<Option<EpochMs>>,
}

/// `None` if the body is no object, says either twice, or whom by something else than a text.
fn claim(body: &[u8]) -> Option<Claim> {
    let Ok(Json::Object(members)) = serde_json::from_slice(body) else { return None };
    let value = |wanted| {
        let mut values = members.iter().filter(|(key, _)| key == wanted).map(|(_, value)| value);
        let value = values.next().unwrap_or(&Json::Null);
        values.next().is_none().then_some(value)
    };
    let subscription = match value("source")? {
        Json::Null => None,
        Json::Text(source) if says_null(source) => None,
        Json::Text(source) => source.rsplit('/').next().filter(|id| !id.is_empty()),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => return None,
    };
    let time = |number: Option<i64>| number.and_then(EpochMs::plausible).map(Some);
    let dispatched_at = match value("comciscotimestamp")? {
        Json::Null => Some(None),
        Json::Text(text) if says_null(text) || text.trim_ascii().is_empty() => Some(None),
        Json::Text(text) if text.trim_ascii().starts_with('+') => None,
        Json::Text(text) => time(text.trim_ascii().parse().ok()),
        Json::Number(number) => time(number.as_i64()),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    Some(Claim { subscription: subscription.map(str::to_owned), dispatched_at })
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
