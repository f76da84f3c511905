//! Whom an erasure is about, and how they are removed from a text.
//!
//! Invariant: in JSON only the strings and numbers change that contain the subject; ids and times
//! stay, since they identify a task and not a person.

use std::str::FromStr;

use anyhow::{Result, ensure};
use functions::store::bucket::digest;

/// Fields that never hold the number of a person, but digits that might look like one.
const KEPT: [&str; 11] = [
    "id",
    "type",
    "source",
    "comciscoorgid",
    "comciscotimestamp",
    "createdTime",
    "taskId",
    "queueId",
    "agentId",
    "teamId",
    "channelId",
];

/// A phone number or an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Its digits, without anything between them.
    Phone(String),
    /// In lower case.
    Address(String),
}

impl FromStr for Subject {
    type Err = anyhow::Error;

    /// The subject that people mean by a text.
    ///
    /// # Errors
    /// When it is neither a number of five digits or more nor an address.
    fn from_str(text: &str) -> Result<Subject> {
        let text = text.trim();
        if text.contains('@') {
            return Ok(Subject::Address(text.to_lowercase()));
        }
        let digits = digits(text);
        let is_number = text.chars().all(|c| c.is_ascii_digit() || is_between(c));
        ensure!(
            is_number && digits.len() >= 5,
            "neither a phone number, like +15550100101, nor an email address was given"
        );
        Ok(Subject::Phone(digits))
    }
}

impl Subject {
    /// `phone` or `address`.
    pub fn kind(&self) -> &'static str {
        match self {
            Subject::Phone(_) => "phone",
            Subject::Address(_) => "address",
        }
    }

    /// A hash by which somebody who knows the subject can see that a receipt is about it.
    pub fn hash(&self, salt: &str) -> String {
        let (Subject::Phone(text) | Subject::Address(text)) = self;
        digest([salt.as_bytes(), text.as_bytes()])
    }

    /// The JSON text without the subject; `None` if it does not contain it.
    pub fn erased(&self, text: &str, replacement: &str) -> Option<String> {
        let mut changed = String::new();
        let mut rest = text;
        let mut found = false;
        let mut key = String::new();
        while let Some(at) = rest.find(|c: char| c == '"' || c.is_ascii_digit() || c == '-') {
            let (before, token) = rest.split_at(at);
            changed.push_str(before);
            let is_string = token.starts_with('"');
            let length = if is_string { string_length(token) } else { number_length(token) };
            let (token, after) = token.split_at(length);
            rest = after;
            let is_kept = KEPT.contains(&key.as_str());
            let string: Option<String> = serde_json::from_str(token).ok();
            match string {
                Some(string) if after.trim_start().starts_with(':') => {
                    key = string;
                    changed.push_str(token);
                }
                Some(string) if !is_kept => match self.replaced(&string, replacement) {
                    Some(clean) => {
                        found = true;
                        changed.push_str(&serde_json::Value::from(clean).to_string());
                    }
                    None => changed.push_str(token),
                },
                None if !is_kept && !is_string && self.replaced(token, replacement).is_some() => {
                    found = true;
                    changed.push_str(&serde_json::Value::from(replacement).to_string());
                }
                Some(_) | None => changed.push_str(token),
            }
        }
        changed.push_str(rest);
        found.then_some(changed)
    }

    /// The plain text without the subject; `None` if it does not contain it.
    pub fn replaced(&self, text: &str, replacement: &str) -> Option<String> {
        match self {
            Subject::Phone(number) => without_number(text, number, replacement),
            Subject::Address(address) => {
                let lower = text.to_ascii_lowercase();
                let mut clean = String::new();
                let mut from = 0;
                for (at, _) in lower.match_indices(address) {
                    clean.push_str(&text[from..at]);
                    clean.push_str(replacement);
                    from = at + address.len();
                }
                clean.push_str(&text[from..]);
                (from > 0).then_some(clean)
            }
        }
    }
}

/// Replaces each run of digits, and of what people write between them, that is the number.
fn without_number(text: &str, number: &str, replacement: &str) -> Option<String> {
    let mut clean = String::new();
    let mut found = false;
    let mut rest = text;
    let in_run = |c: char| c.is_ascii_digit() || is_between(c);
    while let Some(begin) = rest.find(in_run) {
        let (before, run) = rest.split_at(begin);
        let end = run.find(|c| !in_run(c)).unwrap_or(run.len());
        let (run, after) = run.split_at(end);
        clean.push_str(before);
        if digits(run) == number {
            found = true;
            clean.push_str(replacement);
        } else {
            clean.push_str(run);
        }
        rest = after;
    }
    clean.push_str(rest);
    found.then_some(clean)
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn is_between(c: char) -> bool {
    matches!(c, '+' | ' ' | '-' | '(' | ')' | '.' | '/')
}

/// How long the string is that `text` begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn number_length(text: &str) -> usize {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(subject: &str, text: &str) -> Option<String> {
        subject.parse::<Subject>().unwrap().erased(text, "erased")
    }

    #[test]
    fn a_number_goes_however_it_is_written_and_all_else_stays() {
        let body = r#"{"id":"15550100101", "data": {"origin":"+1 (555) 010-0101",
            "destination":"sip:+15550100101@example.com","other":15550100101,"createdTime":15550100101}}"#;
        let clean = r#"{"id":"15550100101", "data": {"origin":"erased",
            "destination":"sip:erased@example.com","other":"erased","createdTime":15550100101}}"#;
        assert_eq!(erased("+15550100101", body).as_deref(), Some(clean));
        assert_eq!(erased("+15550100101", clean), None);
    }

    #[test]
    fn longer_and_shorter_numbers_are_other_numbers() {
        for other in ["+155501001012", "+1555010010", "0015550100101"] {
            assert_eq!(
                erased("+15550100101", &format!(r#"{{"origin":"{other}"}}"#)),
                None,
                "{other}"
            );
        }
    }

    #[test]
    fn an_address_goes_in_any_case_and_spelling_of_json() {
        let clean = erased("Ann@Example.com", r#"{"origin":"mailto:ANN\u0040example.com"}"#);
        assert_eq!(clean.as_deref(), Some(r#"{"origin":"mailto:erased"}"#));
    }

    #[test]
    fn what_is_neither_is_refused_without_being_shown() {
        let error = "Ann".parse::<Subject>().unwrap_err().to_string();
        assert!(!error.contains("Ann"), "{error}");
        assert!("1234".parse::<Subject>().is_err());
    }

    #[test]
    fn broken_json_is_searched_as_far_as_it_goes() {
        let clean = erased("+15550100101", r#"{"origin":"+15550100101","x":"#);
        assert_eq!(clean.as_deref(), Some(r#"{"origin":"erased","x":"#));
    }
}
