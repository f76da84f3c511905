//! The fuzz targets in short: the same properties, on mutated fixtures and with a fixed seed.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;
use task_timeline::EpochMs;
use webhook::{BodyTexts, Layouts, ProofHeaders, Webhook};

use crate::properties::{
    Delivery, bodies_are_read_as_on_their_own, only_the_right_signature_is_accepted, readers_agree,
};
use crate::webhooks::fixtures;

/// What a mutation puts in the place of a value.
const VALUES: &[&str] = &[
    "null",
    "true",
    "\"\"",
    "\"x\"",
    "\"NULL\"",
    "\"(null)\"",
    "\"1790000000124\"",
    "\" 1790000000124 \"",
    "\"17e11\"",
    "\"\\u0041\\n\"",
    "7",
    "-0",
    "-5",
    "01",
    "1.5",
    "1e5",
    "1790000000124",
    "-123456789012345678",
    "1234567890123456789",
    "12345678901234567890123",
    "18446744073709551615",
    "\"/com/cisco/wxcc/another\"",
    "\"/com/cisco/wxcc/3643e2af-41b1-5afa-b519-ec57efd5c123\"",
    "\"1790000000333\"",
    "1790000000333",
    "1790000000333.0",
    "[1,null]",
    "{}",
    "{\"a\":null}",
    " null",
    "nul",
];

/// The keys of members that a mutation puts in; they may be there already.
const KEYS: &[&str] = &[
    "id",
    "type",
    "source",
    "Source",
    "sour\\u0063e",
    "comciscoorgid",
    "comciscotimestamp",
    "comciscotimest\\u0061mp",
    "specversion",
    "data",
    "taskId",
    "task\\u0049d",
    "createdTime",
    "queueId",
    "idleCodeId",
    "channelType",
    "direction",
    "reason",
    "note",
    "no\\u0074e",
];

/// What a mutation puts in anywhere.
const PIECES: &[&str] =
    &["\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\t", "\r", "\n", "0", "\u{e9}", "\u{0}"];

