//! Recorded bodies are read, unknown fields and types are kept, errors name the field at fault.

use std::path::Path;

use proptest::prelude::*;
use task_timeline::*;
use webhook::*;

pub fn fixtures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/webhooks");
    let mut bodies: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().replacen('.', ":", 1);
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    bodies.sort();
    bodies
}

fn body(data: &str) -> String {
    format!(
        r#"{{"id":"1","type":"task:parked","source":"/s","comciscoorgid":"org","data":{data}}}"#
    )
}

fn error(body: &str) -> String {
    Webhook::parse(body.as_bytes()).unwrap_err().to_string()
}

#[test]
fn there_is_a_fixture_for_every_type_and_each_parses() {
    let bodies = fixtures();
    for (name, bytes) in &bodies {
        let webhook = Webhook::parse(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(webhook.type_name, name.as_str());
        assert_eq!(webhook.event.at, EpochMs(1_790_000_000_123));
        assert_eq!(webhook.event.kind, EventType::from_name(name));
    }
    for kind in EventType::NAMED {
        assert!(bodies.iter().any(|(name, _)| name == kind.name()), "{}", kind.name());
    }
}

#[test]
fn unknown_types_are_kept() {
    let bodies = fixtures();
    let (_, bytes) = bodies.iter().find(|(name, _)| name == "flow:step-entered").unwrap();
    let webhook = Webhook::parse(bytes).unwrap();
    assert_eq!(webhook.event.kind, EventType::Unknown);
    assert!(webhook.task.is_some());
}

#[test]
fn the_dispatch_time_is_a_number_or_a_string_or_missing() {
    let with = |value: &str| {
        let body = format!(
            r#"{{"type":"agent:login","comciscoorgid":"o","comciscotimestamp":{value},
                "data":{{"agentId":"a","createdTime":1790000000123}}}}"#
        );
        Webhook::parse(body.as_bytes()).unwrap().dispatched_at
    };
    assert_eq!(with("1790000000333"), Some(EpochMs(1_790_000_000_333)));
    assert_eq!(with("\"1790000000333\""), Some(EpochMs(1_790_000_000_333)));
    assert_eq!(with("null"), None);
    assert_eq!(with("\"yesterday\""), None);
}

#[test]
fn an_idle_code_that_is_no_id_does_not_refuse_the_event() {
    let with = |value: &str| {
        let body = format!(
            r#"{{"type":"agent:channel_state_change","comciscoorgid":"o","data":{{"agentId":"a",
                "createdTime":1790000000123,"idleCodeId":{value}}}}}"#
        );
        Webhook::parse(body.as_bytes()).unwrap().idle_code
    };
    assert_eq!(with("\"lunch\""), Id::new("lunch"));
    for value in ["null", "\"\"", "7", "{}", &format!("\"{}\"", "x".repeat(65))] {
        assert_eq!(with(value), None, "{value}");
    }
}

