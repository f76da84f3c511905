//! Puts the parts of the page together into one file.
//!
//! Invariant: the page loads nothing from the network and runs only its own scripts: its policy lists
//! them by hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");

/// Observable Plot and what it depends on; see `vendor/README.md`.
const LIBRARIES: [&str; 2] =
    [include_str!("page/vendor/d3.min.js"), include_str!("page/vendor/plot.umd.min.js")];

/// The page's own script, in reading order; all share one scope.
const SCRIPTS: &[&str] = &[
    include_str!("page/format.js"),
    include_str!("page/data.js"),
    include_str!("page/channels.js"),
    include_str!("page/metrics.js"),
    include_str!("page/story.js"),
    include_str!("page/table.js"),
    include_str!("page/export.js"),
    include_str!("page/charts.js"),
    include_str!("page/axis.js"),
    include_str!("page/queues.js"),
    include_str!("page/waits.js"),
    include_str!("page/agents.js"),
    include_str!("page/timeline.js"),
    include_str!("page/task.js"),
    include_str!("page/tasks.js"),
    include_str!("page/ledger.js"),
    include_str!("page/quality.js"),
    include_str!("page/main.js"),
];

/// The page with its data.
pub(super) fn assemble(data: &str, timelines: &str) -> String {
    let own = format!("\"use strict\";\n{}", SCRIPTS.concat());
    let scripts: Vec<&str> = LIBRARIES.into_iter().chain([own.as_str()]).collect();
    let hashes: Vec<String> = scripts.iter().map(|script| source_hash(script)).collect();
    let policy = format!(
        "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        hashes.join(" ")
    );
    let scripts: String =
        scripts.iter().map(|script| format!("<script>{script}</script>\n")).collect();
    let parts = [
        ("policy", policy.as_str()),
        ("style", STYLE),
        ("data", data),
        ("timelines", timelines),
        ("scripts", &scripts),
    ];
    fill(&parts)
}

/// The size of a page without data.
pub(super) fn own_bytes() -> usize {
    assemble("", "").len()
}

/// The template with its placeholders filled, each once and in order.
fn fill(parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    let mut rest = TEMPLATE;
    for (name, text) in parts {
        let place = format!("{{{{{name}}}}}");
        let (before, after) = rest.split_once(&place).unwrap_or((rest, ""));
        page.push_str(before);
        page.push_str(text);
        rest = after;
    }
    page.push_str(rest);
    page
}

/// The source expression of a script in a Content-Security-Policy.
fn source_hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_place() {
        let page = assemble("DATA-HERE", "TIMELINES-HERE");
        assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
        assert!(page.contains("DATA-HERE") && page.contains("TIMELINES-HERE"));
        assert!(!page.contains("{{"), "a placeholder is left");
    }

    #[test]
    fn no_script_ends_early() {
        for script in LIBRARIES.iter().chain(SCRIPTS) {
            assert!(!script.contains("</script"));
        }
    }
}
