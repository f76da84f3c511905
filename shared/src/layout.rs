//! What earlier bodies looked like, so that the next one need not be read key by key.
//!
//! Invariant: what is read along a known layout is what the scanner would show, but for members
//! that are null or mean nothing, which it leaves out.
//!
//! Webhooks of one type have the same keys in the same order. So what stands between two values,
//! a [`Gap`], is compared as a whole, in a tree of all gaps seen so far: a dozen comparisons
//! instead of twenty keys to be found, told apart and looked up. It halves the time (BENCHMARKS.md).

use crate::field::Field;
use crate::line::Line;
use crate::plain::Plain;
use crate::scanner::{Member, Scanner, Visit, scan};
use crate::webhook::{Reading, Webhook, WebhookError};

/// So many gaps are learnt; Webex makes do with a tenth.
const MAX_GAPS: usize = 1_000;

/// The layouts of all bodies so far, as a tree of gaps. Gap 0 comes before all bodies.
#[derive(Debug)]
pub struct Layouts(Vec<Gap>);

/// What stands before a value, or after the last one.
#[derive(Debug, Default)]
struct Gap {
    text: Box<str>,
    head: Head,
    /// Its last bytes, if it is longer than a head.
    tail: Option<[u8; Head::LENGTH]>,
    begins_data: bool,
    value: Value,
    /// The gaps that may come after the value, long ones first: one may begin as another one does.
    next: Vec<usize>,
}

/// What comes after a gap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Value {
    Envelope(Field),
    /// `name` is the length of `"key":`, with which the gap ends.
    Data {
        field: Field,
        name: usize,
    },
    #[default]
    Nothing,
}

impl Default for Layouts {
    fn default() -> Self {
        Layouts(vec![Gap::default()])
    }
}

impl Layouts {
    /// Reads one body as Webex posts it, and learns what it looks like.
    ///
    /// # Errors
    /// As [`Webhook::parse`].
    pub fn parse<'a>(&mut self, line: Line<'a>) -> Result<Webhook<'a>, WebhookError> {
        if let Some(text) = line.plain() {
            let mut reading = Reading::default();
            if self.follow(text, &mut reading).is_none() {
                self.learn(text);
            } else if let Ok(webhook) = reading.finish() {
                return Ok(webhook);
            }
        }
        Webhook::parse(line.text())
    }

    /// Shows the members to `visitor`, or returns `None` if the layout is not known, or the
    /// visitor has had enough.
    fn follow<'a>(&self, text: &'a str, visitor: &mut impl Visit<'a>) -> Option<()> {
        let Layouts(gaps) = self;
        let mut scanner = Scanner { text, at: 0 };
        let mut gap = gaps.first()?;
        loop {
            let rest = text.as_bytes().get(scanner.at..)?;
            let comes_next = |gap: &&Gap| gap.begins(rest);
            gap = gap.next.iter().filter_map(|&next| gaps.get(next)).find(comes_next)?;
            scanner.at += gap.text.len();
            if gap.begins_data {
                visitor.begin_data()?;
            }
            match gap.value {
                Value::Envelope(field) => {
                    let (at, value) = (scanner.at, scanner.value()?);
                    visitor.envelope(Member { field, at, value, text: &[] })?;
                }
                Value::Data { field, name } => {
                    let (at, value) = (scanner.at - name, scanner.value()?);
                    let text = text.as_bytes().get(at..scanner.at)?;
                    visitor.data(Member { field, at, value, text })?;
                }
                Value::Nothing => return scanner.peek().is_none().then_some(()),
            }
        }
    }

    fn learn(&mut self, text: &str) {
        let mut lesson = Lesson::default();
        if self.0.len() < MAX_GAPS && scan(text, &mut lesson).is_some() && !lesson.repeats_a_key() {
            let (mut gap, mut from) = (0, 0);
            for stop in lesson.stops {
                gap = self.after(gap, &text[from..stop.from], stop.begins_data, stop.value);
                from = stop.to;
            }
            self.after(gap, &text[from..], lesson.begins_data, Value::Nothing);
        }
    }

    /// The gap with that text that comes after `gap`.
    fn after(&mut self, gap: usize, text: &str, begins_data: bool, value: Value) -> usize {
        let Layouts(gaps) = self;
        let known = gaps[gap].next.iter().find(|&&next| *gaps[next].text == *text);
        if let Some(&known) = known {
            return known;
        }
        let new = gaps.len();
        let head = Head::of(text.as_bytes());
        let tail = text.as_bytes().last_chunk().filter(|_| text.len() > Head::LENGTH).copied();
        gaps.push(Gap { text: text.into(), head, tail, begins_data, value, next: Vec::new() });
        let is_longer = |&next: &usize| gaps[next].text.len() > text.len();
        let place = gaps[gap].next.partition_point(is_longer);
        gaps[gap].next.insert(place, new);
        new
    }
}

