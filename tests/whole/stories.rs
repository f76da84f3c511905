//! The stories that `trueline trigger` tells, on a running stack.

use anyhow::{Context, Result};
use functions::store::task_table::Partition;
use local_stack::{Trueline, Webex};
use task_timeline::{CallbackOutcome, FigureOptions, Figures, Id, Limits, Outcome, Phase};
use trueline::trigger::Trigger;
use trueline::trigger::sender::Sender;
use trueline::trigger::stories::{STORIES, story};

use crate::traffic::SECRET;

/// Tells a story; the task's phase and figures after it.
async fn told(trueline: &Trueline, name: &str) -> Result<(Option<Phase>, Figures)> {
    let sender = Sender::new(&trueline.url(), Webex::secrets(SECRET)?)?;
    let (org, task) = ("made-up".to_owned(), format!("task of {name}"));
    let trigger = Trigger { sender, org, task: task.clone(), speed: 1_000.0 };
    let mut lines = 0;
    let count = trigger.run(story(name).context("no story")?, |_line| lines += 1).await?;
    assert_eq!(lines, count, "{name}: a line for each event");
    let id = |text: &str| Id::new(text).context("no id");
    let partition = Partition::task(&id("made-up")?, &id(&task)?);
    let state = trueline.services.task_table().session().state(&partition).await?;
    let as_of = functions::config::now();
    let options = FigureOptions {
        as_of,
        stale_after_ms: 86_400_000,
        short_call_ms: 0,
        limits: Limits::default(),
    };
    let figures = state.timeline.figures(&options).context("no figures")?;
    assert!(figures.ended_at.is_none_or(|end| end <= as_of), "{name} ends in the future");
    Ok((state.timeline.phase(), figures))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_story_comes_out_as_its_name_says() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let trueline = Trueline::start(folder.path(), 0, Webex::secrets(SECRET)?).await?;
    use {CallbackOutcome as Callback, Outcome as Came};
    //  story, outcome, callback, offers, of them RONA, false ends
    let expected = [
        ("answered", Came::Handled, Callback::None, 1, 0, 0),
        ("abandon", Came::Abandoned, Callback::None, 0, 0, 0),
        ("rona", Came::Handled, Callback::None, 2, 1, 1),
        ("transfer", Came::Handled, Callback::None, 2, 0, 0),
        ("callback", Came::Handled, Callback::Completed, 1, 0, 0),
        ("callback-without-signal", Came::Handled, Callback::Completed, 1, 0, 0),
        ("callback-rona", Came::Handled, Callback::Completed, 2, 1, 1),
        ("callback-not-reached", Came::CallbackFailed, Callback::Failed, 2, 0, 0),
        ("late", Came::Handled, Callback::None, 1, 0, 0),
    ];
    for (name, outcome, callback, offers, rona, false_ends) in expected {
        let (phase, figures) = told(&trueline, name).await?;
        assert_eq!(phase, None, "{name} is over");
        let came = (figures.outcome, figures.callback, figures.offers, figures.rona_count);
        assert_eq!(
            (came, figures.false_ends),
            ((outcome, callback, offers, rona), false_ends),
            "{name}"
        );
    }
    // The agent wraps up, so the talk is over; of the customer nothing more is known.
    let (phase, figures) = told(&trueline, "lost-end").await?;
    assert_eq!((phase, figures.ended_at), (Some(Phase::SelfService), None));
    assert_eq!(expected.len() + 1, STORIES.len(), "every story is told here");
    trueline.stop().await
}