/// I10.
#[test]
fn a_field_that_is_there_twice_makes_a_body_no_event() {
    let whole = r#""id":"1","type":"task:parked","source":"/s","comciscoorgid":"o","comciscotimestamp":7,"data":{"taskId":"t","createdTime":1790000000123,"queueId":"q","agentId":"a","currentState":"available","idleCodeId":"i","channelType":"email","direction":"INBOUND","outboundType":"CALLBACK","terminatingParty":"Agent","reason":"r","basis":"b","final":true}"#;
    assert!(Webhook::parse(format!("{{{whole}}}").as_bytes()).is_ok());
    let (envelope, data) = whole.split_once(r#""data":{"#).unwrap();
    let keys = |members: &str| -> Vec<String> {
        members.split(',').filter_map(|it| Some(it.split('"').nth(1)?.to_owned())).collect()
    };
    let mut repeated = vec![("data".to_owned(), format!(r#"{{{whole},"data":{{}}}}"#))];
    for key in keys(envelope) {
        repeated.push((key.clone(), format!(r#"{{"{key}":null,{whole}}}"#)));
    }
    for key in keys(data) {
        let body =
            format!(r#"{{{whole}}}"#).replace(r#""data":{"#, &format!(r#""data":{{"{key}":null,"#));
        repeated.push((format!("data.{key}"), body));
    }
    for (field, body) in repeated {
        let expected = format!("`{field}` is there twice");
        assert_eq!(error(&body), expected, "{body}");
        let key = field.rsplit('.').next().unwrap();
        let with = |other: &str| body.replacen(&format!("\"{key}\":"), &format!("\"{other}\":"), 1);
        let escaped = format!(r"\u{:04x}{}", u32::from(key.as_bytes()[0]), &key[1..]);
        assert_eq!(error(&with(&escaped)), expected, "{body}");
        let is_read = Webhook::parse(with(&key.to_uppercase()).as_bytes()).is_ok();
        assert_eq!(is_read, field != "data", "{body}");
    }
    // What has no meaning may be there twice.
    let odd = whole.replace(r#""final""#, r#""note":1,"note":2,"final""#);
    assert!(Webhook::parse(format!(r#"{{"x":1,"x":2,{odd}}}"#).as_bytes()).is_ok());
}

/// I1.
#[test]
fn a_repeat_is_the_same_event_and_another_event_is_not() {
    let parse = |body: &str| Webhook::parse(body.as_bytes()).unwrap().event.identity;
    let first = parse(&body(r#"{"taskId":"t","createdTime":1790000000123,"queueId":null}"#));
    let repeat = r#"{"comciscotimestamp":1790000009999,"source":"/another","id":"2",
        "data":{"createdTime":1790000000123,"taskId":"t"},
        "type":"task:parked","comciscoorgid":"org"}"#;
    assert_eq!(first, parse(repeat));
    assert_ne!(first, parse(&repeat.replace("task:parked", "task:connect")));
    assert_ne!(first, parse(&repeat.replace("\"org\"", "\"other\"")));
    assert_ne!(first, parse(&repeat.replace("000123", "000124")));
    assert_ne!(first, parse(&repeat.replace("\"t\"", "\"t\",\"queueId\":\"q\"")));
}

/// I6.
#[test]
fn digits_in_a_text_are_a_number_and_null_in_words_is_null() {
    let parse = |data: &str| {
        let webhook = Webhook::parse(body(data).as_bytes()).unwrap().event;
        // Blanks and escapes leave it to the slow reader.
        let spread = body(data).replace("\"data\":", "\"d\\u0061ta\" : ");
        assert_eq!(Webhook::parse(spread.as_bytes()).unwrap().event, webhook, "{data}");
        webhook
    };
    let event = parse(r#"{"taskId":"t","createdTime":1790000000123,"note":"x"}"#);
    for (time, more) in [
        (r#""1790000000123""#, ""),
        (r#"" 1790000000123 ""#, ""),
        ("1790000000123", r#","queueId":"NULL""#),
        ("1790000000123", r#","reason":"(null)","direction":"null","other":"[NULL]""#),
    ] {
        let data = format!(r#"{{"taskId":"t","createdTime":{time},"note":"x"{more}}}"#);
        assert_eq!(parse(&data), event, "{data}");
    }
    assert_eq!(
        error(&body(r#"{"taskId":"NULL","createdTime":1790000000123}"#)),
        "`data.taskId` is missing"
    );
    for nothing in ["", " ", "null"] {
        let data = format!(r#"{{"taskId":"t","createdTime":"{nothing}"}}"#);
        assert_eq!(error(&body(&data)), "`data.createdTime` is missing");
    }
    let word = parse(r#"{"taskId":"t","createdTime":1790000000123,"queueId":"nullable"}"#);
    assert_eq!(word.queue, Id::new("nullable"));
}

#[test]
fn the_identity_never_changes_between_versions() {
    let body = body(r#"{"taskId":"t","createdTime":1790000000123,"note":["ü",1.5,null]}"#);
    let identity = Webhook::parse(body.as_bytes()).unwrap().event.identity;
    assert_eq!(identity.to_string(), IDENTITY);
}

/// Archives and tables hold identities, so changing this text is a breaking change.
const IDENTITY: &str = "5488ee8ebb40b2431f58f31debb5b534";

#[test]
fn errors_name_the_field() {
    assert_eq!(error("hello"), "the body is not JSON");
    assert_eq!(error(""), "the body is not JSON");
    assert_eq!(error("[1]"), "the body is an array, not an object");
    assert_eq!(error("{}"), "`type` is missing");
    assert_eq!(error(r#"{"type":7}"#), "`type` is a number, not a string");
    assert_eq!(error(r#"{"type":"task:new"}"#), "`comciscoorgid` is missing");
    assert_eq!(error(r#"{"type":"x","comciscoorgid":"o"}"#), "`data` is missing");
    assert_eq!(
        error(r#"{"type":"x","comciscoorgid":"o","data":"{}"}"#),
        "`data` is a string, not an object"
    );
    assert_eq!(error(&body(r#"{"createdTime":1790000000123}"#)), "`data.taskId` is missing");
    assert_eq!(
        error(&body(r#"{"taskId":"","createdTime":1790000000123}"#)),
        "`data.taskId` is missing"
    );
    assert_eq!(error(&body(r#"{"taskId":"t"}"#)), "`data.createdTime` is missing");
    for text in ["yesterday", "1.79E+12", "-5", "2026-09-21T14:13:20Z"] {
        assert_eq!(
            error(&body(&format!(r#"{{"taskId":"t","createdTime":"{text}"}}"#))),
            "`data.createdTime` is a string, not a whole number of milliseconds"
        );
    }
    for absurd in
        ["1790000000", "1790000000123000", "0", "-5", "1790000000123.5", "1e300", "\"1790000000\""]
    {
        let said = error(&body(&format!(r#"{{"taskId":"t","createdTime":{absurd}}}"#)));
        assert!(said.contains("not a time in epoch milliseconds"), "{absurd}: {said}");
    }
    assert_eq!(
        error(&body(r#"{"taskId":"t","createdTime":1790000000123,"queueId":5}"#)),
        "`data.queueId` is a number, not a string"
    );
    let long = "x".repeat(65);
    assert_eq!(
        error(&body(&format!(r#"{{"taskId":"{long}","createdTime":1790000000123}}"#))),
        "`data.taskId` is longer than 64 bytes"
    );
}

#[test]
fn an_id_is_any_text_of_up_to_64_bytes_and_stays_as_it_is() {
    let task = |json: &str| {
        let data = format!(r#"{{"createdTime":1790000000123,"taskId":{json}}}"#);
        Webhook::parse(body(&data).as_bytes()).map(|webhook| webhook.task.unwrap().to_string())
    };
    let longest = "☎".repeat(21) + "#";
    for text in
        ["a", "A", "\u{e9}", "e\u{301}", "#/%\\_.\"'", "\0\n\u{7f}", "constructor", &longest]
    {
        let json = serde_json::to_string(text).unwrap();
        assert_eq!(task(&json).unwrap(), text);
    }
    let error = |json: &str| task(json).unwrap_err().to_string();
    for long in ["x".repeat(65), "#".repeat(3_000), "☎".repeat(22)] {
        assert_eq!(error(&format!("\"{long}\"")), "`data.taskId` is longer than 64 bytes");
    }
    assert_eq!(error(r#""""#), "`data.taskId` is missing");
    assert_eq!(error(r#""\ud800""#), "the body is not JSON");
    let mut not_utf8 = body(r#"{"createdTime":1790000000123,"taskId":"?"}"#).into_bytes();
    let at = not_utf8.iter().position(|byte| *byte == b'?').unwrap();
    not_utf8[at] = 0xff;
    assert_eq!(Webhook::parse(&not_utf8).unwrap_err().to_string(), "the body is not JSON");
}

#[test]
fn an_agent_event_needs_a_task_or_an_agent() {
    let agent = |data: &str| {
        Webhook::parse(body(data).replace("task:parked", "agent:state_change").as_bytes())
            .map(|webhook| webhook.task)
            .map_err(|error| error.to_string())
    };
    assert_eq!(agent(r#"{"agentId":"a","createdTime":1790000000123}"#), Ok(None));
    assert_eq!(agent(r#"{"taskId":"t","createdTime":1790000000123}"#), Ok(Id::new("t")));
    let neither = agent(r#"{"createdTime":1790000000123}"#);
    assert_eq!(neither, Err("`data.agentId` is missing".to_owned()));
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = "[".repeat(100_000);
    assert_eq!(error(&deep), "the body is not JSON");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ignored = Webhook::parse(&bytes);
    }

    #[test]
    fn no_damage_makes_it_panic(
        which in 0..24usize,
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        cut in any::<prop::sample::Index>(),
    ) {
        let bodies = fixtures();
        let mut bytes = bodies[which].1.clone();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ignored = Webhook::parse(&bytes);
        bytes.truncate(cut.index(bytes.len()));
        let _ignored = Webhook::parse(&bytes);
    }
}

#[test]
fn a_clock_is_ahead_of_its_own_dispatch_or_arrival_by_more_than_five_minutes() {
    const AT: i64 = 1_790_000_000_000;
    const MIN: i64 = 60_000;
    //  dispatched, arrived after the event, is ahead
    let cases = [
        (None, 0, false),
        (None, MIN, false),
        (None, -5 * MIN, false),
        (None, -5 * MIN - 1, true),
        (Some(0), -6 * MIN, true),
        (Some(-5 * MIN), MIN, false),
        (Some(-6 * MIN), MIN, true),
        (Some(70 * 365 * 1_440 * MIN), 0, false),
    ];
    for (dispatched, arrived, is_ahead) in cases {
        let stamp = dispatched.map_or("null".to_owned(), |after: i64| (AT + after).to_string());
        let body = format!(
            r#"{{"type":"task:parked","comciscoorgid":"o","comciscotimestamp":{stamp},
                "data":{{"taskId":"t","createdTime":{AT}}}}}"#
        );
        let webhook = Webhook::parse(body.as_bytes()).unwrap();
        let arrived_at = EpochMs(AT + arrived);
        assert_eq!(webhook.is_clock_ahead(arrived_at), is_ahead, "{dispatched:?}, {arrived}");
    }
}