impl Gap {
    /// Whether `text` begins with the gap.
    fn begins(&self, text: &[u8]) -> bool {
        let own = self.text.as_bytes();
        match (text.first_chunk(), self.tail) {
            (Some(head), None) => self.head.begins(*head),
            (Some(head), Some(tail)) if own.len() <= 2 * Head::LENGTH => {
                self.head.begins(*head)
                    && text.get(..own.len()).is_some_and(|same| same.ends_with(&tail))
            }
            (Some(head), Some(_)) => self.head.begins(*head) && text.starts_with(own),
            (None, _) => text.starts_with(own),
        }
    }
}

/// The first bytes of a gap, or all of a short one: they are compared without a call.
#[derive(Debug, Default)]
struct Head {
    bytes: u128,
    mask: u128,
}

impl Head {
    const LENGTH: usize = 16;

    fn of(text: &[u8]) -> Head {
        let (mut bytes, mut mask) = ([0; Self::LENGTH], [0; Self::LENGTH]);
        for (place, &byte) in text.iter().enumerate().take(Self::LENGTH) {
            (bytes[place], mask[place]) = (byte, u8::MAX);
        }
        Head { bytes: u128::from_le_bytes(bytes), mask: u128::from_le_bytes(mask) }
    }

    fn begins(&self, text: [u8; Self::LENGTH]) -> bool {
        u128::from_le_bytes(text) & self.mask == self.bytes
    }
}

/// What is to be learnt from a body.
#[derive(Default)]
struct Lesson<'a> {
    /// The keys, and whether they are those of `data`.
    keys: Vec<(&'a [u8], bool)>,
    begins_data: bool,
    stops: Vec<Stop>,
}

/// A value that has to be read, and where it lies.
struct Stop {
    begins_data: bool,
    value: Value,
    from: usize,
    to: usize,
}

impl<'a> Lesson<'a> {
    fn take(&mut self, member: &Member<'a>, in_data: bool) -> Option<()> {
        let Member { field, value, text, at } = *member;
        let name = text.windows(2).position(|pair| pair == b"\":")? + 2;
        self.keys.push((&text[..name], in_data));
        if value != Plain::Null && field != Field::Constant {
            let begins_data = std::mem::take(&mut self.begins_data);
            let (from, to) = (at + name, at + text.len());
            let value = if in_data { Value::Data { field, name } } else { Value::Envelope(field) };
            self.stops.push(Stop { begins_data, value, from, to });
        }
        Some(())
    }

    /// Of repeated members the last one counts, also if it is null and left out.
    fn repeats_a_key(&self) -> bool {
        let mut keys = self.keys.clone();
        keys.sort_unstable();
        keys.windows(2).any(|pair| pair[0] == pair[1])
    }
}

impl<'a> Visit<'a> for Lesson<'a> {
    fn envelope(&mut self, member: Member<'a>) -> Option<()> {
        self.take(&member, false)
    }

    fn begin_data(&mut self) -> Option<()> {
        self.keys.push((b"\"data\":", false));
        self.begins_data = true;
        Some(())
    }

    fn data(&mut self, member: Member<'a>) -> Option<()> {
        self.take(&member, true)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Tree;

    use super::*;
    use crate::line::lines;

    const ENDED: &str = include_str!("../fixtures/webhooks/task.ended.json");
    const AGENT: &str = include_str!("../fixtures/webhooks/agent.channel_state_change.json");

    fn compact(body: &str) -> String {
        serde_json::from_str::<Tree>(body).unwrap().to_string()
    }

    /// Reads the body as one of many, compares that with the body read on its own, and says
    /// whether its layout was known before.
    fn check(layouts: &mut Layouts, body: &str) -> bool {
        let known = layouts.follow(body, &mut Reading::default()).is_some();
        let line = lines(body.as_bytes()).next().unwrap();
        let among_others = layouts.parse(line).map_err(|error| error.to_string());
        let alone = Webhook::parse(line.text()).map_err(|error| error.to_string());
        assert_eq!(among_others, alone, "{body}");
        known
    }

    #[test]
    fn a_layout_is_known_from_the_second_body_on() {
        let mut layouts = Layouts::default();
        for body in [ENDED, AGENT].map(compact) {
            assert!(!check(&mut layouts, &body));
            assert!(check(&mut layouts, &body));
            assert!(check(&mut layouts, &body.replace("1b", "2c")));
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
    fn there_is_an_end_to_learning() {
        let mut layouts = Layouts::default();
        for number in 0..2 * MAX_GAPS {
            check(&mut layouts, &compact(ENDED).replacen("\"id\"", &format!("\"{number}\""), 1));
        }
        assert!(layouts.0.len() < MAX_GAPS + 100);
    }

    proptest! {
        #[test]
        fn damaged_bodies_are_read_as_if_alone(
            at in any::<prop::sample::Index>(),
            with in prop_oneof![any::<char>(), prop::char::range(' ', '~')],
        ) {
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