/// Changes one place of a text.
#[derive(Clone, Debug)]
enum Mutation {
    Value(Index, &'static str),
    Member(Index, &'static str, &'static str),
    Byte(Index, u8),
    Piece(Index, &'static str),
    Remove(Index, Index),
    Repeat(Index, Index),
}

impl Mutation {
    fn apply(&self, text: &mut Vec<u8>) {
        let range = |one: &Index, other: &Index| {
            let (one, other) = (one.index(text.len() + 1), other.index(text.len() + 1));
            one.min(other)..one.max(other)
        };
        let (range, new) = match self {
            Mutation::Value(at, value) => {
                let from = after_any(text, b":", at);
                let length = text[from..].iter().take_while(|byte| !b",{}".contains(byte)).count();
                (from..from + length, value.as_bytes().to_vec())
            }
            Mutation::Member(at, key, value) => {
                let at = after_any(text, b"{,", at);
                (at..at, format!("\"{key}\":{value},").into_bytes())
            }
            Mutation::Byte(at, byte) => {
                let at = at.index(text.len() + 1);
                (at..(at + 1).min(text.len()), vec![*byte])
            }
            Mutation::Piece(at, piece) => {
                let at = at.index(text.len() + 1);
                (at..at, piece.as_bytes().to_vec())
            }
            Mutation::Remove(from, to) => (range(from, to), Vec::new()),
            Mutation::Repeat(from, to) => {
                let range = range(from, to);
                (range.end..range.end, text[range].to_vec())
            }
        };
        text.splice(range, new);
    }
}

/// The place after one of the bytes in `ends`; the beginning if there is none.
fn after_any(text: &[u8], ends: &[u8], which: &Index) -> usize {
    let places: Vec<usize> =
        (1..=text.len()).filter(|&place| ends.contains(&text[place - 1])).collect();
    if places.is_empty() { 0 } else { *which.get(&places) }
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let index = any::<Index>;
    let value = || prop::sample::select(VALUES);
    let key = prop::sample::select(KEYS);
    let piece = prop::sample::select(PIECES);
    let mutation = prop_oneof![
        3 => (index(), value()).prop_map(|(at, value)| Mutation::Value(at, value)),
        3 => (index(), key, value()).prop_map(|(at, key, value)| Mutation::Member(at, key, value)),
        2 => (index(), any::<u8>()).prop_map(|(at, byte)| Mutation::Byte(at, byte)),
        2 => (index(), piece).prop_map(|(at, piece)| Mutation::Piece(at, piece)),
        1 => (index(), index()).prop_map(|(from, to)| Mutation::Remove(from, to)),
        1 => (index(), index()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
    ];
    prop::collection::vec(mutation, 0..4)
}

fn mutated(mut text: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    mutations.iter().for_each(|mutation| mutation.apply(&mut text));
    text
}

/// The fixtures as Webex posts them, without blanks.
fn compact_fixtures() -> Vec<Vec<u8>> {
    let compact = |body: &[u8]| {
        let body: serde_json::Value = serde_json::from_slice(body).unwrap();
        body.to_string().into_bytes()
    };
    fixtures().iter().map(|(_, body)| compact(body)).collect()
}

/// The same cases in every run, so none of them need be kept in a file.
fn fixed(cases: u32) -> ProptestConfig {
    let (rng_seed, failure_persistence) = (RngSeed::Fixed(1), None);
    ProptestConfig { rng_seed, failure_persistence, ..ProptestConfig::with_cases(cases) }
}

#[test]
fn all_readers_give_the_same_answer() {
    let (bodies, originals) = (compact_fixtures(), fixtures());
    proptest!(fixed(10_000), |(which in any::<Index>(), changes in mutations())| {
        readers_agree(&mutated(which.get(&bodies).clone(), &changes));
        readers_agree(&mutated(which.get(&originals).1.clone(), &changes));
    });
}

#[test]
fn bodies_are_the_same_among_others_and_on_their_own() {
    let bodies = compact_fixtures();
    let all = bodies.join(&b'\n');
    proptest!(fixed(300), |(
        changed in prop::collection::vec((any::<Index>(), mutations()), 1..20),
        blanks in any::<bool>(),
    )| {
        let mut text = all.clone();
        for (which, changes) in &changed {
            text.extend(if blanks { b" \r\n  ".as_slice() } else { b"\n" });
            text.extend(mutated(which.get(&bodies).clone(), changes));
        }
        bodies_are_read_as_on_their_own(&text);
        // Whatever is damaged, no line that is a webhook is lost.
        let webhooks = |texts: &mut dyn Iterator<Item = &[u8]>| {
            texts.filter(|text| Webhook::parse(text.trim_ascii()).is_ok()).count()
        };
        let lines = webhooks(&mut text.split(|byte| *byte == b'\n'));
        prop_assert!(webhooks(&mut BodyTexts::new(&text, 1)) >= lines);
    });
}

/// I7.
#[test]
fn every_body_is_read_however_bodies_are_joined() {
    let (compact, spread) = (compact_fixtures(), fixtures());
    let body = (any::<Index>(), any::<bool>());
    let between = prop::sample::select(["", "", "\n", " ", "\r\n", "\n\n \t"].as_slice());
    proptest!(fixed(300), |(bodies in prop::collection::vec((body, between), 1..40))| {
        let (mut text, mut expected) = (Vec::new(), Vec::new());
        for ((which, is_compact), between) in &bodies {
            let body = if *is_compact { which.get(&compact) } else { &which.get(&spread).1 };
            let body = body.trim_ascii();
            expected.push(Webhook::parse(body).unwrap());
            text.extend([body, between.as_bytes()].concat());
        }
        bodies_are_read_as_on_their_own(&text);
        let (mut layouts, mut texts) = (Layouts::default(), BodyTexts::new(&text, 1));
        let read = std::iter::from_fn(|| layouts.read(&mut texts)).filter(|(body, _)| !body.is_empty());
        let read: Vec<Webhook<'_>> = read.map(|(_, webhook)| webhook.unwrap()).collect();
        prop_assert_eq!(read, expected);
    });
}

#[test]
fn the_right_signature_is_accepted_and_no_other() {
    let bodies = compact_fixtures();
    let signature =
        prop_oneof![Just(None), "[0-9a-f]{64}".prop_map(Some), any::<String>().prop_map(Some),];
    let timestamp = prop_oneof![
        1 => Just(None),
        3 => Just(Some("1790000000333".to_owned())),
        1 => prop::sample::select(["", "1790000000124", "NULL", "1.5"].as_slice())
            .prop_map(|text| Some(text.to_owned())),
        1 => any::<String>().prop_map(Some),
    ];
    let now = prop_oneof![1 => any::<i64>(), 3 => 1_789_999_000_333..1_790_001_000_333_i64];
    proptest!(fixed(2_000), |(
        which in any::<Index>(),
        changes in mutations(),
        signature in signature,
        timestamp in timestamp,
        secret in "s|.{0,80}",
        now in now,
    )| {
        only_the_right_signature_is_accepted(&Delivery {
            body: &mutated(which.get(&bodies).clone(), &changes),
            headers: ProofHeaders {
                signature: signature.as_deref(),
                timestamp: timestamp.as_deref(),
            },
            secret: &secret,
            now: EpochMs(now),
        });
    });
}
