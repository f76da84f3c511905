//! What earlier bodies looked like, so that the next one need not be read key by key.
//!
//! Invariant: what is read along a known layout is what the scanner would show, but for members
//! that are null or mean nothing, which it leaves out.
//!
//! Webhooks of one type have the same keys in the same order, and some values are nearly always
//! the same. So what stands between two other values, a [`Gap`], is compared as a whole, in a tree
//! of all gaps seen so far: ten comparisons instead of twenty keys to be found, told apart and
//! looked up. It halves the time (BENCHMARKS.md).

mod literal;
mod recorder;

use crate::envelope::{Webhook, WebhookError};
use crate::fast::layout::literal::{Gap, Head, Part, Value};
use crate::fast::layout::recorder::{Lesson, Stop};
use crate::fast::line::Lines;
use crate::fast::scanner::{Scanner, scan};
use crate::field::Field;
use crate::interned::Familiar;
use crate::member::{Member, Visit};
use crate::reading::Reading;

/// So many gaps are learnt; one organization makes do with three hundred.
const MAX_GAPS: usize = 10_000;

/// So many values of a member may be parts of gaps.
const MAX_FAMILIAR: usize = 4;

/// The layouts of all bodies so far, as a tree of gaps.
#[derive(Debug)]
pub struct Layouts {
    /// The first one comes before all bodies.
    gaps: Vec<Gap>,
    /// The members that are parts of gaps, from the first time that they are seen.
    familiar: Vec<(Field, Box<[u8]>)>,
}

impl Default for Layouts {
    fn default() -> Self {
        Layouts { gaps: vec![Gap::default()], familiar: Vec::new() }
    }
}

