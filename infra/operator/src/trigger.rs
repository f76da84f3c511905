//! Sends a made-up call as signed webhooks to a running stack, so that one can watch it answer.
//!
//! Invariant: no event is dated in the future, whatever the speed.

pub mod sender;
pub mod stories;

use std::time::Duration;

use anyhow::Result;
use functions::config::now;
use task_timeline::EpochMs;
use tokio::time::sleep;

use self::sender::Sender;
use self::stories::{Scene, Story, What};

/// A story to be told.
#[derive(Debug)]
pub struct Trigger {
    /// Where to.
    pub sender: Sender,
    /// The organization that is called.
    pub org: String,
    /// The id of the call, not used before.
    pub task: String,
    /// How many times faster than real time; 1 or more.
    pub speed: f64,
}

impl Trigger {
    /// Sends all of `story`, and calls `tell` with a line for each event. Returns how many there were.
    ///
    /// # Errors
    /// When the stack does not take an event.
    pub async fn run(&self, story: &Story, mut tell: impl FnMut(&str)) -> Result<usize> {
        let (mut scenes, mut told) = ((story.scenes)(), 0);
        scenes.sort_by_key(|scene| scene.sent_s);
        let start = self.start(&scenes, now());
        for scene in &scenes {
            sleep(self.pause(scene.sent_s - told)).await;
            told = scene.sent_s;
            let at = start + i64::from(scene.at_s) * 1_000;
            self.send(scene, at).await?;
            tell(&format!("{:>5} s  {}", scene.at_s, scene.what.words()));
        }
        Ok(scenes.len())
    }

    /// When the story begins, if its telling begins at `now`: so that the last event is now then.
    fn start(&self, scenes: &[Scene], now: EpochMs) -> EpochMs {
        let ends_s = scenes.last().map_or(0, |scene| scene.sent_s);
        let whole = Duration::from_secs(ends_s.into());
        now + -i64::try_from((whole - self.pause(ends_s)).as_millis()).unwrap_or(0)
    }

    /// How long a stretch of the story takes to be told.
    fn pause(&self, seconds: u32) -> Duration {
        Duration::from_secs(seconds.into()).div_f64(self.speed.max(1.0))
    }

    async fn send(&self, scene: &Scene, at: EpochMs) -> Result<()> {
        match &scene.what {
            What::Signal => self.sender.signal(&self.org, &self.task, at).await,
            What::DialFailed { is_final } => {
                self.sender.dial_failed(&self.org, &self.task, at, *is_final).await
            }
            What::Event(kind, more) => {
                self.sender.deliver(&self.org, &self.task, kind, at, more).await
            }
        }
    }
}
