//! What objects hold, without the subject.
//!
//! Invariant: events keep their number, their order and their identities, which stand beside the
//! bodies.

use anyhow::{Context, Result, ensure};
use event_archive::{Archive, ArchivedEvent};
use functions::store::bucket::ObjectContent;

use super::subject::Subject;

/// An archive without the subject, and how many deliveries contained it; `None` if none did.
pub(super) fn archive(
    content: &ObjectContent,
    subject: &Subject,
    replacement: &str,
) -> Result<Option<(Vec<u8>, usize)>> {
    let archive = Archive::open(content.bytes.clone()).context("it is no archive")?;
    let mut found = 0;
    let mut groups = Vec::new();
    for group in 0..archive.groups() {
        groups.push((archive.events(group)?, archive.bodies(group)?));
    }
    let mut bodies = Vec::new();
    for (_, group) in &groups {
        for delivery in group.iter() {
            let body = std::str::from_utf8(delivery.body).context("a body is not UTF-8")?;
            let clean = subject.erased(body, replacement);
            found += usize::from(clean.is_some());
            bodies.push(clean.unwrap_or_else(|| body.to_owned()));
        }
    }
    if found == 0 {
        return Ok(None);
    }
    let rows = groups.iter().flat_map(|(events, bodies)| events.iter().zip(bodies.iter()));
    let mut events = Vec::new();
    for ((event, delivery), body) in rows.zip(&bodies) {
        let event = event.map_err(|row| row.error).context("a row cannot be read")?;
        let arrived_at = event.arrived_at.context("a row does not say when it arrived")?;
        let (webhook, headers) = (event.webhook, delivery.headers);
        events.push(ArchivedEvent { webhook, arrived_at, headers, body });
    }
    ensure!(events.len() == bodies.len(), "rows and bodies differ in number");
    Ok(Some((event_archive::write(&events)?, found)))
}

/// Bodies, one per line, without the subject.
pub(super) fn lines(
    content: &ObjectContent,
    subject: &Subject,
    replacement: &str,
) -> Option<(Vec<u8>, usize)> {
    let text = String::from_utf8_lossy(&content.bytes);
    let mut found = 0;
    let lines = text.split_inclusive('\n').map(|line| {
        // What is not JSON may contain it outside of quotes.
        let clean = subject.erased(line, replacement);
        let clean = clean.or_else(|| {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok();
            if is_json { None } else { subject.replaced(line, replacement) }
        });
        found += usize::from(clean.is_some());
        clean.unwrap_or_else(|| line.to_owned())
    });
    let clean: String = lines.collect();
    (found > 0).then(|| (clean.into_bytes(), found))
}
