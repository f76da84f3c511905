//! What earlier bodies looked like, so that the next one need not be read key by key.
//!
//! Invariant: reading along a known layout shows the members that the scanner would show, except
//! those that are null or have no meaning.
//!
//! Webhooks of one type have the same keys in the same order, and some of their values hardly ever
//! change. So the text between two changing values, a [`Literal`], is compared as a whole, in a
//! tree of all literals seen so far: ten comparisons, where otherwise twenty keys have to be found
//! and looked up. This halves the time (BENCHMARKS.md).

mod literal;
mod recorder;

use std::mem::{Discriminant, discriminant, take};

use crate::envelope::{Webhook, WebhookError};
use crate::fast::body_texts::BodyTexts;
use crate::fast::layout::literal::{Literal, Part, Slot};
use crate::fast::layout::recorder::{Item, RecordedMember, Recorder};
use crate::fast::scanner::{Scanner, scan};
use crate::interned::Interned;
use crate::member::{Member, MemberSink};
use crate::reading::Reading;

/// Maximum number of learnt literals. One organization needs about three hundred.
const MAX_LITERALS: usize = 10_000;

/// Maximum length in bytes of all learnt literals. One organization needs some ten thousand.
const MAX_LITERAL_BYTES: usize = 4 << 20;

/// Maximum number of values of one field that become parts of literals.
const MAX_INTERNED: usize = 4;

/// The layouts of all bodies so far, as a tree of literals.
#[derive(Debug)]
pub struct Layouts {
    /// The first one comes before all bodies.
    literals: Vec<Literal>,
    literal_bytes: usize,
    /// The members that are parts of literals, as they were first seen, with their field.
    interned: Vec<(Discriminant<Interned>, Box<[u8]>)>,
}

impl Default for Layouts {
    fn default() -> Self {
        Layouts { literals: vec![Literal::default()], literal_bytes: 0, interned: Vec::new() }
    }
}

