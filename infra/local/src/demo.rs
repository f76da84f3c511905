//! The real sample, delivered shuffled and repeated as webhooks are, and what Trueline shows.

use anyhow::Result;
use local_stack::{Trueline, Webex};

mod background;
mod names;
mod rebuild;
mod story;

pub(crate) use self::rebuild::rebuild;
use crate::say::say;

/// Delivers the sample and the background, and prints the story of the sample.
pub(crate) async fn deliver(trueline: &Trueline, webex: &Webex, speed: f64) -> Result<()> {
    names::put(trueline).await?;
    let background = background::deliver(webex.clone());
    let (background, story) = tokio::join!(background, story::deliver(trueline, webex, speed));
    story?;
    say!("\n{} generated webhooks were delivered meanwhile\n", background?);
    Ok(())
}