impl Layouts {
    /// Reads the next line as a body that Webex posted, and learns what it looks like; gives it
    /// without the blanks around it. `None` after the last line.
    ///
    /// The body is an error as in [`Webhook::parse`].
    pub fn read<'a>(
        &mut self,
        lines: &mut Lines<'a>,
    ) -> Option<(&'a [u8], Result<Webhook<'a>, WebhookError>)> {
        let mut reading = Reading::default();
        if let Some(length) = self.follow(lines.utf8(), &mut reading) {
            let line = lines.take(length).trim_ascii_end();
            return Some((line, reading.finish().or_else(|_| Webhook::parse(line))));
        }
        let line = lines.next()?.trim_ascii();
        if self.gaps.len() < MAX_GAPS
            && let Ok(text) = str::from_utf8(line)
        {
            self.learn(text);
        }
        Some((line, Webhook::parse(line)))
    }

    /// Reads the line that `text` begins with. Returns how long it is, or `None` if its layout is
    /// not known, or it does not make sense.
    fn follow<'a>(&self, text: &'a str, reading: &mut Reading<'a>) -> Option<usize> {
        let mut scanner = Scanner { text, at: 0 };
        let mut gap = self.gaps.first()?;
        loop {
            let from = scanner.at;
            let rest = text.as_bytes().get(from..)?;
            let comes_next = |gap: &&Gap| gap.begins(rest);
            gap = gap.next.iter().filter_map(|&next| self.gaps.get(next)).find(comes_next)?;
            scanner.at += gap.text.len();
            for part in &gap.parts {
                match part {
                    Part::BeginData => reading.begin_data()?,
                    Part::Familiar(familiar, place) => {
                        let value = || text.get(from + place.start..from + place.end);
                        reading.repeat(familiar, value)?;
                    }
                }
            }
            match gap.value {
                Value::Envelope(field) => {
                    let (at, value) = (scanner.at, scanner.value()?);
                    reading.envelope(Member { field, at, value, text: &[] })?;
                }
                Value::Data { field, name } => {
                    let (at, value) = (scanner.at - name, scanner.value()?);
                    let text = text.as_bytes().get(at..scanner.at)?;
                    reading.data(Member { field, at, value, text })?;
                }
                Value::Nothing => {
                    while let Some(b' ' | b'\t' | b'\r') = scanner.peek() {
                        scanner.at += 1;
                    }
                    return matches!(scanner.peek(), None | Some(b'\n')).then_some(scanner.at);
                }
            }
        }
    }

    fn learn(&mut self, text: &str) {
        let mut lesson = Lesson::default();
        if scan(text, &mut lesson).is_none() || lesson.repeats_a_key() {
            return;
        }
        let (mut gap, mut from, mut parts) = (0, 0, Vec::new());
        for stop in lesson.stops {
            match stop {
                Stop::BeginData => parts.push(Part::BeginData),
                Stop::Member { member, name, in_data } => {
                    let (field, at, to) = (member.field, member.at, member.at + member.text.len());
                    if let Some(familiar) = self.familiar(&member) {
                        let place = at + name - from..to - from;
                        parts.push(Part::Familiar(familiar, place.start + 1..place.end - 1));
                        continue;
                    }
                    let value = match in_data {
                        true => Value::Data { field, name },
                        false => Value::Envelope(field),
                    };
                    let text = &text[from..at + name];
                    gap = self.after(gap, text, std::mem::take(&mut parts), value);
                    from = to;
                }
            }
        }
        self.after(gap, &text[from..], parts, Value::Nothing);
    }

    /// The member, if it is to be a part of a gap.
    fn familiar(&mut self, member: &Member<'_>) -> Option<Familiar> {
        let familiar = Familiar::of(member)?;
        let same_field = self.familiar.iter().filter(|(field, _)| *field == member.field);
        if !same_field.clone().any(|(_, text)| **text == *member.text) {
            if same_field.count() == MAX_FAMILIAR {
                return None;
            }
            self.familiar.push((member.field, member.text.into()));
        }
        Some(familiar)
    }

    /// The gap with that text that comes after `gap`.
    fn after(&mut self, gap: usize, text: &str, parts: Vec<Part>, value: Value) -> usize {
        let gaps = &mut self.gaps;
        let known = gaps[gap].next.iter().find(|&&next| *gaps[next].text == *text);
        if let Some(&known) = known {
            return known;
        }
        let new = gaps.len();
        let head = Head::of(text.as_bytes());
        let tail = text.as_bytes().last_chunk().filter(|_| text.len() > Head::LENGTH).copied();
        gaps.push(Gap { text: text.into(), head, tail, parts, value, next: Vec::new() });
        let is_longer = |&next: &usize| gaps[next].text.len() > text.len();
        let place = gaps[gap].next.partition_point(is_longer);
        gaps[gap].next.insert(place, new);
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

    /// Reads the body as one of many, compares that with the body read on its own, and says
    /// whether its layout was known before.
    fn check(layouts: &mut Layouts, body: &str) -> bool {
        let known = layouts.follow(body, &mut Reading::default()).is_some();
        let text = format!("{body}\nnext");
        let mut lines = Lines::new(text.as_bytes());
        let (line, among_others) = layouts.read(&mut lines).unwrap();
        let alone = Webhook::parse(line).map_err(|error| error.to_string());
        assert_eq!(among_others.map_err(|error| error.to_string()), alone, "{body}");
        assert_eq!(lines.next().unwrap(), b"next");
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
    fn values_that_repeat_may_be_other_ones_in_the_next_body() {
        let body = |org: usize, channel: &str, source: &str| {
            format!(
                r#"{{"type":"task:new","source":"{source}","comciscoorgid":"{org}","data":{{"channelType":"{channel}","taskId":"t","direction":"INBOUND","createdTime":1790000000123}}}}"#
            )
        };
        let mut layouts = Layouts::default();
        for round in 0..3 {
            for org in 0..2 * MAX_FAMILIAR {
                for (channel, source) in [("telephony", "s"), ("email", ""), ("", "s"), ("x", "t")]
                {
                    let known = check(&mut layouts, &body(org, channel, source));
                    assert!(known || round == 0, "{org} {channel} {source}");
                }
            }
        }
    }

    #[test]
    fn there_is_an_end_to_learning() {
        let mut layouts = Layouts::default();
        for number in 0..MAX_GAPS / 2 {
            check(&mut layouts, &compact(ENDED).replacen("\"id\"", &format!("\"{number}\""), 1));
        }
        assert!((MAX_GAPS..MAX_GAPS + 100).contains(&layouts.gaps.len()));
    }

    proptest! {
        #[test]
        fn damaged_bodies_are_read_as_if_alone(
            at in any::<prop::sample::Index>(),
            with in prop_oneof![any::<char>(), prop::char::range(' ', '~')],
        ) {
            // A line feed would make two bodies of it.
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