impl Layouts {
    /// Reads the next body as Webex posted it, and learns its layout. Returns its text without the
    /// blanks around it and what it says; `None` after the last one.
    ///
    /// The body is an error in the cases in which it is one for [`Webhook::parse`], and if it is too
    /// long for one.
    ///
    /// ```
    /// use webhook::{BodyTexts, Layouts};
    ///
    /// let body = concat!(
    ///     r#"{"type":"task:parked","comciscoorgid":"org-1","#,
    ///     r#""data":{"taskId":"task-1","createdTime":1790000000123}}"#,
    /// );
    /// let text = [body, &body.replace("task-1", "task-2")].join("\n");
    /// let (mut layouts, mut tasks) = (Layouts::default(), Vec::new());
    /// let mut bodies = BodyTexts::new(text.as_bytes(), 1);
    /// while let Some((_body, webhook)) = layouts.read(&mut bodies) {
    ///     tasks.extend(webhook?.task);
    /// }
    /// assert_eq!(tasks, ["task-1", "task-2"].map(|id| task_timeline::Id::new(id).unwrap()));
    /// # Ok::<(), webhook::WebhookError>(())
    /// ```
    pub fn read<'a>(
        &mut self,
        bodies: &mut BodyTexts<'a>,
    ) -> Option<(&'a [u8], Result<Webhook<'a>, WebhookError>)> {
        let mut reading = Reading::default();
        if let Some(length) = self.follow(bodies.utf8(), &mut reading)
            && bodies.ends_after(length)
        {
            let body = bodies.take(length).trim_ascii_end();
            return Some((body, reading.finish().or_else(|_| Webhook::parse(body))));
        }
        let body = bodies.next()?.trim_ascii();
        let limit = bodies.limit();
        if body.len() > limit {
            return Some((body, Err(WebhookError::BodyTooLong { limit })));
        }
        if self.literals.len() < MAX_LITERALS
            && self.literal_bytes < MAX_LITERAL_BYTES
            && let Ok(text) = str::from_utf8(body)
        {
            self.learn(text);
        }
        Some((body, Webhook::parse(body)))
    }

    /// Reads the body at the beginning of `text`. Returns its length with the blanks after it, or
    /// `None` if its layout is not known or it cannot be read.
    fn follow<'a>(&self, text: &'a str, reading: &mut Reading<'a>) -> Option<usize> {
        let mut scanner = Scanner { text, at: 0 };
        let mut literal = self.literals.first()?;
        loop {
            let from = scanner.at;
            let rest = text.as_bytes().get(from..)?;
            let mut next = literal.next.iter().filter_map(|&next| self.literals.get(next));
            literal = next.find(|literal| literal.is_prefix_of(rest))?;
            scanner.at += literal.text.len();
            for part in &literal.parts {
                match part {
                    Part::BeginData => reading.begin_data()?,
                    Part::Interned(interned, place) => {
                        let value = || text.get(from + place.start..from + place.end);
                        reading.take_interned(interned, value)?;
                    }
                }
            }
            match literal.slot {
                Slot::Envelope(field) => {
                    let (at, value) = (scanner.at, scanner.value()?);
                    reading.envelope(Member { field, at, value, text: &[] })?;
                }
                Slot::Data { field, key_length } => {
                    let (at, value) = (scanner.at - key_length, scanner.value()?);
                    let text = text.as_bytes().get(at..scanner.at)?;
                    reading.data(Member { field, at, value, text })?;
                }
                Slot::End => {
                    while let Some(b' ' | b'\t' | b'\r') = scanner.peek() {
                        scanner.at += 1;
                    }
                    return Some(scanner.at);
                }
            }
        }
    }

    fn learn(&mut self, text: &str) {
        let mut recorder = Recorder::default();
        if scan(text, &mut recorder).is_none() || recorder.has_repeated_key() {
            return;
        }
        let (mut literal, mut from, mut parts) = (0, 0, Vec::new());
        for item in recorder.items {
            match item {
                Item::BeginData => parts.push(Part::BeginData),
                Item::Member(RecordedMember { interned: Some(interned), text, value, .. })
                    if self.intern(&interned, text) =>
                {
                    // Without the quotes.
                    let place = value.start + 1 - from..value.end - 1 - from;
                    parts.push(Part::Interned(interned, place));
                }
                Item::Member(RecordedMember { value, slot, .. }) => {
                    literal = self.next_literal(
                        literal,
                        &text[from..value.start],
                        take(&mut parts),
                        slot,
                    );
                    from = value.end;
                }
            }
        }
        self.next_literal(literal, &text[from..], parts, Slot::End);
    }

    /// Whether the member becomes part of a literal: the first few values of its field do.
    fn intern(&mut self, interned: &Interned, text: &[u8]) -> bool {
        let field = discriminant(interned);
        let same_field = self.interned.iter().filter(|(other, _)| *other == field);
        if same_field.clone().any(|(_, known)| **known == *text) {
            return true;
        }
        let has_room = same_field.count() < MAX_INTERNED;
        if has_room {
            self.interned.push((field, text.into()));
        }
        has_room
    }

    /// The literal with that text that follows `literal`; it is learnt if it is new.
    fn next_literal(&mut self, literal: usize, text: &str, parts: Vec<Part>, slot: Slot) -> usize {
        let literals = &mut self.literals;
        let known = literals[literal].next.iter().find(|&&next| *literals[next].text == *text);
        if let Some(&known) = known {
            return known;
        }
        let new = literals.len();
        self.literal_bytes += text.len();
        literals.push(Literal::new(text, parts, slot));
        let is_longer = |&next: &usize| literals[next].text.len() > text.len();
        let place = literals[literal].next.partition_point(is_longer);
        literals[literal].next.insert(place, new);
        new
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Tree;

    use super::*;

    const ENDED: &str = include_str!("../../../fixtures/webhooks/task.ended.json");
    const AGENT: &str = include_str!("../../../fixtures/webhooks/agent.channel_state_change.json");

    fn compact(body: &str) -> String {
        serde_json::from_str::<Tree>(body).unwrap().to_string()
    }

    /// Checks that the body is read among others as on its own, and returns whether its layout
    /// was known before.
    fn check(layouts: &mut Layouts, body: &str) -> bool {
        let known = layouts.follow(body, &mut Reading::default()).is_some();
        let text = format!("{body}\nnext");
        let mut expected = BodyTexts::new(text.as_bytes(), 1);
        let mut bodies = expected.clone();
        let (read, among_others) = layouts.read(&mut bodies).unwrap();
        assert_eq!(read, expected.next().unwrap().trim_ascii());
        let alone = Webhook::parse(read).map_err(|error| error.to_string());
        assert_eq!(among_others.map_err(|error| error.to_string()), alone, "{body}");
        assert_eq!(bodies.line(), expected.line());
        known
    }

    #[test]
    fn a_layout_is_known_from_the_second_body_on() {
        let mut layouts = Layouts::default();
        for body in [ENDED, AGENT].map(compact) {
            assert!(!check(&mut layouts, &body));
            assert!(check(&mut layouts, &body));
            assert!(check(&mut layouts, &body.replace("228b4d47", "ab27a30c")));
        }
    }

    #[test]
    fn members_may_be_null_in_one_body_and_not_in_the_next() {
        let with = |members: &str| {
            format!(
                r#"{{"type":"task:new","comciscoorgid":"o","data":{{"taskId":"t",
                "createdTime":1790000000123{members}}}}}"#
            )
            .replace(['\n', ' '], "")
        };
        let bodies = [
            r#","queueId":"q","direction":null"#,
            r#","queueId":null,"direction":"INBOUND""#,
            r#","queueId":null,"direction":null"#,
            r#","queueId":"q","queueId":null"#,
            r#","queueId":"q","queueId":"r""#,
        ];
        let mut layouts = Layouts::default();
        let mut known = || bodies.map(|members| check(&mut layouts, &with(members)));
        assert_eq!(known(), [false, false, true, false, false]);
        assert_eq!(known(), [true, true, true, false, false]);
    }

    #[test]
    fn repeated_values_may_change_in_the_next_body() {
        let body = |org: usize, channel: &str, source: &str| {
            format!(
                r#"{{"type":"task:new","source":"{source}","comciscoorgid":"{org}","data":{{"channelType":"{channel}","taskId":"t","direction":"INBOUND","createdTime":1790000000123}}}}"#
            )
        };
        let mut layouts = Layouts::default();
        for round in 0..3 {
            for org in 0..2 * MAX_INTERNED {
                for (channel, source) in [("telephony", "s"), ("email", ""), ("", "s"), ("x", "t")]
                {
                    let known = check(&mut layouts, &body(org, channel, source));
                    assert!(known || round == 0, "{org} {channel} {source}");
                }
            }
        }
    }

    #[test]
    fn learning_comes_to_an_end() {
        let mut layouts = Layouts::default();
        for number in 0..MAX_LITERALS / 2 {
            check(&mut layouts, &compact(ENDED).replacen("\"id\"", &format!("\"{number}\""), 1));
        }
        assert!((MAX_LITERALS..MAX_LITERALS + 100).contains(&layouts.literals.len()));
    }

    proptest! {
        #[test]
        fn damaged_bodies_are_read_as_on_their_own(
            at in any::<prop::sample::Index>(),
            with in prop_oneof![any::<char>(), prop::char::range(' ', '~')],
        ) {
            // A line feed would split the body in two.
            prop_assume!(with != '\n');
            let mut layouts = Layouts::default();
            for body in [ENDED, AGENT].map(compact) {
                check(&mut layouts, &body);
                let mut chars: Vec<char> = body.chars().collect();
                let at = at.index(chars.len());
                chars[at] = with;
                check(&mut layouts, &chars.into_iter().collect::<String>());
            }
        }
    }
}
