//! `docs/semantics.md` against the code: each rule stands at an arm and at a case.

use std::collections::BTreeSet;
use std::path::Path;

/// Where rules are carried out.
const CODE: [&str; 4] = ["shared/timeline/src", "shared/webhook/src", "batch/src", "functions/src"];
/// Where they are proven; unit tests in the code count as well.
const CASES: [&str; 4] =
    ["shared/timeline/tests", "shared/webhook/tests", "batch/tests", "tests/whole"];

/// The comments of all Rust files below the folders: outside of unit tests, and in tests.
fn comments(folders: &[&str]) -> (String, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (mut code, mut tests) = (String::new(), String::new());
    let mut left: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let (before, after) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
            for (from, to) in [(before, &mut code), (after, &mut tests)] {
                for comment in from.lines().filter_map(|line| Some(line.split_once("//")?.1)) {
                    *to += comment;
                    to.push('\n');
                }
            }
        }
    }
    (code, tests)
}

/// The ids in a text, single ones and ranges like `T13 to T17`.
fn ids(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text
        .split(|at: char| !at.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let id = |word: &str| {
        let number = word.strip_prefix(|letter: char| "IPTOACRNLVG".contains(letter))?;
        Some((word.chars().next()?, number.parse::<u32>().ok()?))
    };
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let Some((letter, number)) = id(word) else { continue };
        let end = words.get(at + 1).filter(|to| **to == "to").and_then(|_| id(words.get(at + 2)?));
        let last = end.filter(|(of, _)| *of == letter).map_or(number, |(_, last)| last);
        found.extend((number..=last).map(|number| format!("{letter}{number}")));
    }
    found
}

fn rules() -> Vec<String> {
    let text = include_str!("../../../../docs/semantics.md");
    let rule = |line: &str| {
        let id = line.trim_start_matches("- ").strip_prefix("**")?.split("**").next()?;
        let (letter, number) = id.split_at_checked(1)?;
        let is_id = letter.chars().all(char::is_uppercase) && number.parse::<u32>().is_ok();
        is_id.then(|| id.to_owned())
    };
    text.lines().filter_map(rule).collect()
}

#[test]
fn every_rule_has_an_id_of_its_own() {
    let rules = rules();
    assert!(rules.len() > 70, "{}", rules.len());
    assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len());
}

#[test]
fn every_rule_stands_at_an_arm_and_at_a_case() {
    let (code, unit_tests) = comments(&CODE);
    let (cases, more_cases) = comments(&CASES);
    let (arms, cases) = (ids(&code), ids(&(unit_tests + &cases + &more_cases)));
    let missing = |found: &BTreeSet<String>| -> Vec<String> {
        rules().into_iter().filter(|rule| !found.contains(rule)).collect()
    };
    assert_eq!(missing(&arms), [""; 0], "rules without a place in the code");
    assert_eq!(missing(&cases), [""; 0], "rules without a case");
    let known: BTreeSet<String> = rules().into_iter().collect();
    let unknown: Vec<_> = arms.union(&cases).filter(|id| !known.contains(*id)).collect();
    assert_eq!(unknown, [""; 0], "ids that stand for no rule");
}
