//! Queues, agents and texts of the page: numbered in the data; queues and agents with labels.
//!
//! Invariant: an id without a name is cut as far as it stays unique, but not below [`SHORT`].

use std::collections::HashMap;

use serde::Serialize;

use crate::input::display_names::DisplayNames;

/// The minimum length of a cut id.
const SHORT: usize = 8;

/// Numbers for ids, in the order in which they first appear.
#[derive(Default)]
pub(super) struct Labels {
    ids: Vec<String>,
    numbers: HashMap<String, usize>,
}

/// An id with its label.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Label {
    id: String,
    label: String,
}

impl Labels {
    /// The number of an id; none for an empty one.
    pub(super) fn number(&mut self, id: &str) -> Option<usize> {
        if id.is_empty() {
            return None;
        }
        if let Some(&number) = self.numbers.get(id) {
            return Some(number);
        }
        let number = self.ids.len();
        self.ids.push(id.to_owned());
        self.numbers.insert(id.to_owned(), number);
        Some(number)
    }

    /// All ids, by number.
    pub(super) fn ids(&self) -> &[String] {
        &self.ids
    }

    /// The labels of all ids, by number.
    pub(super) fn finish(self, names: &DisplayNames) -> Vec<Label> {
        let mut sorted: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        sorted.sort_unstable();
        let label = |id: &String| {
            let name = names.name_of(id).map(str::to_owned);
            Label { id: id.clone(), label: name.unwrap_or_else(|| shortest(id, &sorted)) }
        };
        self.ids.iter().map(label).collect()
    }
}

/// The shortest prefix of `id` that no other one of `sorted` has.
fn shortest(id: &str, sorted: &[&str]) -> String {
    let at = sorted.partition_point(|&other| other < id);
    let before = at.checked_sub(1).and_then(|at| sorted.get(at));
    let neighbours = before.into_iter().chain(sorted.get(at + 1));
    let shared = neighbours.map(|&other| shared_chars(id, other)).max().unwrap_or(0);
    let length = SHORT.max(shared + 1);
    match id.char_indices().nth(length) {
        // Cutting only one or two characters is not worth the ambiguity.
        Some((end, _)) if id.len() > end + 2 => id[..end].to_owned(),
        Some(_) | None => id.to_owned(),
    }
}

fn shared_chars(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ids: &[&str], names: &DisplayNames) -> Vec<String> {
        let mut labels = Labels::default();
        for id in ids {
            labels.number(id);
        }
        labels.finish(names).into_iter().map(|of| of.label).collect()
    }

    #[test]
    fn ids_are_cut_as_short_as_they_stay_unique() {
        let ids =
            ["0123456789abcdef", "0123456789xbcdef", "f123456789abcdef", "sales", "123456789"];
        assert_eq!(
            labels(&ids, &DisplayNames::default()),
            ["0123456789a", "0123456789x", "f1234567", "sales", "123456789"]
        );
    }

    #[test]
    fn an_empty_id_is_none() {
        assert_eq!(Labels::default().number(""), None);
    }
}
