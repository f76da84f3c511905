//! Delivers an archive of webhooks again, in the order in which things happened.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use event_archive::Archive;
use local_stack::{Webex, accepted};
use rebuild_timelines::input::file_reader::{Block, FileReader};
use rebuild_timelines::input::listing;
use rebuild_timelines::{Location, S3};
use task_timeline::EpochMs;
use tokio::time::sleep;
use webhook::{BodyTexts, MAX_BODY_BYTES, Webhook};

use crate::say::say;

/// The longest that a pause in history lasts here.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Delivers all webhooks below `folder`, `speed` times as fast as they happened.
pub(crate) async fn deliver(webex: &Webex, folder: &Path, speed: f64) -> Result<()> {
    let (mut bodies, unreadable) = bodies(folder)?;
    ensure!(!bodies.is_empty(), "there are no webhooks in {}", folder.display());
    bodies.sort();
    say!("delivering {} webhooks of {}", bodies.len(), folder.display());
    if unreadable > 0 {
        say!("{unreadable} lines cannot be read and are left out");
    }
    let mut now = bodies[0].0;
    for (at, body) in &bodies {
        pause(*at - now, speed).await;
        now = *at;
        accepted(webex.deliver(body).await?).await?;
    }
    Ok(())
}

/// Waits as long as `ms` of history take at this speed.
pub(crate) async fn pause(ms: i64, speed: f64) {
    let pause = Duration::from_millis(ms.unsigned_abs()).div_f64(speed.max(0.001));
    sleep(pause.min(LONGEST_PAUSE)).await;
}

/// Every body below `folder` with the time of its event, and how many could not be read.
fn bodies(folder: &Path) -> Result<(Vec<(EpochMs, String)>, usize)> {
    let mut bodies = Vec::new();
    let mut unreadable = 0;
    let mut take = |body: &[u8]| match (Webhook::parse(body), std::str::from_utf8(body)) {
        (Ok(webhook), Ok(text)) if text.len() <= MAX_BODY_BYTES => {
            bodies.push((webhook.event.at, text.to_owned()));
        }
        _ => unreadable += 1,
    };
    let location = Location::Folder(folder.to_owned());
    for file in listing::list(&location, &S3::from_environment())? {
        let mut reader = FileReader::new(file);
        let mut text = Vec::new();
        while let Some(block) = reader.next_block(&mut text) {
            match block {
                Block::Bodies { first_line } => {
                    let texts = BodyTexts::new(&text, first_line).map(<[u8]>::trim_ascii);
                    texts.filter(|text| !text.is_empty()).for_each(&mut take);
                }
                Block::Rows { columns, rows } => {
                    for record in rows.iter().filter_map(|row| row.record.as_ref().ok()) {
                        let body = columns.webhook(record).map(|body| body.canonical().to_string());
                        take(body.unwrap_or_default().as_bytes());
                    }
                }
                Block::Events { .. } => {
                    let path = match folder.is_dir() {
                        true => folder.join(reader.name()),
                        false => folder.to_owned(),
                    };
                    let archive = std::fs::read(&path).context("the archive went away")?;
                    let archive = Archive::open(archive)?;
                    for group in 0..archive.groups() {
                        archive.bodies(group)?.iter().for_each(|row| take(row.body));
                    }
                    break;
                }
            }
        }
    }
    Ok((bodies, unreadable))
}
